"""A shortlist as a message.

It has to fit into Discord's 40 components; the heading is therefore part of the first text.
"""

from typing import Any, Final

import discord

from cogs._buttons import label_buttons
from cogs._format import count, listen_link, percent, safe, song_name
from cogs._layout import Item, Layout, text
from cogs._leaning import invitation_words, leaning_words
from cogs._learned import accuracy_words
from cogs._picks import correction_select
from musicrec.domain.shortlist import ShortlistEntry
from musicrec.domain.track import Track
from musicrec.services import Recommendations

MOST_SONGS: Final = 9
"""Songs of one message: a text, a row and two buttons each, and a row with the select."""

_MOST_ASKED: Final = 4
"""Corrections that are named; the list of all is long."""


def shortlist_layouts(found: Recommendations, *, title: str = "For you") -> list[Layout]:
    """Show every song with its chance, a reason, a link and its buttons, in as few messages as fit.

    Below the songs of each message one select corrects them.
    """
    shown = list(zip(found.shortlist.entries, found.tracks, strict=True))
    n_messages = -(-len(shown) // MOST_SONGS)
    size = -(-len(shown) // n_messages)
    heading = f"### {title}\n{_basis(found)}\n"
    return [
        _layout(found, shown[first : first + size], "" if first else heading)
        for first in range(0, len(shown), size)
    ]


def _layout(
    found: Recommendations, shown: list[tuple[ShortlistEntry, Track]], heading: str
) -> Layout:
    items: list[Item] = []
    for number, (entry, track) in enumerate(shown):
        above = "" if number else heading
        row = discord.ui.ActionRow[Any](*label_buttons(track.id, found.shortlist.id))
        items += [text(f"{above}{_song(entry, track)}"), row]
    titles = {track.id: track.title for _, track in shown}
    select = correction_select(titles, first=shown[0][0].position)
    return Layout(*items, discord.ui.ActionRow[Any](select))


def _song(entry: ShortlistEntry, track: Track) -> str:
    chance = percent(entry.p_like) if entry.p_like is not None else ""
    parts = (chance, safe(entry.reason, 90), listen_link(track))
    details = " · ".join(part for part in parts if part)
    return f"**{entry.position}.** {song_name(track)}\n{details}"


def _basis(found: Recommendations) -> str:
    return "\n".join(line for line in (_source(found), _asked(found)) if line)


def _asked(found: Recommendations) -> str:
    """Say which corrections count."""
    if not found.asked:
        return ""
    wishes = [safe(wish, 60) for wish in found.asked[:_MOST_ASKED]]
    more = ", …" if len(found.asked) > _MOST_ASKED else ""
    return f"-# As you asked: {', '.join(wishes)}{more} (/taste corrections)."


def _source(found: Recommendations) -> str:
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
    # A corrected chance has none.
    which = "Each chance" if len(margins) == len(found.explanations) else "An uncorrected chance"
    points = count(max(1, round(100 * max(margins))), "point")
    return f"{which} is likely within {points} of the truth."
