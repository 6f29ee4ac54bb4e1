"""Make titles and artists up that look like a large catalogue: few common words, many rare."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

BATCH: Final = 100_000
N_WORDS: Final = 700_000
N_ARTISTS: Final = 2_000_000

_COMMON: Final = """
the you me love of a in to my i and on it for is no all your be don't one we this with down up time
night life like heart day go way baby man girl blue song world remix live home good let from away
never dance back die dream light black what star last fire little sun come moon out so now be feel
rain christmas know eyes get red city summer lost blues la el de amor que mi para tu corazón le je
vie ich du und nacht herz não você saudade beyoncé déjà höher où für
"""
_STARTS: Final = "b br c ch d dr f fl g gr h j k kl l m n p pr r s sh st t th tr v w y z"
_VOWELS: Final = [*"aeiou" * 16, "ai", "ee", "oa", "ou", *"áéöü"]
_ENDS: Final = ["", "", "", "", "", "n", "r", "s", "l", "t", "m", "nd", "ck"]
_SYLLABLES: Final = [f"{a}{b}{c}" for a in _STARTS.split() for b in _VOWELS for c in _ENDS]
_DRAWN_AT_ONCE: Final = 100_000
_WORDS_A_TITLE: Final = (0.22, 0.30, 0.22, 0.14, 0.08, 0.04)
_WORDS_A_NAME: Final = (0.35, 0.50, 0.15)
_DECORATIONS: Final = (" - Live", " - Remastered 2011", " (Acoustic)", " - Radio Edit", " (Remix)")
_DECORATED_SHARE: Final = 0.08
_GUEST_SHARE: Final = 0.15
_FLATTENED: Final = 2.7
"""Mandelbrot's correction of Zipf's law: the commonest words are less common than 1 / rank."""

Integers = NDArray[np.int64]


def made_up_texts(n: int, seed: int) -> Iterator[tuple[list[str], list[str]]]:
    """Make the titles and artists of ``n`` songs up, most popular first.

    The same seed gives the same songs, and fewer of them are the first ones of more. Words follow
    Zipf's law; artists have one song or thousands; some titles carry accents and decorations.

    Yields:
        Titles and artists (joined by ``"; "``) of up to ``BATCH`` songs.
    """
    words = _Words(np.random.default_rng([seed, 0]))
    for number, start in enumerate(range(0, n, BATCH)):
        size = min(BATCH, n - start)
        # Whole batches are drawn always, so that a shorter run sees the same songs.
        rng = np.random.default_rng([seed, 1, number])
        titles, artists = _titles(rng, words), _artists(rng, words, seed)
        yield titles[:size], artists[:size]


class _Words:
    """A vocabulary with the probability of each word."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.all: list[str] = _vocabulary(rng)
        weights = 1.0 / (np.arange(len(self.all)) + _FLATTENED)
        self._cumulative = np.cumsum(weights / weights.sum())

    def at(self, quantiles: NDArray[np.float64]) -> Integers:
        """Return the word numbers that uniform numbers in [0, 1) stand for."""
        return np.minimum(np.searchsorted(self._cumulative, quantiles), len(self.all) - 1)

    def phrases(self, quantiles: NDArray[np.float64], lengths: Integers) -> list[str]:
        """Join the first ``lengths`` words of every row of ``quantiles``."""
        numbers: list[list[int]] = self.at(quantiles).tolist()
        return [
            " ".join([self.all[word] for word in row[:length]])
            for row, length in zip(numbers, lengths.tolist(), strict=True)
        ]


def _vocabulary(rng: np.random.Generator) -> list[str]:
    """Distinct words, capitalised, common ones first; rarer ones are longer."""
    words = dict.fromkeys(word.capitalize() for word in _COMMON.split())
    while len(words) < N_WORDS:
        drawn: list[list[int]] = rng.integers(len(_SYLLABLES), size=(_DRAWN_AT_ONCE, 4)).tolist()
        fewest = 1 if len(words) < _DRAWN_AT_ONCE else 2
        lengths = (fewest + rng.choice(3, size=_DRAWN_AT_ONCE, p=(0.4, 0.45, 0.15))).tolist()
        for row, length in zip(drawn, lengths, strict=True):
            words.setdefault("".join([_SYLLABLES[part] for part in row[:length]]).capitalize())
    return list(words)[:N_WORDS]


def _titles(rng: np.random.Generator, words: _Words) -> list[str]:
    lengths = 1 + rng.choice(len(_WORDS_A_TITLE), size=BATCH, p=_WORDS_A_TITLE)
    titles = words.phrases(rng.random((BATCH, len(_WORDS_A_TITLE))), lengths)
    decorated = np.flatnonzero(rng.random(BATCH) < _DECORATED_SHARE)
    kinds = rng.integers(len(_DECORATIONS), size=len(decorated))
    for song, kind in zip(decorated.tolist(), kinds.tolist(), strict=True):
        titles[song] += _DECORATIONS[kind]
    return titles


def _artists(rng: np.random.Generator, words: _Words, seed: int) -> list[str]:
    names = _names(_some_artists(rng), words, seed)
    guests = _names(_some_artists(rng), words, seed)
    has_guest = rng.random(BATCH) < _GUEST_SHARE
    return [
        f"{name}; {guest}" if both else name
        for name, guest, both in zip(names, guests, has_guest.tolist(), strict=True)
    ]


def _some_artists(rng: np.random.Generator) -> Integers:
    """Draw artists' numbers; the first ones have most songs."""
    return (N_ARTISTS * rng.random(BATCH) ** 3).astype(np.int64)


def _names(artists: Integers, words: _Words, seed: int) -> list[str]:
    """Return the same name for the same number, whichever batch it is in."""
    draws = np.stack([_hashed(artists, [seed, 2, place]) for place in range(4)], axis=1)
    lengths = 1 + np.searchsorted(np.cumsum(_WORDS_A_NAME), draws[:, 3])
    # Names are made of rarer words than titles: the square root flattens their distribution.
    return words.phrases(np.sqrt(draws[:, :3]), lengths)


def _hashed(numbers: Integers, seed: list[int]) -> NDArray[np.float64]:
    """Return a number in [0, 1) for every number.

    Source:
        Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators".
    """
    offset = np.random.default_rng(seed).integers(2**63, dtype=np.uint64)
    mixed = (numbers.astype(np.uint64) + offset) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed >> np.uint64(11)) / 2.0**53
