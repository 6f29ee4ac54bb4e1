"""Turning the pages of a long message."""

import discord

from cogs._buttons import Button


def page_buttons(prefix: str, page: int, n_pages: int) -> list[Button]:
    """Make "previous" and "next"; none where there is one page."""
    if n_pages < 2:  # noqa: PLR2004 - nothing to turn
        return []
    return [
        discord.ui.Button(
            label="◀ Previous", disabled=page == 0, custom_id=f"{prefix}:{max(page - 1, 0)}"
        ),
        discord.ui.Button(
            label="Next ▶", disabled=page == n_pages - 1, custom_id=f"{prefix}:{page + 1}"
        ),
    ]
