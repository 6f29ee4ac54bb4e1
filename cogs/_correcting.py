"""What corrections do, in honest words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cogs._format import count, safe
from musicrec.domain.correction import Correction, CorrectionKind

ADJECTIVES: Final[Mapping[CorrectionKind, str]] = MappingProxyType(
    {
        CorrectionKind.TOO_FAST: "fast",
        CorrectionKind.TOO_SLOW: "slow",
        CorrectionKind.TOO_LOUD: "loud",
        CorrectionKind.TOO_CALM: "calm",
    }
)


def title_in(correction: Correction) -> str:
    """Return the song's title as it was, in markdown."""
    return f"**{safe(correction.title, 80) or 'Untitled'}**"


def artist_in(correction: Correction) -> str:
    """Return the main artist's name as it was, in markdown."""
    return f"**{safe(correction.artist or 'Unknown artist', 80)}**"


def effect_words(correction: Correction, points: float) -> str:
    """Say what a correction does, as a part of a sentence that begins with a capital letter.

    Args:
        correction: As it stands.
        points: What all corrections of its kind move a song just like it, of 50 %.
    """
    moved = count(max(1, round(abs(points))), "point")
    match correction.kind:
        case CorrectionKind.NEVER_THIS_ARTIST:
            return f"I never play you {artist_in(correction)} again, however the name is spelt"
        case CorrectionKind.KNOWN_ALREADY:
            return f"I do not recommend {title_in(correction)} to you again"
        case CorrectionKind.MORE_LIKE_THIS:
            return f"Songs like {title_in(correction)} gain up to {moved}"
        case CorrectionKind.NOT_THIS_GENRE:
            return f"Songs of {safe(correction.genre or '', 40)} lose about {moved}"
        case kind:
            return f"Songs as {ADJECTIVES[kind]} as {title_in(correction)} lose about {moved}"
