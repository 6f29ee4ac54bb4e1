"""Search results."""

from collections.abc import Sequence

from cogs._format import facts_of, safe, song_name
from cogs._layout import Layout, sentence
from musicrec.domain.track import Track


def results_layout(asked_for: str, tracks: Sequence[Track]) -> Layout:
    """List the songs with what is known about them."""
    if not tracks:
        return sentence(f"I know no song like “{safe(asked_for)}”. Try fewer or other words.")
    lines = [f"### Songs like “{safe(asked_for)}”", *(_line(track) for track in tracks)]
    lines.append("-# /predict says whether you would like one; /song post shows it to everybody.")
    return sentence("\n".join(lines))


def _line(track: Track) -> str:
    link = f"[listen]({track.listen_url})" if track.listen_url else ""
    details = " · ".join(part for part in (facts_of(track), link) if part)
    return f"- {song_name(track)}\n  {details}" if details else f"- {song_name(track)}"
