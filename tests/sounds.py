"""Sounds whose properties are known, made by arithmetic, and files of them."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

COMPILED = Path(__file__).parents[1] / "build" / "numba"
"""Where what numba compiles stays from one run of the tests to the next."""

RATE = 44_100
_FRAME = 1_024


def times(seconds: float, rate: int = RATE) -> Samples:
    return np.arange(round(seconds * rate)) / rate


def sine(seconds: float, *, dbfs: float, hz: float = 997.0, rate: int = RATE) -> Samples:
    """A tone whose peaks are at a level below full scale."""
    return 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * times(seconds, rate))


def noise(seconds: float, level: float = 0.1, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).normal(0, level, round(seconds * RATE))


def bursts(seconds: float, *, per_minute: float, length_s: float) -> Samples:
    """Noise that comes and goes; with a short length, the clicks of a metronome."""
    sound = np.zeros(round(seconds * RATE))
    each = noise(length_s, 0.3) * np.exp(-times(length_s) / (length_s / 3))
    for number in range(int(seconds * per_minute / 60)):
        at = round(number * 60 / per_minute * RATE)
        part = sound[at : at + len(each)]
        part += each[: len(part)]
    return sound


def clicks(seconds: float, bpm: float) -> Samples:
    return bursts(seconds, per_minute=bpm, length_s=0.02)


def note(semitones: float, seconds: float, level: float = 0.1) -> Samples:
    """A plucked note with five partials; 0 is middle C."""
    hz = 440 * 2 ** ((semitones - 9) / 12)
    at = times(seconds)
    partials = sum(np.sin(2 * np.pi * hz * each * at) / each for each in range(1, 6))
    edges = np.minimum(1, np.minimum(at, at[::-1]) / 0.02)
    return level * partials * edges * np.exp(-at)


def cadence(tonic: int, *, is_major: bool, times_played: int = 4, chord_s: float = 0.5) -> Samples:
    """Tonic, subdominant, dominant, tonic; the pitch class C is 0."""
    third = 4 if is_major else 3
    chords = ((0, third, 7), (5, 5 + third, 12), (7, 11, 14), (0, third, 7))
    played = [
        sum((note(tonic - 12 + step, chord_s) for step in chord), np.zeros(round(chord_s * RATE)))
        for chord in chords
    ]
    return np.concatenate(played * times_played)


def scale(tonic: int, *, is_major: bool) -> Samples:
    """Up and down, and home by the tonic's triad."""
    third, steps = (4, (0, 2, 4, 5, 7, 9, 11, 12)) if is_major else (3, (0, 2, 3, 5, 7, 8, 11, 12))
    line = [*steps, *steps[::-1], 0, third, 7, 0]
    return np.concatenate([note(tonic + step, 0.4) for step in line])


def song(seconds: float = 12.0) -> Samples:
    """A cadence in D minor at 120 beats a minute, over clicks."""
    played = cadence(2, is_major=False, times_played=int(seconds / 2) + 1)[: round(seconds * RATE)]
    return played + 0.5 * clicks(seconds, 120)


def file_of(
    sound: Samples | Sequence[Samples],
    container: str = "wav",
    codec: str = "pcm_s16le",
    *,
    rate: int = RATE,
    tags: Mapping[str, str] | None = None,
) -> bytes:
    """Encode one channel, or several of equal length, whose samples are at ``rate``."""
    channels = np.atleast_2d(np.asarray(sound)).astype(np.float32)
    layout = {1: "mono", 2: "stereo"}.get(len(channels), f"{len(channels)} channels")
    layout = {6: "5.1"}.get(len(channels), layout)
    written = io.BytesIO()
    with av.open(written, "w", format=container) as file:
        file.metadata.update(tags or {})
        stream: Any = file.add_stream(codec, rate=48_000 if codec == "libopus" else rate)
        stream.layout = layout
        for start in range(0, channels.shape[1], _FRAME):
            part = np.ascontiguousarray(channels[:, start : start + _FRAME])
            frame = av.AudioFrame.from_ndarray(part, "fltp", layout)
            frame.rate, frame.pts = rate, start
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return written.getvalue()


def m4a_of(sound: Samples | Sequence[Samples], tags: Mapping[str, str] | None = None) -> bytes:
    return file_of(sound, "ipod", "aac", tags=tags)
