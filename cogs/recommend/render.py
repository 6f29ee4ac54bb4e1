"""A shortlist as a message.

Ten songs have to fit into Discord's 40 components: a text and a row with two buttons each, and
nothing else. The heading is therefore part of the first text.
"""

from typing import Any

import discord

from cogs._buttons import label_buttons
from cogs._format import count, listen_link, percent, safe, song_name
from cogs._layout import Item, Layout, text
from cogs._leaning import invitation_words, leaning_words
from cogs._learned import accuracy_words
from musicrec.domain.shortlist import ShortlistEntry
from musicrec.domain.track import Track
from musicrec.services import Recommendations


def shortlist_layout(found: Recommendations, *, title: str = "For you") -> Layout:
    """Show every song with its chance, a reason, a link and its buttons."""
    shortlist = found.shortlist
    texts = [
        _song(entry, track) for entry, track in zip(shortlist.entries, found.tracks, strict=True)
    ]
    texts[0] = f"### {title}\n{_basis(found)}\n{texts[0]}"
    items: list[Item] = []
    for content, track in zip(texts, found.tracks, strict=True):
        row = discord.ui.ActionRow[Any](*label_buttons(track.id, shortlist.id))
        items += [text(content), row]
    return Layout(*items)


def _song(entry: ShortlistEntry, track: Track) -> str:
    chance = percent(entry.p_like) if entry.p_like is not None else ""
    parts = (chance, safe(entry.reason, 90), listen_link(track))
    details = " · ".join(part for part in parts if part)
    return f"**{entry.position}.** {song_name(track)}\n{details}"


def _basis(found: Recommendations) -> str:
    if found.leaning is not None:
        invitation = invitation_words(found.leaning)
        return f"-# {leaning_words(found.leaning)} {invitation}".rstrip()
    words = accuracy_words(found.accuracy, found.baseline_accuracy)
    source = f"{count(found.n_labels, 'rating')}, by {found.algorithm_title}"
    return f"-# From {source}. {words} {_margin(found)}".rstrip()


def _margin(found: Recommendations) -> str:
    """Say once how sure the chances are: a range on every line would be noise."""
    margins = [
        max(said.p_like - said.interval[0], said.interval[1] - said.p_like)
        for said in found.explanations
        if said.interval is not None
    ]
    if not margins:
        return ""
    points = count(max(1, round(100 * max(margins))), "point")
    return f"Each chance is likely within {points} of the truth."
