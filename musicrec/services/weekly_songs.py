"""The songs of a weekly list as they are stored and sent, each with one reason in words."""

# Babel leaves what it knows of a language untyped.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from collections.abc import Sequence

from babel import Locale

from musicrec.catalogue import Catalogue
from musicrec.discovery.week import Because, WeekPick
from musicrec.domain.features import ARTISTS, COUNTRY, GENRE
from musicrec.domain.track import Track
from musicrec.domain.week import WeekSong
from musicrec.services.recommendations import spread_out
from musicrec.taste import TasteModel

_ENGLISH = Locale("en")


def week_songs(
    catalogue: Catalogue, picks: Sequence[WeekPick], model: TasteModel | None
) -> tuple[WeekSong, ...]:
    """Say which songs were picked and why, in the order of the picks.

    Args:
        catalogue: Of the picks' rows.
        picks: From ``discovery.week``.
        model: Asked for reasons once, about all songs together; None in a starter week.
    """
    rows = [pick.row for pick in picks]
    tracks = catalogue.tracks(rows)
    told = _told_by(model, catalogue, rows)
    reasons = [
        _reason(pick, track, own) for pick, track, own in zip(picks, tracks, told, strict=True)
    ]
    return tuple(
        WeekSong(
            position=position,
            track_id=track.id,
            title=track.title,
            artists=track.artists,
            p_like=pick.p_like,
            kind=pick.kind,
            reason=reason,
            url=track.listen_url or "",
            genre=track.genre,
            country=track.country,
        )
        for position, (pick, track, reason) in enumerate(
            zip(picks, tracks, reasons, strict=True), start=1
        )
    )


def _told_by(model: TasteModel | None, catalogue: Catalogue, rows: Sequence[int]) -> list[str]:
    """Return one thing a song that speaks for it, ``""`` where none stands out."""
    if model is None or not rows:
        return [""] * len(rows)
    said = model.explain(catalogue.table(rows))
    return spread_out([each.reasons.for_ for each in said])


def _reason(pick: WeekPick, track: Track, told: str) -> str:
    if pick.because is None:
        return told or _without_a_model(pick, track)
    if pick.because.about == ARTISTS:
        because = pick.because
        return f"you liked {because.likes} of {because.songs} by {because.name}"
    new = _what_is_new(pick.because)
    return f"{new}; {told}" if told else new


def _without_a_model(pick: WeekPick, track: Track) -> str:
    if pick.p_like is not None:
        return "many small things together"
    return f"well known in {track.genre}" if track.genre else "well known"


def _what_is_new(because: Because) -> str:
    if because.about == GENRE:
        return _counted("genre", because.name, because.songs, f"of {because.name}")
    if because.about == COUNTRY:
        name = str(_ENGLISH.territories.get(because.name, because.name))
        return _counted("country", name, because.songs, f"from {name}")
    return "unlike the songs you have rated"


def _counted(what: str, name: str, n_songs: int, which: str) -> str:
    if not n_songs:
        return f"new {what}: {name}"
    return f"you have rated only {n_songs} {'song' if n_songs == 1 else 'songs'} {which}"
