"""A weekly list as a message of several pages.

Five songs with two buttons each are 20 of Discord's 40 components; heading, corrections, page
buttons and files are 8. Their texts keep below 2,500 of its 4,000 characters.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import discord

from cogs._buttons import Button, label_buttons
from cogs._layout import Item, Layout, text
from cogs._pages import page_buttons
from cogs._picks import correction_select
from cogs.weekly.text import (
    IF_NOW,
    heading,
    history_text,
    long_date,
    preview_heading,
    short_heading,
    song_line,
)
from musicrec.domain.ids import ListenerId, ShortlistId
from musicrec.domain.playlist_edit import EditedFile
from musicrec.domain.week import Week, WeekList, WeekPreview, WeekSong
from musicrec.services import week_files

PER_PAGE: Final = 5
MOST_WEEKS: Final = 10

Page = tuple[Layout, list[discord.File]]

_PER_ROW: Final = 5
"""Discord's limit of buttons side by side."""


def week_page(
    week: Week, content: WeekList, page: int = 0, *, listed_for: ListenerId | None = None
) -> Page:
    """Show some songs of a list, with all of them as files.

    Args:
        week: The week; it is stored, so that buttons can name it.
        content: Its list.
        page: From 0; beyond the last one it is the last one.
        listed_for: Whom to name, where others read along.
    """
    shown, page, n_pages = _songs_of(content, page)
    day = long_date(week.local_date)
    above = (
        short_heading(day, shown, len(content.songs))
        if page
        else heading(week, content, listed_for=listed_for)
    )
    # Without songs a button is still needed: by it the message is found again.
    buttons = [_open_button(week)]
    if shown:
        buttons = [*page_buttons(_prefix(week), page, n_pages), _keep_button(week)]
    files = week_files(content, title=f"Weekly list of {day}", name=f"weekly-{week.local_date}")
    return _page(above, _cards(shown, week.shortlist_id), buttons, files)


def preview_page(preview: WeekPreview, page: int = 0) -> Page:
    """Show some songs of what the next list would be, with all of them as files.

    Args:
        preview: It is stored, so that buttons can name it.
        page: From 0; beyond the last one it is the last one.
    """
    content = preview.content
    shown, page, n_pages = _songs_of(content, page)
    above = short_heading(IF_NOW, shown, len(content.songs)) if page else preview_heading(content)
    buttons = page_buttons(f"week:v1:look:{preview.id}", page, n_pages)
    files = week_files(content, title="Preview of a weekly list", name="weekly-preview")
    # What was only looked at does not count as shown: its songs are of no shortlist.
    return _page(above, _cards(shown, None), buttons, files)


def history_page(weeks: Sequence[Week], search: str, *, is_all: bool = True) -> Layout:
    """List up to ``MOST_WEEKS`` weeks, with a button that shows each one again.

    Args:
        weeks: The latest first.
        search: Which words they have; empty where all are listed.
        is_all: There are no older ones.
    """
    buttons = [_open_button(week) for week in weeks if week.content is not None]
    rows = [
        discord.ui.ActionRow[Any](*buttons[first : first + _PER_ROW])
        for first in range(0, len(buttons), _PER_ROW)
    ]
    return Layout(text(history_text(weeks, search, is_all=is_all)), *rows)


def _songs_of(content: WeekList, page: int) -> tuple[Sequence[WeekSong], int, int]:
    """Return the songs of a page, which page that is, and how many there are."""
    n_pages = max(1, -(-len(content.songs) // PER_PAGE))
    page = min(page, n_pages - 1)
    return content.songs[page * PER_PAGE : (page + 1) * PER_PAGE], page, n_pages


def _cards(songs: Sequence[WeekSong], shortlist_id: ShortlistId | None) -> Iterator[Item]:
    for song in songs:
        yield text(song_line(song))
        yield discord.ui.ActionRow[Any](*label_buttons(song.track_id, shortlist_id))
    if songs:
        titles = {song.track_id: song.title for song in songs}
        yield discord.ui.ActionRow[Any](correction_select(titles, first=songs[0].position))


def _keep_button(week: Week) -> Button:
    return discord.ui.Button(label="Keep as a playlist", custom_id=f"week:v1:keep:{week.id}")


def _open_button(week: Week) -> Button:
    return discord.ui.Button(
        label=f"{week.local_date.day} {week.local_date:%b %Y}", custom_id=f"{_prefix(week)}:0"
    )


def _prefix(week: Week) -> str:
    return f"week:v1:page:{week.id}"


def _page(
    above: str, cards: Iterable[Item], buttons: Sequence[Button], written: Iterable[EditedFile]
) -> Page:
    files = [discord.File(io.BytesIO(one.data), one.name) for one in written]
    row = [discord.ui.ActionRow[Any](*buttons)] if buttons else []
    shown = (discord.ui.File[Any](file) for file in files)
    return Layout(text(above), *cards, *row, *shown), files
