"""What is said about comparing: the consent, and the answer."""

from collections.abc import Sequence
from typing import Any, Final

import discord

from cogs._buttons import label_buttons
from cogs._format import count, listen_link, percent, safe, song_name
from cogs._layout import Item, Layout, text
from musicrec.domain.together import Agreement, Comparison, SharedSong, Trait

CONSENT: Final = (
    "Whoever agrees lets people on this server see, with /taste compare, /bridge and /blend, how "
    "their taste compares with that of others who agreed: how often they say the same, a genre "
    "and a sound that they lean to, and how likely I think they like a few songs. The weekly "
    "digest may name them as the first to like a song on a public card. Nobody sees their list "
    "of ratings. /share off ends it at once."
)

_FEW_BOTH: Final = 5
"""Songs rated by both from which on they are worth telling apart from guesses."""


def name_of(who: discord.abc.User) -> str:
    """Return a name in markdown; it pings nobody."""
    return f"**{safe(who.display_name, 40)}**"


def asked_of_others(names: Sequence[str]) -> str:
    """Ask people who cannot be compared; the same words whatever the reason is."""
    has = "has" if len(names) == 1 else "have"
    said = f"{listed(names)} {has} not opted in or {has} no model yet, so I compare nothing."
    return f"{said}\n-# {CONSENT} Only the person named on a button can press it."


def asked_of_oneself() -> str:
    """Ask whoever wants to compare themself."""
    return f"Whoever compares agrees to be compared first, and you have not.\n-# {CONSENT}"


def listed(names: Sequence[str]) -> str:
    """Join names: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def comparison_layout(comparison: Comparison, first: str | None, second: str | None) -> Layout:
    """Show a comparison; a name that is None is the reader's."""
    them = "them" if first and second else "you two"
    return Layout(
        text("\n".join(_lines(comparison, first, second))),
        *_song("Both would most likely like", comparison.for_both, first, second),
        *_song(f"This would most likely split {them}", comparison.splits, first, second),
        text("-# From what each one rated. Nothing of this is kept about anybody else."),
    )


def agreement_words(agreement: Agreement, they: str = "they") -> str:
    """Say how often two people agree, how sure that is, and what chance alone would do."""
    low, high = percent(agreement.low), percent(agreement.high)
    return (
        f"{they.capitalize()} would say the same about some **{percent(agreement.share)}** of "
        f"well-known songs: in four of five cases the true share is between {low} and {high}. Two "
        "people who like as many songs, but each for themself, agree on "
        f"{percent(agreement.by_chance)}. "
        f"{_verdict(agreement, they)} {_basis(agreement)}"
    )


def _lines(comparison: Comparison, first: str | None, second: str | None) -> list[str]:
    lines = [
        f"### {first or 'You'} and {second or 'you'}",
        agreement_words(comparison.agreement, "they" if first and second else "you two"),
    ]
    lines += [_alike_words(one) for one in comparison.alike]
    lines += [_apart_words(one, first or "you", second or "you") for one in comparison.apart]
    if not comparison.alike and not comparison.apart:
        lines.append("I see no genre or sound on which they clearly agree or differ.")
    return lines


def _verdict(agreement: Agreement, they: str) -> str:
    if agreement.low > agreement.by_chance:
        return f"So {they} are more alike than chance would have it."
    if agreement.high < agreement.by_chance:
        return f"So {they} are less alike than chance would have it."
    return f"So I cannot tell yet whether {they} are more alike than chance would have it."


def _basis(agreement: Agreement) -> str:
    if agreement.n_both >= _FEW_BOTH:
        songs = count(agreement.n_both, "song")
        return f"Both rated {songs} and said the same of {agreement.n_same}."
    if agreement.n_both:
        rated = f"Both rated only {count(agreement.n_both, 'song')}"
    else:
        rated = "There is no song yet that both rated"
    return f"{rated}, so this is from my guesses about each of both."


def _alike_words(trait: Trait) -> str:
    if trait.is_genre and trait.first < 0:
        return f"- Alike: both lean away from {_what(trait, high=True)}."
    return f"- Alike: both lean towards {_what(trait, high=trait.first > 0)}."


def _apart_words(trait: Trait, first: str, second: str) -> str:
    more, less = (first, second) if trait.first > 0 else (second, first)
    away = "away from it" if trait.is_genre else f"towards {_what(trait, high=False)}"
    return f"- Apart: {_leans(more)} towards {_what(trait, high=True)}, {_leans(less)} {away}."


def _leans(name: str) -> str:
    return "you lean" if name == "you" else f"{name} leans"


def _what(trait: Trait, *, high: bool) -> str:
    if trait.is_genre:
        return safe(trait.high, 40)
    return f"songs that are {trait.high if high else trait.low}"


def _song(
    headline: str, song: SharedSong | None, first: str | None, second: str | None
) -> list[Item]:
    if song is None:
        return []
    chances = f"{first or 'you'} {percent(song.first)}, {second or 'you'} {percent(song.second)}"
    details = " · ".join(part for part in (chances, listen_link(song.track)) if part)
    said = f"**{headline}**\n{song_name(song.track)}\n{details}"
    return [text(said), discord.ui.ActionRow[Any](*label_buttons(song.track.id))]
