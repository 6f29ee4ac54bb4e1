"""Files of every kind become the same samples; what is none, or too much, is refused."""

import contextlib
import struct
from collections.abc import Callable

import numpy as np
import pytest

from musicrec.domain.errors import BadInputError
from musicrec.listening.decoding import RATE, decode
from musicrec.listening.files import MOST_BYTES, require_audio
from musicrec.listening.heard import Tags
from tests.musicrec.listening.listening_server import ListeningServer
from tests.sounds import bursts, file_of, noise, sine, times

KINDS = {
    "wav": ("wav", "pcm_s16le"),
    "flac": ("flac", "flac"),
    "aiff": ("aiff", "pcm_s16be"),
    "mp3": ("mp3", "libmp3lame"),
    "m4a": ("ipod", "aac"),
    "aac": ("adts", "aac"),
    "opus": ("ogg", "libopus"),
    "ogg": ("ogg", "libvorbis"),
    "webm": ("webm", "libopus"),
}
TAGGED = ("wav", "flac", "mp3", "m4a", "opus", "ogg", "webm")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_decoded_to_the_same_tone(kind: str):
    tone = sine(4.0, dbfs=-20, hz=440)
    excerpt = decode(file_of([tone, tone], *KINDS[kind], rate=48_000), excerpt_s=90)
    # The tone was made for 44.1 kHz and is played at 48.
    assert excerpt.duration_s == pytest.approx(4.0 * 44_100 / 48_000, abs=0.1)
    assert excerpt.samples.dtype == np.float32
    assert excerpt.samples.shape == (2, pytest.approx(excerpt.duration_s * RATE, abs=0.1 * RATE))
    # LAME turns everything down by 5 %.
    middle = excerpt.samples[:, RATE : 2 * RATE]
    assert np.sqrt(2 * np.mean(middle**2)) == pytest.approx(0.1, rel=0.06)
    assert np.abs(np.fft.rfft(middle[0])).argmax() == pytest.approx(440 * 48 / 44.1, abs=2)


@pytest.mark.parametrize("rate", [8_000, 44_100, 96_000])
@pytest.mark.parametrize("n_channels", [1, 2, 6])
def test_rates_and_channels_are_brought_to_one_form(rate: int, n_channels: int):
    tone = sine(2.0, dbfs=-20, hz=440, rate=rate)
    excerpt = decode(file_of([tone] * n_channels, rate=rate), excerpt_s=90)
    assert excerpt.samples.shape == (min(2, n_channels), pytest.approx(2 * RATE, abs=300))
    assert excerpt.duration_s == pytest.approx(2.0)
    spectrum = np.abs(np.fft.rfft(excerpt.samples[0, : 2 * RATE]))
    assert spectrum.argmax() / 2 == pytest.approx(440, abs=1)


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_middle_of_a_long_file_is_decoded(kind: str):
    """Ten seconds at 300 Hz, ten at 600, ten at 900."""
    parts = [sine(10.0, dbfs=-20, hz=hz, rate=48_000) for hz in (300, 600, 900)]
    data = file_of(np.concatenate(parts), *KINDS[kind], rate=48_000)
    excerpt = decode(data, excerpt_s=8)
    assert excerpt.duration_s == pytest.approx(30, abs=0.1)
    assert excerpt.samples.shape == (1, 8 * RATE)
    spectrum = np.abs(np.fft.rfft(excerpt.samples[0]))
    assert spectrum.argmax() / 8 == pytest.approx(600, abs=1)
    others = [round(8 * hz) for hz in (300, 900)]
    assert spectrum[others].max() < 0.02 * spectrum.max()


@pytest.mark.parametrize("kind", TAGGED)
def test_tags_are_read_as_each_kind_writes_them(kind: str):
    written = {
        "title": "Lamplighter",
        "artist": "The Paper Lanterns; Ash & Ember",
        "album": "First Light",
        "date": "2001-05-01",
        "TSRC" if kind == "mp3" else "ISRC": "QZAAA0000001",
    }
    tags = decode(file_of(sine(1, dbfs=-20), *KINDS[kind], tags=written), excerpt_s=90).tags
    assert tags.title == "Lamplighter"
    assert tags.artists == ("The Paper Lanterns", "Ash & Ember")
    assert tags.album == "First Light"
    assert tags.date.startswith("2001")
    # M4A has no place for it that everybody agrees on.
    assert tags.isrc == ("" if kind == "m4a" else "QZAAA0000001")


def test_a_file_without_tags_has_none():
    assert decode(file_of(sine(1, dbfs=-20)), excerpt_s=90).tags == Tags()


