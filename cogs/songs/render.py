"""Search results, and songs that became known."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from cogs._buttons import label_buttons
from cogs._cards import song_container
from cogs._format import count, facts_of, listen_link, safe, song_name
from cogs._layout import Layout, sentence, text
from musicrec.domain.features import AUDIO_FEATURES
from musicrec.domain.track import Track
from musicrec.services import AddedSong, SourceReport

HINT: Final = "-# /predict says whether you would like one; /song post shows it to everybody."

NO_SONG: Final = "Give me a song: a link, an ISRC, artist - title, or a file of it."
POST_HINT: Final = "/song post shows it to everybody."
_SPOKEN: Final[Mapping[str, str]] = MappingProxyType(
    {"artists": "artist", "duration_ms": "length", "explicit": "explicit words"}
)


def results_layout(asked_for: str, tracks: Sequence[Track]) -> Layout:
    """List the songs with what is known about them."""
    if not tracks:
        return sentence(f"I know no song like “{safe(asked_for)}”. Try fewer or other words.")
    lines = [f"### Songs like “{safe(asked_for)}”", *(_line(track) for track in tracks)]
    return Layout(text("\n".join(lines)), text(HINT))


def added_layout(added: AddedSong) -> Layout:
    """Show a song that was looked up: what is known, who says so, and who could not be asked."""
    headline = "I have looked that song up again." if added.was_known else "I know that song now."
    notes = [f"-# {line}" for line in (_origins(added), _silent(added), POST_HINT) if line]
    return Layout(
        text(f"### {headline}"),
        song_container(added.track, label_buttons(added.track.id)),
        text("\n".join(notes)),
    )


def _origins(added: AddedSong) -> str:
    """Say which source told what; a song without any sound is said to have none."""
    told: dict[str, list[str]] = {}
    n_sounds: Counter[str] = Counter()
    for column, origin in added.origins.items():
        if column in AUDIO_FEATURES:
            n_sounds[origin.source] += 1
        else:
            told.setdefault(origin.source, []).append(_SPOKEN.get(column, column))
    for source, n in n_sounds.items():
        told.setdefault(source, []).append(count(n, "audio feature"))
    lines = [f"{safe(source, 40)}: {', '.join(columns)}" for source, columns in told.items()]
    if not any(name in added.track.features for name in AUDIO_FEATURES):
        lines.append("nobody told me how it sounds, so I guess by its artist and the like")
    return " · ".join(lines)


def _silent(added: AddedSong) -> str:
    if not added.silent:
        return ""
    return f"I could not ask {', '.join(_until(report) for report in added.silent)}."


def _until(report: SourceReport) -> str:
    if report.closed_until is None:
        return safe(report.source, 40)
    return f"{safe(report.source, 40)} (closed until <t:{int(report.closed_until.timestamp())}:t>)"


def _line(track: Track) -> str:
    details = " · ".join(part for part in (facts_of(track), listen_link(track)) if part)
    return f"- {song_name(track)}\n  {details}" if details else f"- {song_name(track)}"
