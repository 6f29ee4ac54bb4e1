"""Guesses at qualities that people hear and no formula measures; each within 0 to 1.

They are on the scale of the features that models know, but they are guesses: whoever stores them
says so (``heard.ESTIMATED``).
"""

import math
from typing import Final

_LOUD: Final = (2.46, 0.227)
"""Intercept and slope of energy by loudness: logistic least squares on the 4,456 songs of the demo
catalogue that have both (correlation 0.69, mean error 0.10)."""
_USUAL_ONSETS_PER_S: Final = 4.0
_ONSET_WEIGHT: Final = 0.15
_CALM_EXPONENT: Final = 1.5
_DANCE_BPM: Final = 120.0
_DANCE_OCTAVES: Final = 1.0


def energy(loudness_lufs: float, onsets_per_s: float) -> float:
    """Guess how intense a song is.

    Source:
        A logistic curve of loudness, fitted as ``_LOUD`` says, moved a little by the rate of
        onsets, which raises felt arousal (Gabrielsson & Lindström, 2010); that weight is chosen,
        so that twice the usual rate counts as much as some 3 dB.
    """
    intercept, slope = _LOUD
    rate = onsets_per_s - _USUAL_ONSETS_PER_S
    return 1 / (1 + math.exp(-(intercept + slope * loudness_lufs + _ONSET_WEIGHT * rate)))


def danceability(clarity: float, tempo_bpm: float) -> float:
    """Guess how well one can dance to a song: to a clear pulse at a moving pace.

    Args:
        clarity: Of the pulse, 0 to 1, as in ``rhythm.Rhythm``.
        tempo_bpm: Beats a minute.

    Source:
        Pulse clarity (Lartillot et al., 2008), weighed by the log-normal preference for tempi
        around 120 a minute (Ellis, 2007). The root and the product are chosen.
    """
    octaves = math.log2(tempo_bpm / _DANCE_BPM)
    return math.sqrt(clarity) * math.exp(-0.5 * (octaves / _DANCE_OCTAVES) ** 2)


def acousticness(energy: float, harmonic_share: float, flatness: float) -> float:
    """Guess whether a song is played on instruments without amplifiers: calm, tonal, without noise.

    Args:
        energy: Of the song.
        harmonic_share: Of its power in what sounds on instead of striking, 0 to 1.
        flatness: Of its spectrum, 0 for a tone to 1 for white noise.

    Source:
        The exponent fits the demo catalogue, whose mean acousticness at an energy is within 0.1 of
        ``(1 - energy) ** 1.5`` (correlation 0.6); the other two factors are chosen.
    """
    return (1 - energy) ** _CALM_EXPONENT * harmonic_share * (1 - flatness)
