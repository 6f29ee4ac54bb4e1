"""What is said about places and about songs from there."""

from typing import Final

from cogs._format import count, listen_link, percent, safe, song_name, title_of
from cogs._places import country_name, listed
from musicrec.domain.places import STAMPED_AT, News, Place, PlaceKind
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.track import Track
from musicrec.services import Exploration, ExploredSong, Outlook, ProposedPlace

_DIAL: Final = ((0.25, "close to what you know"), (0.75, "a mix of safe and new"))
_FAR: Final = "far from what you know"
_FLAG_A: Final = 0x1F1E6


def place_name(place: Place, language: str) -> str:
    """Return a place's name, with a country's flag; plain text."""
    if place.kind is PlaceKind.GENRE:
        return place.name
    flag = "".join(chr(_FLAG_A + ord(letter) - ord("A")) for letter in place.name)
    return f"{flag} {country_name(place.name, language)}"


def where_from(only: SongFilter, language: str) -> str:
    """Name the place that songs were asked from, in markdown."""
    country = country_name(only.country, language) if only.country else ""
    return " · ".join(safe(part, 60) for part in (only.genre or "", country) if part)


def outlook_words(outlook: Outlook) -> str:
    """Say what the proposed places are, and what the numbers mean."""
    title = "### Where to go again" if outlook.is_everywhere else "### Where to?"
    been = (
        "I have no songs left from where you have hardly been; here it may be worth going back."
        if outlook.is_everywhere
        else f"You have rated fewer than {STAMPED_AT} songs from each of these."
    )
    return (
        f"{title}\n-# {been} The chance is what I expect for the best songs there, from your "
        f"{count(outlook.n_labels, 'rating')}; their order is {_dial(outlook.adventure)}."
    )


def proposal_words(number: int, proposed: ProposedPlace, language: str) -> str:
    """Say why one place is proposed."""
    name = safe(place_name(proposed.place, language), 80)
    rated = f", {proposed.n_rated} rated" if proposed.n_rated else ""
    return (
        f"**{number}. {name}**: {percent(proposed.p_like)}{rated}, such as "
        f"{song_name(proposed.example)}"
    )


def exploration_words(found: Exploration, language: str) -> str:
    """Head a list of songs."""
    place = where_from(found.only, language)
    basis = f"From {count(found.n_labels, 'rating')}, {_dial(found.adventure)}."
    been = (
        ""
        if found.is_new
        else " You know this place, and I found too few songs in it that are new in another way."
    )
    return f"### Explore: {place}\n-# {basis}{been}"


def song_words(song: ExploredSong, language: str) -> str:
    """Say what a song is, why the listener may like it, and what is new about it."""
    chance = percent(song.entry.p_like) if song.entry.p_like is not None else ""
    details = (chance, safe(song.entry.reason, 60), listen_link(song.track))
    near = listed([_short_name(track) for track in song.near])
    lines = [
        f"**{song.entry.position}.** {song_name(song.track)}",
        " · ".join(part for part in details if part),
        f"-# Sounds most like {near}, which you like." if near else "",
        f"-# {news_words(song.news, language, is_weak=song.is_country_weak)}",
    ]
    return "\n".join(line for line in lines if line)


def news_words(news: News, language: str, *, is_weak: bool) -> str:
    """Say what is new about a song."""
    country = country_name(news.country, language) if news.country else ""
    doubt = " (by its ISRC: perhaps only its label's)" if is_weak else ""
    parts = (
        f"the genre {safe(news.genre, 30)}" if news.genre else "",
        f"{safe(country, 40)}{doubt}" if country else "",
        f"the {news.decade}s" if news.decade else "",
    )
    new = listed([part for part in parts if part])
    return f"New to you: {new}." if new else "Nothing that I know about it is new to you."


def _short_name(track: Track) -> str:
    return f"**{title_of(track, 40)}** ({safe(track.main_artist, 25) or 'unknown artist'})"


def _dial(adventure: float) -> str:
    return next((words for most, words in _DIAL if adventure <= most), _FAR)
