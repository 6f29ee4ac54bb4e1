"""A playlist that was made, to be listened to, rated, saved and sent."""

from collections.abc import Iterable
from typing import Any, Final

import discord

from cogs._bot import BotInteraction, listener_of
from cogs._buttons import MADE_FILE, MADE_PAGE, label_buttons, shortlist_of
from cogs._components import PersistentButton
from cogs._format import count, listen_link, percent, safe, song_name
from cogs._layout import Item, Layout, text
from cogs._made import made_buttons
from cogs._pages import page_buttons
from cogs.playlists.render import file_page
from musicrec.domain.account import AccountKind
from musicrec.domain.ids import ShortlistId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.shortlist import ShortlistEntry
from musicrec.domain.track import Track
from musicrec.playlists.formats.files import PlaylistFormat
from musicrec.services import MadeList

PER_PAGE: Final = 7
"""Songs with two buttons each are 28 of Discord's 40 components."""

_GONE: Final = "a song that I do not have any more"


class MadePageButton(PersistentButton, template=MADE_PAGE):
    """Turn to another page of a new playlist."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Show the page, to its listener alone."""
        kept_id = KeptId(int(self.fields["kept"]))
        shortlist_id = shortlist_of(self.fields) or ShortlistId(0)
        services, listener_id = interaction.client.services, listener_of(interaction)
        made = await services.making.show(listener_id, kept_id, shortlist_id)
        accounts = await services.copies.accounts(listener_id)
        layout = made_page(made, int(self.fields["page"]), accounts=accounts)
        await interaction.response.edit_message(view=layout)


class MadeFileButton(PersistentButton, template=MADE_FILE):
    """Give a new playlist as a file."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Answer with the file."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        services, listener_id = interaction.client.services, listener_of(interaction)
        opened = await services.places.open(listener_id, f"here:{self.fields['kept']}")
        file = await services.playlists.write(opened.playlist, PlaylistFormat.CSV)
        words = "Here it is as CSV; /playlist export has other formats."
        layout, files = file_page(words, file)
        await interaction.edit_original_response(view=layout, attachments=files)


def made_page(
    made: MadeList, page: int = 0, *, accounts: Iterable[AccountKind], n_asked: int = 0
) -> Layout:
    """Show some songs with chance, reason, link and 👍/👎; it can be copied to some accounts."""
    entries = made.shortlist.entries
    n_pages = max(1, -(-len(entries) // PER_PAGE))
    page = min(page, n_pages - 1)
    first = page * PER_PAGE
    items: list[Item] = [text(_above(made, n_asked))]
    for entry, track in zip(
        entries[first : first + PER_PAGE], made.tracks[first : first + PER_PAGE], strict=True
    ):
        items += _song(entry, track, made.shortlist.id)
    shortlist_id = made.shortlist.id or ShortlistId(0)
    turning = page_buttons(f"made:v1:page:{made.kept_id}:{shortlist_id}", page, n_pages)
    if turning:
        items.append(discord.ui.ActionRow[Any](*turning))
    doing = made_buttons(made.kept_id, shortlist_id, accounts)
    items.append(discord.ui.ActionRow[Any](*doing))
    return Layout(*items)


def _above(made: MadeList, n_asked: int) -> str:
    n = len(made.shortlist.entries)
    few = f" No more than {n} fit, at most two of an artist." if n < n_asked else ""
    by = (
        "Chosen by sound, and among those by your taste."
        if any(one.p_like is not None for one in made.shortlist.entries)
        else "Chosen by sound alone, because I do not know your taste yet."
    )
    return (
        f"### {safe(made.title, 80) or 'Untitled'}: {count(n, 'song')} you do not know from here\n"
        f"{by}{few} It is kept here: pick it in the other /playlist commands."
    )


def _song(
    entry: ShortlistEntry, track: Track | None, shortlist_id: ShortlistId | None
) -> list[Item]:
    if track is None:
        return [text(f"**{entry.position}.** {_GONE}")]
    chance = "" if entry.p_like is None else percent(entry.p_like)
    details = (chance, safe(entry.reason, 130), listen_link(track))
    said = " · ".join(part for part in details if part)
    row = discord.ui.ActionRow[Any](*label_buttons(track.id, shortlist_id))
    return [text(f"**{entry.position}.** {song_name(track)}\n{said}"), row]
