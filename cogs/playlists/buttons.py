"""How the buttons of this feature are made; ``cogs._buttons`` has their grammar."""

import discord

from cogs._buttons import Button
from musicrec.domain.playlist_copy import PlaylistCopy
from musicrec.domain.playlist_edit import EditId

_TICKED, _EMPTY = "☑", "☐"


def tick_button(edit_id: EditId, page: int, position: int, *, is_on: bool) -> Button:
    """Make the tick of one song; what it does is named, so that a late click does it once."""
    return discord.ui.Button(
        label=_TICKED if is_on else _EMPTY,
        style=discord.ButtonStyle.danger if is_on else discord.ButtonStyle.secondary,
        custom_id=f"edit:v1:{'off' if is_on else 'on'}:{edit_id}:{page}:{position}",
    )


def tick_all_button(edit_id: EditId, page: int, *, is_on: bool) -> Button:
    """Make the button that ticks every song of all pages, or none."""
    return discord.ui.Button(
        label="Untick all" if is_on else "Tick all",
        custom_id=f"edit:v1:{'off' if is_on else 'on'}:{edit_id}:{page}:all",
    )


def decide_buttons(edit_id: EditId, what: str, against: str, *, is_on: bool = True) -> list[Button]:
    """Make the two buttons that decide about an edit."""
    return [
        discord.ui.Button(
            label=what,
            style=discord.ButtonStyle.danger,
            disabled=not is_on,
            custom_id=f"edit:v1:make:{edit_id}",
        ),
        discord.ui.Button(label=against, custom_id=f"edit:v1:drop:{edit_id}"),
    ]


def undo_button(edit_id: EditId) -> Button:
    """Make the button that takes an edit back."""
    return discord.ui.Button(label="Undo", custom_id=f"edit:v1:undo:{edit_id}")


def make_again_button(copy: PlaylistCopy) -> Button:
    """Make the button for another copy, in the place of one that is gone or never was."""
    where = copy.account.lower()
    return discord.ui.Button(
        label="Make it once more", custom_id=f"made:v1:again:{copy.kept_id}:{copy.begun_ms}:{where}"
    )
