"""Search results."""

from collections.abc import Sequence
from typing import Final

from cogs._format import facts_of, listen_link, safe, song_name
from cogs._layout import Layout, sentence, text
from musicrec.domain.track import Track

HINT: Final = "-# /predict says whether you would like one; /song post shows it to everybody."


def results_layout(asked_for: str, tracks: Sequence[Track]) -> Layout:
    """List the songs with what is known about them."""
    if not tracks:
        return sentence(f"I know no song like “{safe(asked_for)}”. Try fewer or other words.")
    lines = [f"### Songs like “{safe(asked_for)}”", *(_line(track) for track in tracks)]
    return Layout(text("\n".join(lines)), text(HINT))


def _line(track: Track) -> str:
    details = " · ".join(part for part in (facts_of(track), listen_link(track)) if part)
    return f"- {song_name(track)}\n  {details}" if details else f"- {song_name(track)}"
