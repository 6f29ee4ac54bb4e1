"""Sounds of known tempo, key and loudness are heard as what they are; tolerances are stated."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from musicrec.domain.errors import BadInputError
from musicrec.domain.features import FEATURE_RANGES
from musicrec.listening import ESTIMATED
from musicrec.listening.analysis import features_of, loudness_of
from musicrec.listening.decoding import RATE, Excerpt
from musicrec.listening.heard import Tags
from musicrec.listening.job import listen
from tests.sounds import (
    Samples,
    bursts,
    cadence,
    clicks,
    file_of,
    m4a_of,
    noise,
    note,
    scale,
    sine,
    song,
)

ROOT = Path(__file__).parents[3]


def heard(*channels: Samples) -> dict[str, float]:
    samples = np.stack(channels).astype(np.float32)
    return features_of(Excerpt(samples, samples.shape[1] / RATE, Tags()))


@pytest.mark.parametrize("bpm", [70, 83, 100, 117, 128, 140, 156, 174])
def test_the_tempo_of_clicks_is_heard_within_one_percent(bpm: int):
    assert heard(clicks(20, bpm))["tempo_bpm"] == pytest.approx(bpm, rel=0.01)


@pytest.mark.parametrize(("bpm", "felt"), [(48, 96), (60, 120), (200, 100), (240, 120)])
def test_very_slow_and_very_fast_clicks_are_heard_an_octave_nearer(bpm: int, felt: int):
    assert heard(clicks(20, bpm))["tempo_bpm"] == pytest.approx(felt, rel=0.01)


def test_the_tempo_of_chords_without_drums_is_heard():
    assert heard(cadence(0, is_major=True))["tempo_bpm"] == pytest.approx(120, rel=0.01)


@pytest.mark.parametrize("is_major", [True, False])
@pytest.mark.parametrize("tonic", range(12))
def test_the_key_of_a_cadence_is_heard(tonic: int, is_major: bool):
    found = heard(cadence(tonic, is_major=is_major))
    assert (found["key"], found["mode"]) == (tonic, is_major)


@pytest.mark.parametrize("is_major", [True, False])
@pytest.mark.parametrize("tonic", [0, 3, 7, 9])
def test_the_key_of_a_scale_is_heard(tonic: int, is_major: bool):
    found = heard(scale(tonic, is_major=is_major))
    assert (found["key"], found["mode"]) == (tonic, is_major)


def test_the_key_is_heard_through_drums_and_out_of_tune():
    drums = 0.5 * clicks(12, 120)
    sharp = [note(4 + step + 0.3, 0.5) for step in (0, 4, 7, 12, 5, 9, 12, 7, 11, 14, 4, 0)]
    melody = np.tile(np.concatenate(sharp), 2)[: len(drums)]
    assert heard(song())["key"] == 2
    assert heard(melody + drums)["key"] == 4


@pytest.mark.parametrize("lufs", [-36, -23, -14, -6])
def test_the_loudness_of_a_tone_on_both_sides_is_heard_within_a_tenth_of_a_decibel(lufs: int):
    """EBU Tech 3341, test 1: such a tone at -23 dBFS has -23 LUFS."""
    tone = sine(5, dbfs=lufs)
    assert heard(tone, tone)["loudness_db"] == pytest.approx(lufs, abs=0.1)


def test_one_channel_is_as_loud_as_two_equal_ones_and_one_side_alone_is_not():
    tone = sine(5, dbfs=-20)
    assert heard(tone)["loudness_db"] == pytest.approx(heard(tone, tone)["loudness_db"], abs=1e-6)
    one_side = heard(tone, np.zeros_like(tone))["loudness_db"]
    assert one_side == pytest.approx(-23.0, abs=0.1)


def test_pauses_do_not_make_a_song_quieter():
    tone = sine(10, dbfs=-20)
    tone[5 * RATE :] = 0
    assert heard(tone, tone)["loudness_db"] == pytest.approx(-20, abs=0.5)


def test_silence_has_a_length_and_nothing_else():
    assert heard(np.zeros(10 * RATE)) == {"duration_ms": 10_000}


def test_a_fifth_of_a_second_has_a_length_and_nothing_else():
    assert heard(sine(0.2, dbfs=-20)) == {"duration_ms": pytest.approx(200)}


def test_a_second_has_a_loudness_but_no_tempo_or_key():
    assert heard(sine(1, dbfs=-20)).keys() == {"duration_ms", "loudness_db"}


@pytest.mark.parametrize(
    "steady",
    [
        noise(20),
        sine(20, dbfs=-20),
        sum((sine(20, dbfs=-26, hz=hz) for hz in (220, 277.18, 329.63)), np.zeros(20 * RATE)),
    ],
    ids=["noise", "tone", "drone"],
)
def test_what_has_no_pulse_has_no_tempo_and_no_danceability(steady: Samples):
    found = heard(steady)
    assert "loudness_db" in found
    assert not {"tempo_bpm", "danceability"} & found.keys()


@pytest.mark.parametrize(
    "toneless",
    [noise(20), sine(20, dbfs=-20), clicks(20, 120), bursts(20, per_minute=60, length_s=0.4)],
    ids=["noise", "tone", "clicks", "bursts"],
)
def test_what_has_no_key_has_neither_key_nor_mode(toneless: Samples):
    assert not {"key", "mode"} & heard(toneless).keys()


def test_what_cannot_be_computed_stays_missing():
    missing = {"valence", "instrumentalness", "speechiness", "liveness", "time_signature"}
    found = heard(song())
    assert not missing & found.keys()
    assert found.keys() > ESTIMATED


def test_estimates_go_the_right_way():
    calm = heard(0.3 * cadence(0, is_major=True, chord_s=1.5))
    wild = heard(np.clip(4 * song() + noise(12, 0.3), -1, 1))
    assert calm["energy"] < 0.2
    assert wild["energy"] > 0.7
    assert calm["acousticness"] > 0.5
    assert wild["acousticness"] < 0.1
    steady, slow = heard(clicks(20, 120)), heard(0.3 * cadence(0, is_major=True, chord_s=1.5))
    assert steady["danceability"] > 0.9
    assert steady["danceability"] > slow.get("danceability", 0.0)


@pytest.mark.parametrize("loud", [1e-4, 0.01, 1.0, 8.0])
def test_whatever_is_found_is_possible(loud: float):
    for sound in (song(), noise(12), clicks(12, 90)):
        for name, value in heard(loud * sound).items():
            low, high = FEATURE_RANGES[name]
            assert low <= value <= high, name


@pytest.mark.parametrize(
    "data",
    [
        lambda: m4a_of(song()),
        lambda: file_of(song(), "mp3", "libmp3lame"),
        lambda: file_of([song(), song()], "ogg", "libvorbis"),
        lambda: file_of(song(), "flac", "flac"),
    ],
    ids=["m4a", "mp3", "ogg", "flac"],
)
def test_a_song_is_heard_alike_in_every_kind_of_file(data: Callable[[], bytes]):
    found = listen(data()).features
    assert found["tempo_bpm"] == pytest.approx(120, rel=0.01)
    assert (found["key"], found["mode"]) == (2, 0)
    assert found["duration_ms"] == pytest.approx(12_000, abs=60)
    assert found["loudness_db"] == pytest.approx(heard(song())["loudness_db"], abs=0.6)


@pytest.mark.parametrize("rate", [8_000, 96_000])
def test_a_song_of_few_or_many_samples_a_second_is_heard_alike(rate: int):
    at = np.arange(12 * rate) / rate
    sound = np.interp(at, np.arange(12 * RATE) / RATE, song())
    found = listen(file_of(sound, rate=rate)).features
    assert found["tempo_bpm"] == pytest.approx(120, rel=0.01)
    assert (found["key"], found["mode"]) == (2, 0)


def test_loudness_of_too_little_is_unknown():
    assert loudness_of(np.ones((1, 100), dtype=np.float32)) is None


def test_garbage_is_refused_by_the_job_too():
    with pytest.raises(BadInputError):
        listen(b"garbage")


def test_the_package_itself_loads_none_of_the_large_libraries():
    program = (
        "import sys, musicrec.listening, musicrec.listening.job, musicrec.services\n"
        "print({'av', 'librosa', 'numba', 'pyloudnorm', 'soundfile'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
