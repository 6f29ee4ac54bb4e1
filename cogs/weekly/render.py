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
    heading,
    history_text,
    long_date,
    preview_text,
    short_heading,
    song_line,
)
from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist_edit import EditedFile
from musicrec.domain.week import Week, WeekList, WeekSong
from musicrec.services import week_files

PER_PAGE: Final = 5

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
    n = len(content.songs)
    n_pages = max(1, -(-n // PER_PAGE))
    page = min(page, n_pages - 1)
    shown = content.songs[page * PER_PAGE : (page + 1) * PER_PAGE]
    if page:
        above = short_heading(week, shown[0].position, shown[-1].position, n)
    else:
        above = heading(week, content, listed_for=listed_for)
    items = [text(above), *_cards(week, shown)]
    items += _turning(week, page, n_pages, has_songs=n > 0)
    title = f"Weekly list of {long_date(week.local_date)}"
    files = week_files(content, title=title, name=f"weekly-{week.local_date}")
    return _with_files(items, files)


def preview_page(content: WeekList) -> Page:
    """Show every song of what the next list would be, in one line each."""
    files = week_files(content, title="Preview of a weekly list", name="weekly-preview")
    return _with_files([text(preview_text(content))], files)


def history_page(weeks: Iterable[Week], search: str) -> Layout:
    """List weeks, with a button that shows each one again."""
    weeks = list(weeks)
    buttons = [_open_button(week) for week in weeks if week.content is not None]
    rows = [
        discord.ui.ActionRow[Any](*buttons[first : first + _PER_ROW])
        for first in range(0, len(buttons), _PER_ROW)
    ]
    return Layout(text(history_text(weeks, search)), *rows)


def _cards(week: Week, songs: Sequence[WeekSong]) -> Iterator[Item]:
    for song in songs:
        yield text(song_line(song))
        yield discord.ui.ActionRow[Any](*label_buttons(song.track_id, week.shortlist_id))
    if songs:
        titles = {song.track_id: song.title for song in songs}
        yield discord.ui.ActionRow[Any](correction_select(titles, first=songs[0].position))


def _turning(week: Week, page: int, n_pages: int, *, has_songs: bool) -> Iterator[Item]:
    # Without songs a button is still needed: by it the message is found again.
    buttons = page_buttons(_prefix(week), page, n_pages) if has_songs else [_open_button(week)]
    if has_songs:
        keep = f"week:v1:keep:{week.id}"
        buttons.append(discord.ui.Button(label="Keep as a playlist", custom_id=keep))
    yield discord.ui.ActionRow[Any](*buttons)


def _prefix(week: Week) -> str:
    return f"week:v1:page:{week.id}"


def _open_button(week: Week) -> Button:
    return discord.ui.Button(
        label=f"{week.local_date.day} {week.local_date:%b %Y}", custom_id=f"{_prefix(week)}:0"
    )


def _with_files(items: list[Item], written: Iterable[EditedFile]) -> Page:
    files = [discord.File(io.BytesIO(one.data), one.name) for one in written]
    return Layout(*items, *(discord.ui.File[Any](file) for file in files)), files
