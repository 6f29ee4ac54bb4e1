"""What a listener takes along: which files, and what is in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from musicrec.catalogue import Catalogue
from musicrec.domain.guess import Guess, is_right
from musicrec.domain.ids import GuessId
from musicrec.domain.label import LabelEvent, LabelValue
from musicrec.domain.track import Track
from musicrec.domain.week import Week
from musicrec.services.archives import File, Rows, json_files, table_files, zipped

README_NAME: Final = "README.txt"

_SETTINGS: Final = ("weekly_plans", "shared_tastes", "comparable_tastes", "accounts")
_LABELS: Final = ("track_id", "label", "labelled_at")
_WEEKS: Final = ("date", "state", "sent_at", "position", "track_id", "title", "artists")
_PREDICTIONS: Final = ("told_at", "place", "track_id", "title", "artists", "p_like", "counts")
_PLAYLISTS: Final = ("playlist", "made_at", "position", "title", "artists", "album", "link")
_CORRECTIONS: Final = ("said_at", "kind", "track_id", "title", "artist", "genre", "taken_back_at")


@dataclass(frozen=True, eq=False, slots=True)
class Belongings:
    """All that is stored about one listener.

    Attributes:
        tables: Every row by table.
        labels: Verdicts that stand.
        guesses: Every probability that was told.
        counting: Those that count against a verdict.
        weeks: Weekly lists.
    """

    tables: Mapping[str, Rows]
    labels: Sequence[LabelEvent]
    guesses: Sequence[Guess]
    counting: frozenset[GuessId | None]
    weeks: Sequence[Week]


def export_archives(
    belongings: Belongings, catalogue: Catalogue, *, readme: str, most_bytes: int
) -> list[bytes]:
    """Return zip files of which each opens by itself; takes a while where there is much.

    Args:
        belongings: Whose.
        catalogue: Tells what songs are called.
        readme: What the files are, in plain words.
        most_bytes: Of an archive.
    """
    tables = belongings.tables
    half = most_bytes // 2  # so that even what does not become smaller fits
    files = [File(README_NAME, readme.encode())]
    for name, columns, rows in (
        ("labels", _LABELS, _label_rows(belongings.labels, catalogue)),
        ("weeks", _WEEKS, _week_rows(belongings.weeks)),
        ("predictions", _PREDICTIONS, _prediction_rows(belongings, catalogue)),
        ("playlists", _PLAYLISTS, _playlist_rows(tables["kept_playlists"])),
        ("corrections", _CORRECTIONS, _picked(tables["corrections"], _CORRECTIONS)),
    ):
        files += table_files(name, columns, rows, most_bytes=half)
    for name, among in (("settings", _SETTINGS), ("models", ("models",)), ("everything", tables)):
        files += json_files(name, {table: tables[table] for table in among}, most_bytes=half)
    return zipped(files, most_bytes=most_bytes)


def _label_rows(labels: Iterable[LabelEvent], catalogue: Catalogue) -> Rows:
    rows: list[Mapping[str, Any]] = []
    for event in labels:
        track = catalogue.get(event.track_id)
        song: dict[str, Any] = {}
        if track is not None:
            song = _names(track) | {"album": track.album, "genre": track.genre, **track.features}
        said = {"label": event.value.value, "labelled_at": event.labelled_at.isoformat()}
        rows.append({"track_id": event.track_id} | said | song)
    return rows


def _week_rows(weeks: Iterable[Week]) -> Rows:
    return [
        {
            "date": week.local_date,
            "state": week.state.value,
            "sent_at": week.sent_at,
            "position": song.position,
            "track_id": song.track_id,
            "title": song.title,
            "artists": "; ".join(song.artists),
            "genre": song.genre,
            "country": song.country,
            "kind": song.kind.value,
            "p_like": song.p_like,
            "reason": song.reason,
            "link": song.url,
        }
        for week in weeks
        for song in (week.content.songs if week.content else ())
    ]


def _prediction_rows(belongings: Belongings, catalogue: Catalogue) -> Rows:
    verdicts = {label.track_id: label.value for label in belongings.labels}
    return [
        {
            "told_at": guess.guessed_at,
            "place": guess.place.value,
            "track_id": guess.track_id,
            **_names(catalogue.get(guess.track_id)),
            "p_like": guess.p_like,
            "counts": _yes(guess.id in belongings.counting),
            **_outcome(guess, verdicts.get(guess.track_id)),
        }
        for guess in belongings.guesses
    ]


def _outcome(guess: Guess, verdict: LabelValue | None) -> dict[str, str]:
    """Tell what became of a guess; empty while its song has no verdict."""
    if verdict is None:
        return {"verdict": "", "was_right": ""}
    was_right = is_right(guess.p_like, liked=verdict is LabelValue.LIKE)
    return {"verdict": verdict.value, "was_right": _yes(was_right)}


def _playlist_rows(kept: Rows) -> Rows:
    return [
        {
            "playlist": one["title"],
            "made_at": one["created_at"],
            "position": item["position"],
            "title": item["title"],
            "artists": "; ".join(item["artists"]),
            "album": item["album"],
            "link": item["uri"],
        }
        for one in kept
        for item in one["playlist"]["items"]
    ]


def _picked(rows: Rows, columns: Sequence[str]) -> Rows:
    return [{column: row[column] for column in columns} for row in rows]


def _names(track: Track | None) -> dict[str, Any]:
    return {"title": track.title, "artists": "; ".join(track.artists)} if track else {}


def _yes(value: bool) -> str:  # noqa: FBT001 - the value itself, not an option
    return "yes" if value else "no"
