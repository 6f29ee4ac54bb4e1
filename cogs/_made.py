"""What can be done with a playlist that was made here; ``cogs.playlists`` answers the buttons."""

from collections.abc import Iterable
from typing import Any

import discord

from cogs._buttons import Button
from musicrec.domain.account import AccountKind
from musicrec.domain.ids import ShortlistId
from musicrec.domain.kept_playlist import KeptId


def made_buttons(
    kept_id: KeptId, shortlist_id: ShortlistId, accounts: Iterable[AccountKind]
) -> list[Button]:
    """Make what can be done with a new playlist: save it, or copy it to one of some accounts."""
    file: Button = discord.ui.Button(label="As a file", custom_id=f"made:v1:file:{kept_id}")
    to = f"made:v1:send:{kept_id}:{shortlist_id}"
    copies = (
        discord.ui.Button[Any](label=f"To {account}", custom_id=f"{to}:{account.lower()}")
        for account in accounts
    )
    return [file, *copies]
