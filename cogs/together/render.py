"""A blend as pages of songs."""

from collections.abc import Sequence
from typing import Any, Final

import discord

from cogs._buttons import label_buttons
from cogs._comparing_text import CONSENT, listed, name_of
from cogs._format import count, listen_link, percent, safe, song_name
from cogs._layout import Item, Layout, text
from cogs._made import made_buttons
from cogs._pages import page_buttons
from musicrec.domain.account import AccountKind
from musicrec.domain.ids import ShortlistId
from musicrec.domain.shortlist import ShortlistEntry
from musicrec.domain.track import Track
from musicrec.services import Blend, MadeList

PER_PAGE: Final = 7
"""Songs with two buttons each are 28 of Discord's 40 components."""

AGREED: Final = (
    "You agreed to be compared on this server. Ask again with /taste compare, /bridge or /blend; "
    f"I need some ratings of yours for it, and /rate collects them.\n-# {CONSENT}"
)
NOT_YOURS: Final = (
    "Only the person named on it can press that button. /share on agrees for yourself."
)
_GONE: Final = "a song that I do not have any more"


def blend_words(blend: Blend, others: Sequence[discord.abc.User], n_asked: int) -> str:
    """Say for whom the blend is, how it was chosen, and how it suits each of them."""
    n = len(blend.made.shortlist.entries)
    few = f" No more than {n} were left, at most two of an artist." if n < n_asked else ""
    names = [name_of(who) for who in others]
    chances = [
        f"{name} {percent(mean)}" for name, mean in zip(["you", *names], blend.means, strict=True)
    ]
    return (
        f"### {safe(blend.made.title, 80)}: {count(n, 'song')} for you and {listed(names)}\n"
        "Chosen by the chance of whoever likes each song least; nobody has disliked one of them."
        f"{few}\nOn average: {', '.join(chances)}.\n{_KEPT}"
    )


_KEPT: Final = (
    "-# It is kept here as yours, without anybody's name: pick it in the /playlist commands."
)


def blend_page(
    made: MadeList, page: int = 0, *, accounts: Sequence[AccountKind], above: str = ""
) -> Layout:
    """Show some songs with your chance, what holds for everybody, link and 👍/👎."""
    entries = made.shortlist.entries
    n_pages = max(1, -(-len(entries) // PER_PAGE))
    page = min(page, n_pages - 1)
    some = slice(page * PER_PAGE, (page + 1) * PER_PAGE)
    shortlist_id = made.shortlist.id or ShortlistId(0)
    items: list[Item] = [text(above or f"### {safe(made.title, 80)}\n{_KEPT}")]
    for entry, track in zip(entries[some], made.tracks[some], strict=True):
        items += _song(entry, track, shortlist_id)
    if n_pages > 1:
        turning = page_buttons(f"blend:v1:page:{made.kept_id}:{shortlist_id}", page, n_pages)
        items.append(discord.ui.ActionRow[Any](*turning))
    items.append(discord.ui.ActionRow[Any](*made_buttons(made.kept_id, shortlist_id, accounts)))
    return Layout(*items)


def _song(entry: ShortlistEntry, track: Track | None, shortlist_id: ShortlistId) -> list[Item]:
    if track is None:
        return [text(f"**{entry.position}.** {_GONE}")]
    chance = "" if entry.p_like is None else f"you {percent(entry.p_like)}"
    details = (chance, safe(entry.reason, 80), listen_link(track))
    said = " · ".join(part for part in details if part)
    row = discord.ui.ActionRow[Any](*label_buttons(track.id, shortlist_id))
    return [text(f"**{entry.position}.** {song_name(track)}\n{said}"), row]
