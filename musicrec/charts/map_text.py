"""The words of a map of likes and dislikes, for everybody who does not see its picture."""

from statistics import median
from typing import Final

from musicrec.domain.taste_profile import TasteMap

_TEMPOS: Final = (("slow", 0.0, 100.0), ("middling", 100.0, 130.0), ("fast", 130.0, 1000.0))
_ENERGIES: Final = (("energetic", 0.67, 2.0), ("middling", 0.33, 0.67), ("calm", -1.0, 0.33))
_COMPARED: Final = ((5.0, "slower", "faster"), (0.05, "calmer", "more energetic"))
"""From which difference on (BPM, energy) it is called by which words."""

_COLUMN: Final = 12


def headline(taste: TasteMap) -> str:
    """Say how likes lie to dislikes."""
    if not taste.likes and not taste.dislikes:
        return "No rated song has a known tempo and energy"
    if not taste.likes or not taste.dislikes:
        return f"Only {'likes' if taste.likes else 'dislikes'} so far"
    differences = (
        a - b for a, b in zip(_middle(taste.likes), _middle(taste.dislikes), strict=True)
    )
    words = [
        higher if difference > 0 else lower
        for difference, (clear, lower, higher) in zip(differences, _COMPARED, strict=True)
        if abs(difference) >= clear
    ]
    if not words:
        return "Likes and dislikes lie in the same places"
    return f"Likes are {' and '.join(words)} than dislikes"


def middles(taste: TasteMap) -> str:
    """Say around which tempo and energy the songs lie; empty where there are none."""
    parts = (("likes", taste.likes), ("dislikes", taste.dislikes))
    return ", ".join(
        f"{name} around {_middle(places)[0]:.0f} BPM and {_middle(places)[1]:.0%}"
        for name, places in parts
        if places
    )


def missing_words(taste: TasteMap) -> str:
    """Say how many songs are not shown and why; empty where all are."""
    parts = ((taste.n_without_tempo, "tempo"), (taste.n_without_energy, "energy"))
    missing = [f"{n:,} songs without a known {what}" for n, what in parts if n]
    return f"Not shown: {', '.join(missing)}" if missing else ""


def map_text(taste: TasteMap) -> str:
    """Write the map as counts for a monospaced font, at most 52 characters wide."""
    heads = "".join(f"{name:>{_COLUMN}}" for name, _, _ in _TEMPOS)
    middle, missing = middles(taste), missing_words(taste)
    lines = [
        f"{headline(taste)}.",
        *(f"{line[0].upper()}{line[1:]} energy." for line in middle.split(", ") if line),
        f"{len(taste.likes):,} liked, {len(taste.dislikes):,} disliked songs.",
        *([f"{line}." for line in missing.split(", ")] if missing else []),
        "",
        "Liked/disliked by tempo and energy",
        "(slow: below 100 BPM, fast: from 130 on):",
        f"{'':10}{heads}",
        *(_row(taste, name, low, high) for name, low, high in _ENERGIES),
    ]
    return "\n".join(lines)


def _middle(places: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    tempos, energies = zip(*places, strict=True)
    return median(tempos), median(energies)


def _row(taste: TasteMap, name: str, low: float, high: float) -> str:
    cells = ""
    for _, slowest, fastest in _TEMPOS:
        n_likes, n_dislikes = (
            sum(slowest <= tempo < fastest and low <= energy < high for tempo, energy in places)
            for places in (taste.likes, taste.dislikes)
        )
        cells += f"{f'{n_likes:,}/{n_dislikes:,}':>{_COLUMN}}"
    return f"{name:10}{cells}"
