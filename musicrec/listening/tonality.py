"""Key and mode of a song, from how long each pitch class sounds."""

# librosa is typed in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import warnings
from dataclasses import dataclass
from typing import Final

import librosa
import numpy as np
from numpy.typing import NDArray

_MAJOR: Final = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR: Final = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
"""How well each pitch class above the tonic fits a key: Krumhansl & Kessler (1982), table 2."""

_LEAST_LIKENESS: Final = 0.6
"""Correlation with the best key, below which none is named."""
_LEAST_SPREAD: Final = 0.2
"""Standard deviation of the pitch classes over their mean; of noise it is less."""
_LEAST_CLASSES: Final = 3
"""Pitch classes that a key needs; a single tone is in many keys."""
_AUDIBLE: Final = 0.1
"""Share of the strongest pitch class."""


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a song.

    Attributes:
        pitch_class: Of the tonic, C = 0 to B = 11.
        is_major: Otherwise minor.
    """

    pitch_class: int
    is_major: bool


def key_of(harmonic: NDArray[np.float32], rate: int) -> Key | None:
    """Find the key whose pitch classes are most like a song's; None where there is no such.

    Relatives are easily taken for each other, as C major and A minor, and so are neighbours on the
    circle of fifths.

    Args:
        harmonic: Magnitudes (bins, frames) of what sounds on.
        rate: Samples a second.

    Source:
        Krumhansl (1990), "Cognitive Foundations of Musical Pitch", chapter 4.
    """
    with warnings.catch_warnings():
        # librosa warns where there is no tone to tune to, and goes on rightly.
        warnings.simplefilter("ignore", UserWarning)
        chroma = librosa.feature.chroma_stft(S=np.square(harmonic), sr=rate, norm=None)
    sounding = np.asarray(np.sqrt(chroma).mean(axis=1), dtype=np.float64)
    if not _is_tonal(sounding):
        return None
    likeness = np.array(
        [
            [np.corrcoef(np.roll(profile, tonic), sounding)[0, 1] for tonic in range(12)]
            for profile in (_MINOR, _MAJOR)
        ]
    )
    if not likeness.max() >= _LEAST_LIKENESS:
        return None
    mode, tonic = np.unravel_index(int(likeness.argmax()), likeness.shape)
    return Key(int(tonic), bool(mode))


def _is_tonal(sounding: NDArray[np.float64]) -> bool:
    if sounding.max() <= 0:
        return False
    n_classes = np.count_nonzero(sounding >= _AUDIBLE * sounding.max())
    spread = float(sounding.std() / sounding.mean())
    return bool(n_classes >= _LEAST_CLASSES and spread >= _LEAST_SPREAD)
