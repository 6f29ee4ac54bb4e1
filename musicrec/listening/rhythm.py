"""Tempo and pulse of a song, from when its notes begin."""

# librosa is typed in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from dataclasses import dataclass
from typing import Final

import librosa
import numpy as np
from numpy.typing import NDArray

_HOP: Final = 256
"""Samples from one look for onsets to the next; librosa's 512 knows few tempi around 120 a minute:
117.5, 123.0, 129.2."""
_TEMPI: Final = (70.0, 180.0)
"""Beats a minute that people tap to; half or twice the found tempo is taken to come in between."""
_BEATS_APART: Final = 4
"""Beats over which one is measured, so that the hop's length matters little."""
_LEAST_BEATS: Final = 6
_LEAST_CLARITY: Final = 0.1
"""Of noise and long tones it is less."""
_AUDIBLE_DB: Final = 1.0
"""Rise of the mean band at the beginning of a note; that of steady noise and tones stays below."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a song moves.

    Attributes:
        tempo_bpm: Beats a minute, within 70 to 180; None where no pulse is felt.
        clarity: Of the pulse, 0 to 1: how alike the onsets are one beat later.
        onsets_per_s: Notes that begin.
    """

    tempo_bpm: float | None
    clarity: float
    onsets_per_s: float


def rhythm_of(mono: NDArray[np.float32], rate: int) -> Rhythm:
    """Find the pulse of a song.

    Args:
        mono: Samples of shape (n,), some seconds of them.
        rate: Samples a second.

    Source:
        Onsets by spectral flux (Böck & Widmer, 2013), beats by dynamic programming (Ellis, 2007),
        both by librosa; clarity as the autocorrelation of onsets (Lartillot et al., 2008).
    """
    strength = librosa.onset.onset_strength(y=mono, sr=rate, hop_length=_HOP)
    onsets = librosa.onset.onset_detect(onset_envelope=strength, sr=rate, hop_length=_HOP)
    n_onsets = int(np.count_nonzero(strength[onsets] >= _AUDIBLE_DB))
    per_s = n_onsets / (len(mono) / rate)
    _, beats = librosa.beat.beat_track(onset_envelope=strength, sr=rate, hop_length=_HOP)
    if min(n_onsets, len(beats)) < _LEAST_BEATS:
        return Rhythm(None, 0.0, per_s)
    lag = float(np.median(beats[_BEATS_APART:] - beats[:-_BEATS_APART])) / _BEATS_APART
    clarity = _likeness(strength, lag)
    tempo = None if clarity < _LEAST_CLARITY else _folded(60 * rate / (_HOP * lag))
    return Rhythm(tempo, clarity, per_s)


def _likeness(strength: NDArray[np.float32], lag: float) -> float:
    """Return the autocorrelation of onsets at about a lag in frames, 0 to 1."""
    deviation = strength.astype(np.float64) - strength.mean()
    power = float(deviation @ deviation)
    if power <= 0:
        return 0.0
    near = {int(lag), int(lag) + 1}
    found = [float(deviation[each:] @ deviation[:-each]) for each in near]
    return float(np.clip(max(found) / power, 0.0, 1.0))


def _folded(tempo: float) -> float:
    slowest, fastest = _TEMPI
    while tempo < slowest:
        tempo *= 2
    while tempo > fastest:
        tempo /= 2
    return tempo
