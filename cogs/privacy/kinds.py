"""Every kind of data that is kept about a listener, in plain words.

A test fails while a personal table (``musicrec.storage.personal``) has no words here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cogs._format import count
from musicrec.services import DataSummary


@dataclass(frozen=True, slots=True)
class Kind:
    """What is said about the rows of one table.

    Attributes:
        shown: Completes "I store …", from their number and the summary.
        why: What they are for.
        source: Where they came from.
        counted: Completes "Deleted: …", from their number.
        after: What is different once they are gone; may be empty.
    """

    shown: Callable[[int, DataSummary], str]
    why: str
    source: str
    counted: Callable[[int], str]
    after: str = ""


def _number(noun: str, plural: str = "", more: str = "") -> Callable[[int, DataSummary], str]:
    return lambda n, _: count(n, noun, plural) + more


def _counted(noun: str, plural: str = "") -> Callable[[int], str]:
    return lambda n: count(n, noun, plural)


def _verdicts(n_events: int, summary: DataSummary) -> str:
    events = count(n_events, "entry", "entries")
    return f"{summary.likes} 👍 and {summary.dislikes} 👎; with every change of mind, {events}"


def _copies(n: int, _: DataSummary) -> str:
    copies = "a copy of them is" if n == 1 else f"{n:,} copies of them are"
    return f"where {copies} at your accounts elsewhere"


def _accounts(_: int, summary: DataSummary) -> str:
    links = " and ".join(f"the link to your {kind} account" for kind in summary.accounts)
    return f"{links}: its name and id there, and the keys to it, encrypted"


KINDS: Final[Mapping[str, Kind]] = {
    "label_events": Kind(
        _verdicts,
        "to learn what you like, and to take any of it back",
        "you; ListenBrainz, if you took verdicts over",
        _counted("rating entry", "rating entries"),
    ),
    "corrections": Kind(
        _number("correction", more=" of songs that I recommended, with those that you took back"),
        "to recommend other songs",
        "you",
        _counted("correction"),
    ),
    "shortlists": Kind(
        _number("list", more=" of songs that I showed you"),
        "never to show a song twice, and so that buttons keep working",
        "made here",
        _counted("list of songs", "lists of songs"),
    ),
    "shortlist_entries": Kind(
        _number("song", more=" in them"),
        "as above, each with its chance and reason",
        "made here",
        _counted("song in them", "songs in them"),
    ),
    "guesses": Kind(
        _number("guess", "guesses", " that I told you"),
        "to show how often I was right",
        "computed here",
        _counted("guess", "guesses"),
    ),
    "models": Kind(
        _number("model", more=" learned from your ratings"),
        "to guess and to recommend; the last three stay",
        "computed here",
        _counted("model"),
    ),
    "weekly_plans": Kind(
        lambda _, __: "when and where you get weekly lists",
        "to bring them",
        "you",
        lambda _: "your wishes for weekly lists",
        "You get no more weekly lists.",
    ),
    "weeks": Kind(
        _number("weekly list"),
        "to bring each once, and to find it again",
        "made here",
        _counted("weekly list"),
    ),
    "week_previews": Kind(
        lambda _, __: "what your next weekly list would have been when you looked at it last",
        "so that its pages can be turned",
        "made here",
        lambda _: "what you looked at of a coming weekly list",
    ),
    "quiet_hours": Kind(
        lambda _, __: "your quiet hours",
        "to send you nothing in them that you did not ask for",
        "you",
        lambda _: "your quiet hours",
        "What you did not ask for may come at any hour.",
    ),
    "kept_playlists": Kind(
        _number("playlist", more=" that I made for you"),
        "to show, send and export them",
        "you, and made here",
        _counted("playlist"),
    ),
    "playlist_copies": Kind(
        _copies,
        "to make each only once",
        "the account that it is at",
        _counted("note where a copy is", "notes where copies are"),
        "Playlists at your accounts elsewhere stay there.",
    ),
    "playlist_edits": Kind(
        _number("change", more=" of playlists, each with the list before it"),
        "to undo it. Where Spotify ends the link to your account, those of playlists there stay, "
        "so that undo works after you link it again; /unlink deletes them",
        "you, and the account or file of the list",
        lambda n: f"{count(n, 'change')} of playlists",
    ),
    "accounts": Kind(
        _accounts,
        "to read and change playlists there when you ask for it",
        "you, and that service",
        _counted("linked account"),
        "No account of yours is linked any more.",
    ),
    "pending_links": Kind(
        _number("link", more=" to an account that you began"),
        "to finish it, within ten minutes",
        "you",
        _counted("unfinished link"),
    ),
    "hints": Kind(
        _number("song", more=" that you keep or play most on Spotify"),
        "to guess better from few ratings",
        "Spotify, because you said so",
        lambda n: f"{count(n, 'song')} that you keep on Spotify",
    ),
    "shared_tastes": Kind(
        lambda n, _: f"that others on {count(n, 'server')} may lean on your ratings",
        "their guesses get better from few ratings, and they see no name",
        "you, by /share on",
        _counted("consent to lean on your ratings", "consents to lean on your ratings"),
        "Nobody's guesses lean on your ratings any more.",
    ),
    "comparable_tastes": Kind(
        lambda n, _: (
            f"that others on {count(n, 'server')} may see how your taste compares with theirs"
        ),
        "for comparisons, bridges and blends, by name",
        "you, by /share on or a button",
        _counted("consent to be compared", "consents to be compared"),
        "Nobody can compare your taste any more.",
    ),
    "listeners": Kind(
        lambda _, __: "your Discord user id and the day you came",
        "all of this is kept under it",
        "Discord",
        lambda _: "your user id",
    ),
}
