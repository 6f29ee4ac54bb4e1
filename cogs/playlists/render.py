"""Pages of edits and outcomes as messages.

Eight songs with a tick each are 24 of Discord's 40 components, and some 2,000 of its 4,000
characters; the text above them keeps to the rest.
"""

import io
import re
from typing import Any, Final

import discord

from cogs._format import count
from cogs._layout import Item, Layout, illustrated, text
from cogs._pages import page_buttons
from cogs.playlists.buttons import (
    decide_buttons,
    tick_all_button,
    tick_button,
    undo_button,
)
from cogs.playlists.text import heading, make_label, outcome_text, song_line, title_of
from musicrec.domain.playlist_edit import (
    EditedFile,
    EditId,
    EditKind,
    EditState,
    PlaylistEdit,
)
from musicrec.services import EditOutcome, SortView

PER_PAGE: Final = 8

Page = tuple[Layout, list[discord.File]]

_NO_FILE_NAME: Final = re.compile(r"[^A-Za-z0-9.-]+")


def edit_page(edit: PlaylistEdit, page: int = 0) -> Layout:
    """Show what is proposed, with a tick per song and the buttons that decide."""
    if edit.id is None:
        return Layout(text(heading(edit)))
    if edit.kind is EditKind.SORT:
        row = discord.ui.ActionRow[Any](*decide_buttons(edit.id, "Sort it", "Leave it"))
        return Layout(text(heading(edit)), row)
    n_pages = -(-len(edit.proposals) // PER_PAGE)
    page = min(page, n_pages - 1)
    songs, rows = _songs(edit, edit.id, page), _rows(edit, edit.id, page, n_pages)
    return Layout(text(_above(edit, page)), *songs, *rows)


def sort_page(sorting: SortView) -> Page:
    """Show the list before and after, in names and as a picture, with the buttons that decide."""
    edit, picture = sorting.edit, sorting.picture
    if edit.id is None or picture is None:
        return edit_page(edit), []
    layout, file = illustrated(
        heading(edit),
        picture,
        filename="sorted.png",
        buttons=decide_buttons(edit.id, "Sort it", "Leave it"),
    )
    return layout, [file]


def outcome_page(outcome: EditOutcome) -> Page:
    """Say what became of a decision, with a file where there is one."""
    items: list[Item] = [text(outcome_text(outcome))]
    files: list[discord.File] = []
    if outcome.file is not None:
        files = [attachment(outcome.file)]
        items.append(discord.ui.File(files[0]))
    edit = outcome.edit
    if edit.id is not None and edit.state is EditState.DONE:
        items.append(discord.ui.ActionRow[Any](undo_button(edit.id)))
    return Layout(*items), files


def file_page(words: str, file: EditedFile) -> Page:
    """Show a file below a sentence."""
    attached = attachment(file)
    return Layout(text(words), discord.ui.File(attached)), [attached]


def attachment(file: EditedFile) -> discord.File:
    """Make what Discord takes; names keep to what survives there unchanged."""
    stem, dot, ending = file.name.rpartition(".")
    name = _NO_FILE_NAME.sub("_", stem if dot else ending).strip("._-")[:60] or "playlist"
    ending = _NO_FILE_NAME.sub("", ending)[:10] if dot else ""
    return discord.File(io.BytesIO(file.data), f"{name}.{ending}" if ending else name)


def _above(edit: PlaylistEdit, page: int) -> str:
    """Say everything on the first page, and only what it is about on the others."""
    first = page * PER_PAGE + 1
    last = min(first + PER_PAGE - 1, len(edit.proposals))
    where = (
        f"-# Songs {first} to {last} of {len(edit.proposals)}, {count(len(edit.chosen), 'tick')}"
    )
    if page:
        return f"### {title_of(edit)}\n{where}"
    return f"{heading(edit)}\n{where}"


def _songs(edit: PlaylistEdit, edit_id: EditId, page: int) -> list[Item]:
    shown = edit.proposals[page * PER_PAGE : (page + 1) * PER_PAGE]
    return [
        discord.ui.Section[Any](
            text(song_line(one)),
            accessory=tick_button(edit_id, page, one.position, is_on=one.position in edit.chosen),
        )
        for one in shown
    ]


def _rows(edit: PlaylistEdit, edit_id: EditId, page: int, n_pages: int) -> list[Item]:
    turning = page_buttons(f"edit:v1:page:{edit_id}", page, n_pages)
    all_on = len(edit.chosen) == len(edit.proposals)
    ticking = tick_all_button(edit_id, page, is_on=all_on)
    decide = decide_buttons(edit_id, make_label(edit), "Keep everything", is_on=bool(edit.chosen))
    return [
        discord.ui.ActionRow[Any](*turning, ticking),
        discord.ui.ActionRow[Any](*decide),
    ]
