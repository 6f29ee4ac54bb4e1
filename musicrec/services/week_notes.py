"""What a weekly list says about itself where it is not what it usually is."""

from collections.abc import Sequence
from typing import Final

from musicrec.domain.week import WeekSong

_MOST_NAMED: Final = 3
_LONGEST_TITLE: Final = 40


def note_of(
    *,
    n_songs: int,
    n_wanted: int,
    n_missing: int,
    n_skipped: int,
    left_out: Sequence[WeekSong] = (),
) -> str:
    """Return plain sentences, with untrusted titles in them; empty where all is as usual.

    Args:
        n_songs: Songs that the list has.
        n_wanted: Songs that were wished for.
        n_missing: Ratings that are missing for a model; 0 where there is one.
        n_skipped: Lists that were not delivered before a first one; receipts tell of others.
        left_out: Songs of the list that its copy on Spotify, if one is wished, will not have.
    """
    said: list[str] = []
    if n_missing:
        ratings = "one more rating" if n_missing == 1 else f"{n_missing} more ratings"
        said.append(
            "This is a starter week: well-known songs of many kinds, not chosen by your taste. "
            f"After {ratings} I can learn it."
        )
    if not n_songs:
        said.append(
            "There is no song left for you: you have met everything that fits. Songs come back 26 "
            "weeks after they were shown, and new ones when songs are added."
        )
    elif n_songs < n_wanted:
        number = "one song" if n_songs == 1 else f"{n_songs} songs"
        said.append(
            f"Only {number} instead of {n_wanted}: nothing else is left that fits and that you "
            "have not met lately."
        )
    if n_skipped:
        lists = "One list" if n_skipped == 1 else f"{n_skipped} lists"
        said.append(f"{lists} before this one could not be brought in time.")
    if left_out:
        said.append(_left_out(left_out, n_songs))
    return " ".join(said)


def _left_out(songs: Sequence[WeekSong], n_songs: int) -> str:
    if len(songs) == n_songs:
        return "I know none of these songs on Spotify, so there is no copy of them there."
    names = ", ".join(f"“{_short(song.title)}”" for song in songs[:_MOST_NAMED])
    rest = f" and {len(songs) - _MOST_NAMED} more" if len(songs) > _MOST_NAMED else ""
    them = "it" if len(songs) == 1 else "them"
    return (
        f"I do not know {len(songs)} of the {n_songs} songs on Spotify, so the copy there is"
        f" without {them}: {names}{rest}."
    )


def _short(title: str) -> str:
    if len(title) > _LONGEST_TITLE:
        return title[: _LONGEST_TITLE - 1].rstrip() + "…"
    return title or "Untitled"