def test_loud_samples_beyond_full_scale_and_no_numbers_do_no_harm():
    loud = np.full(RATE, 1e30)
    loud[::7] = np.nan
    excerpt = decode(file_of(loud, "wav", "pcm_f32le"), excerpt_s=90)
    assert np.isfinite(excerpt.samples).all()


def _damaged(data: bytes) -> bytes:
    broken = bytearray(data)
    for at in range(2_000, len(broken), 997):
        broken[at] ^= 0xFF
    return bytes(broken)


@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg", "m4a"])
def test_a_file_with_damaged_places_is_decoded_around_them_or_refused(kind: str):
    data = _damaged(file_of(noise(10.0), *KINDS[kind]))
    try:
        excerpt = decode(data, excerpt_s=90)
    except BadInputError:
        return
    assert np.isfinite(excerpt.samples).all()


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_file_is_decoded_or_refused(kind: str):
    data = file_of(noise(4.0), *KINDS[kind])
    with contextlib.suppress(BadInputError):
        assert decode(data[: len(data) // 2], excerpt_s=90).duration_s <= 5


def _header_of(rate: int, channels: int) -> bytes:
    """The header of a WAV file, and a second of nothing."""
    fmt = struct.pack("<HHIIHH", 1, channels, rate, min(2**32 - 1, rate * channels * 2), 2, 16)
    data = bytes(100_000)
    riff = b"WAVEfmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", len(data))
    return b"RIFF" + struct.pack("<I", len(riff) + len(data)) + riff + data


def _day_of_silence() -> bytes:
    """A small file without loss that plays for three quarters of an hour."""
    return file_of(np.zeros(45 * 60 * 8_000), "flac", "flac", rate=8_000)


REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: b"I am not a song. " * 100,
    "random bytes": lambda: np.random.default_rng(1).bytes(100_000),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(1_000),
    "a header alone": lambda: _header_of(44_100, 2)[:44],
    "a thousand channels": lambda: _header_of(44_100, 1_000),
    "a rate beyond any": lambda: _header_of(4_000_000_000, 1),
    "no rate": lambda: _header_of(0, 2),
    "a day": _day_of_silence,
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_song_is_refused_in_one_sentence(what: str):
    with pytest.raises(BadInputError) as refused:
        decode(REFUSED[what](), excerpt_s=90)
    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 200


def test_a_small_file_that_decodes_to_hours_is_refused_before_it_is_decoded():
    data = _day_of_silence()
    assert len(data) < 2**20
    with pytest.raises(BadInputError, match="30 minutes"):
        decode(data, excerpt_s=90)


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{url}/1.ts\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{url}/1.wav'\n",
        (
            '<MPD><Period><AdaptationSet mimeType="audio/mp4"><BaseURL>{url}/1.m4a</BaseURL>'
            "</AdaptationSet></Period></MPD>"
        ),
    ],
    ids=["hls", "concat", "dash"],
)
def test_a_file_never_makes_us_fetch_anything(playlist: str):
    with ListeningServer() as server:
        with pytest.raises(BadInputError):
            decode(playlist.format(url=server.url).encode(), excerpt_s=90)
        assert server.requests == []


@pytest.mark.parametrize(
    ("name", "content_type", "n_bytes"),
    [
        ("song.mp3", "audio/mpeg", 1_000),
        ("song.M4A", None, MOST_BYTES),
        ("a.b.ogg", "application/ogg", 1),
        ("clip.mp4", "video/mp4; x=y", 1),
    ],
)
def test_files_that_look_like_music_pass(name: str, content_type: str | None, n_bytes: int):
    require_audio(name, content_type, n_bytes)


@pytest.mark.parametrize(
    ("name", "content_type", "n_bytes"),
    [
        ("song.mp3", "audio/mpeg", MOST_BYTES + 1),
        ("song.txt", "audio/mpeg", 1),
        ("song", "audio/mpeg", 1),
        ("song.m3u8", "application/vnd.apple.mpegurl", 1),
        ("song.mp3", "image/png", 1),
        ("song.mp3", "text/plain; charset=utf-8", 1),
    ],
)
def test_files_that_do_not_are_refused(name: str, content_type: str | None, n_bytes: int):
    with pytest.raises(BadInputError, match=r"give a"):
        require_audio(name, content_type, n_bytes)


def test_the_sounds_of_these_tests_are_what_they_say():
    assert np.abs(sine(1, dbfs=-20)).max() == pytest.approx(0.1, rel=1e-3)
    assert len(times(2.0)) == len(bursts(2.0, per_minute=60, length_s=0.1)) == 2 * RATE
