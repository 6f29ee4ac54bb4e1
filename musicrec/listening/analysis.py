"""From samples to features: what can be measured, what can honestly be estimated, nothing else.

Valence, instrumentalness, speechiness and liveness take a trained ear; they stay missing.
"""

# librosa and pyloudnorm are typed in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import librosa
import numpy as np
import pyloudnorm
from numpy.typing import NDArray

from musicrec.domain.features import FEATURE_RANGES
from musicrec.listening import estimates
from musicrec.listening.decoding import RATE, Excerpt
from musicrec.listening.heard import Tags
from musicrec.listening.rhythm import Rhythm, rhythm_of
from musicrec.listening.tonality import key_of

ANALYSIS_RATE: Final = 22_050
"""Samples a second for all but loudness: melody and rhythm lie far below half of that."""

_SILENT_LUFS: Final = -70.0
"""What is quieter counts as silence. Source: the absolute gate of ITU-R BS.1770-5."""
_LEAST_S: Final = 3.0
"""Shorter sounds have neither tempo nor key."""
_WINDOW: Final = 4_096


@dataclass(frozen=True)
class _Parts:
    """Magnitudes of a spectrogram, of what sounds on and of what strikes; both (bins, frames)."""

    harmonic: NDArray[np.float32]
    percussive: NDArray[np.float32]


def features_of(excerpt: Excerpt) -> dict[str, float]:
    """Return the features of a song by their names in ``domain.features``.

    Of silence only the length is returned, of a sound below three seconds also its loudness.
    """
    found = {"duration_ms": 1000 * excerpt.duration_s}
    loudness = loudness_of(excerpt.samples)
    if loudness is not None:
        found["loudness_db"] = loudness
        if excerpt.samples.shape[1] >= _LEAST_S * RATE:
            found |= _sound(excerpt.samples, loudness)
    return _possible(found)


def loudness_of(samples: NDArray[np.float32]) -> float | None:
    """Return the integrated loudness in LUFS; None for silence and below 0.4 s.

    One channel is heard from two loudspeakers, so it counts as two equal ones.

    Args:
        samples: Of shape (1 or 2, n) at ``RATE``.

    Source:
        ITU-R BS.1770-4, by pyloudnorm (Steinmetz & Reiss, 2021).
    """
    meter = pyloudnorm.Meter(RATE)
    if samples.shape[1] <= meter.block_size * RATE:
        return None
    heard = np.broadcast_to(samples, (2, samples.shape[1])).T.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        loudness = float(meter.integrated_loudness(heard))
    return loudness if loudness > _SILENT_LUFS else None


def rehearse() -> None:
    """Analyse a second of noise, so that everything is loaded and compiled."""
    noise = np.random.default_rng(0).normal(0, 0.1, (1, int(_LEAST_S * RATE) + 1))
    features_of(Excerpt(noise.astype(np.float32), _LEAST_S, Tags()))


def _sound(samples: NDArray[np.float32], loudness: float) -> dict[str, float]:
    mono = librosa.resample(samples.mean(axis=0), orig_sr=RATE, target_sr=ANALYSIS_RATE)
    rhythm = rhythm_of(mono, ANALYSIS_RATE)
    parts = _parts(mono)
    key = key_of(parts.harmonic, ANALYSIS_RATE)
    found = {} if key is None else {"key": float(key.pitch_class), "mode": float(key.is_major)}
    if rhythm.tempo_bpm is not None:
        found["tempo_bpm"] = rhythm.tempo_bpm
    return found | _estimated(parts, rhythm, loudness)


def _parts(mono: NDArray[np.float32]) -> _Parts:
    """Part what sounds on from what strikes. Source: Fitzgerald (2010), by librosa."""
    spectrum = np.abs(librosa.stft(mono, n_fft=_WINDOW, hop_length=_WINDOW // 4))
    harmonic, percussive = librosa.decompose.hpss(spectrum)
    return _Parts(harmonic, percussive)


def _estimated(parts: _Parts, rhythm: Rhythm, loudness: float) -> dict[str, float]:
    energy = estimates.energy(loudness, rhythm.onsets_per_s)
    spectrum = parts.harmonic + parts.percussive
    flatness = float(np.mean(librosa.feature.spectral_flatness(S=spectrum)))
    share = _power(parts.harmonic) / max(_power(spectrum), np.finfo(np.float64).tiny)
    found = {"energy": energy, "acousticness": estimates.acousticness(energy, share, flatness)}
    if rhythm.tempo_bpm is not None:
        found["danceability"] = estimates.danceability(rhythm.clarity, rhythm.tempo_bpm)
    return found


def _power(magnitudes: NDArray[np.float32]) -> float:
    return float(np.sum(np.square(magnitudes, dtype=np.float64)))


def _possible(found: Mapping[str, float]) -> dict[str, float]:
    return {
        name: value
        for name, value in found.items()
        if FEATURE_RANGES[name][0] <= value <= FEATURE_RANGES[name][1]
    }
