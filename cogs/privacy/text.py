"""What is said about a listener's data."""

from typing import Final

from cogs._format import count
from musicrec.services import DataSummary, DeletionReceipt

DELETE_QUESTION: Final = (
    "### Delete everything I store about you?\n"
    "Your ratings, the songs I showed you, my guesses, what I learned, what you share, playlists "
    "that I made for you, what takes changes of playlists back and the links to your accounts will "
    "be gone for good. "
    "To keep a copy, use /privacy export first."
)
_NOTHING_ELSE: Final = (
    "It is kept under your Discord user id. I store no Discord name, no messages and nothing else."
)
KEPT: Final = "Nothing was deleted."
EXPORTED: Final = (
    "Everything I store about you. `labels.csv` holds your ratings; the command line "
    "`musicrec train` reads it."
)


def summary_text(summary: DataSummary) -> str:
    """Say what is stored, in full."""
    if summary.since is None:
        return "I store nothing about you."
    since = f"<t:{int(summary.since.timestamp())}:D>"
    servers = count(summary.n_shared, "server")
    events = count(summary.n_label_events, "entry", "entries")
    return "\n".join(
        (
            f"### What I store about you since {since}",
            f"- {summary.likes} 👍 and {summary.dislikes} 👎; with every change of mind, {events}",
            f"- {count(summary.n_shortlists, 'list')} of songs that I showed you",
            f"- {count(summary.n_models, 'model')} learned from your ratings",
            f"- {count(summary.n_guesses, 'guess', 'guesses')} that I told you",
            *([f"- that others on {servers} may lean on your ratings"] if summary.n_shared else []),
            *_comparable(summary),
            *_playlists(summary),
            *(
                f"- the link to your {kind} account: its name and id there, and the keys to it, "
                "encrypted"
                for kind in summary.accounts
            ),
            *(
                [f"- {count(summary.n_hints, 'song')} that you keep or play most on Spotify"]
                if summary.n_hints
                else []
            ),
            _NOTHING_ELSE,
            "-# /privacy export gives you all of it; /privacy delete removes it.",
        )
    )


def _comparable(summary: DataSummary) -> list[str]:
    servers = count(summary.n_comparable, "server")
    words = f"- that others on {servers} may see how your taste compares with theirs"
    return [words] if summary.n_comparable else []


def _playlists(summary: DataSummary) -> list[str]:
    made, edits = summary.n_playlists, summary.n_edits
    lines = [f"- {count(made, 'playlist')} that I made for you"] if made else []
    if edits:
        lines.append(
            f"- {count(edits, 'change')} of playlists, each with the list before it, to undo it"
        )
    return lines


def receipt_text(receipt: DeletionReceipt) -> str:
    """Say what was deleted."""
    kinds = (receipt.label_events, receipt.shortlists, receipt.models, receipt.guesses)
    lists = (receipt.playlists, receipt.edits)
    others = (receipt.shared, receipt.comparable, receipt.accounts, receipt.hints)
    if not (any(kinds) or any(lists) or any(others)):
        return "There was nothing to delete."
    sharing = " Nobody's guesses lean on your ratings any more." if receipt.shared else ""
    sharing += " Nobody can compare your taste any more." if receipt.comparable else ""
    linked = count(receipt.accounts, "account of yours is", "accounts of yours are")
    accounts = f" {linked} no longer linked." if receipt.accounts else ""
    kept = count(receipt.hints, "song that you keep", "songs that you keep")
    hints = f" {kept} on Spotify: forgotten too." if receipt.hints else ""
    made, edits = count(receipt.playlists, "playlist"), count(receipt.edits, "change")
    playlists = f", {made} and {edits} of playlists" if any(lists) else ""
    return (
        f"Deleted: {count(receipt.label_events, 'rating entry', 'rating entries')}, "
        f"{count(receipt.shortlists, 'list')} of songs, {count(receipt.models, 'model')} and "
        f"{count(receipt.guesses, 'guess', 'guesses')}{playlists}. "
        f"I know nothing about you any more.{sharing}{accounts}{hints}"
    )
