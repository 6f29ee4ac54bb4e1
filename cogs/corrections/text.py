"""What is answered to a correction."""

from collections.abc import Sequence
from typing import Final

from cogs._correcting import ADJECTIVES, effect_words, title_in
from cogs._format import count
from cogs._picks import KIND_LABELS
from musicrec.domain.correction import Correction, CorrectionKind
from musicrec.services import Said, SaidChange

BOTH_NEEDED: Final = (
    "Choose both in one go: a song, and what should be different about it. Nothing was changed."
)
NOTHING_LEFT: Final = "That was taken back already. /taste corrections shows what stands."

_HOW_FAR: Final = "-# A song at 50 % moves that far; one that I am surer about moves less."
_ALL: Final = "-# /taste corrections has all of them, to take back any time."
_MOVED: Final = 0.5
"""Points that can be seen in whole percent."""


def answer_words(said: Sequence[Said]) -> str:
    """Say what each correction changes, by how much, and how to take it back."""
    lines = [_answer(one) for one in said]
    if any(one.points for one in said):
        lines.append(_HOW_FAR)
    if any(one.change is not SaidChange.UNKNOWN for one in said):
        lines.append(_ALL)
    return "\n".join(lines)


def taken_back_words(taken: Sequence[Correction]) -> str:
    """Say what no longer holds."""
    if not taken:
        return NOTHING_LEFT
    lines = [f"“{KIND_LABELS[one.kind]}” about {title_in(one)}" for one in taken]
    return f"↩ Taken back: {', '.join(lines)}."


def _answer(said: Said) -> str:
    if said.change is SaidChange.UNKNOWN:
        return _unknown(said.correction)
    effect = effect_words(said.correction, said.points)
    if said.change is SaidChange.REPEATED:
        return f"You said that before. {effect}."
    if not said.points:  # blocked or hidden: that has no measure
        return f"{effect}."
    if abs(said.points - said.points_before) < _MOVED:
        return f"{effect}, as before: further I do not let corrections go. 👎 teaches me more."
    return f"{effect} from now on{_likes(said)}."


def _likes(said: Said) -> str:
    if said.correction.kind is not CorrectionKind.NOT_THIS_GENRE or not said.n_likes:
        return ""
    return f", not more, because you like {count(said.n_likes, 'song')} of it"


def _unknown(correction: Correction) -> str:
    match correction.kind:
        case CorrectionKind.NOT_THIS_GENRE:
            what = f"of which genre {title_in(correction)} is"
        case CorrectionKind.NEVER_THIS_ARTIST:
            what = f"by whom {title_in(correction)} is"
        case CorrectionKind.MORE_LIKE_THIS:
            what = f"how {title_in(correction)} sounds"
        case kind:
            what = f"how {ADJECTIVES[kind]} {title_in(correction)} is"
    return f"I do not know {what}, so that changes nothing. 👎 teaches me something."
