"""What is said about a listener's data."""

from typing import Final

from cogs._format import count
from musicrec.services import DataSummary, DeletionReceipt

DELETE_QUESTION: Final = (
    "### Delete everything I store about you?\n"
    "Your ratings and corrections, the songs I showed you, my guesses, what I learned, what you "
    "share, playlists and weekly lists that I made for you, what takes changes of playlists back "
    "and the links to your accounts will be gone for good. To keep a copy, use /privacy export "
    "first."
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
            *_corrections(summary),
            *_weekly(summary),
            _NOTHING_ELSE,
            "-# /privacy export gives you all of it; /privacy delete removes it.",
        )
    )


def _corrections(summary: DataSummary) -> list[str]:
    said = count(summary.n_corrections, "correction")
    line = f"- {said} of songs that I recommended, with those that you took back"
    return [line] if summary.n_corrections else []


def _comparable(summary: DataSummary) -> list[str]:
    servers = count(summary.n_comparable, "server")
    words = f"- that others on {servers} may see how your taste compares with theirs"
    return [words] if summary.n_comparable else []


def _playlists(summary: DataSummary) -> list[str]:
    made, edits = summary.n_playlists, summary.n_edits
    lines = [f"- {count(made, 'playlist')} that I made for you"] if made else []
    if summary.n_copies:
        lines.append(f"- where {_copies(summary.n_copies)} at your accounts elsewhere")
    if edits:
        lines.append(
            f"- {count(edits, 'change')} of playlists, each with the list before it, to undo it. "
            "Where Spotify ends the link to your account, those of playlists there stay, so that "
            "undo works after you link it again; /unlink deletes them"
        )
    return lines


def _copies(n: int) -> str:
    return "a copy of them is" if n == 1 else f"{n:,} copies of them are"


def _weekly(summary: DataSummary) -> list[str]:
    lists = [f"- {count(summary.n_weeks, 'weekly list')}"] if summary.n_weeks else []
    lists += ["- when and where you get weekly lists"] * summary.has_weekly_plan
    return lists + ["- your quiet hours"] * summary.has_quiet_hours


def receipt_text(receipt: DeletionReceipt) -> str:
    """Say what was deleted."""
    kinds = (receipt.label_events, receipt.shortlists, receipt.models, receipt.guesses)
    lists = (receipt.playlists, receipt.edits, receipt.weeks, receipt.weekly_plans)
    others = (receipt.shared, receipt.comparable, receipt.accounts, receipt.hints)
    others += (receipt.corrections, receipt.quiet_hours)
    if not (any(kinds) or any(lists) or any(others)):
        return "There was nothing to delete."
    sharing = " Nobody's guesses lean on your ratings any more." if receipt.shared else ""
    sharing += " Nobody can compare your taste any more." if receipt.comparable else ""
    linked = count(receipt.accounts, "account of yours is", "accounts of yours are")
    accounts = f" {linked} no longer linked." if receipt.accounts else ""
    kept = count(receipt.hints, "song that you keep", "songs that you keep")
    hints = f" {kept} on Spotify: forgotten too." if receipt.hints else ""
    corrected = f"{count(receipt.corrections, 'correction')}, " if receipt.corrections else ""
    made, edits = count(receipt.playlists, "playlist"), count(receipt.edits, "change")
    playlists = f", {made} and {edits} of playlists" if any(lists[:2]) else ""
    copies = " Playlists at your accounts elsewhere stay there." if receipt.copies else ""
    weekly = f" Your {count(receipt.weeks, 'weekly list')}: gone." if receipt.weeks else ""
    weekly += " You get no more weekly lists." if receipt.weekly_plans else ""
    weekly += " Your quiet hours: gone." if receipt.quiet_hours else ""
    return (
        f"Deleted: {count(receipt.label_events, 'rating entry', 'rating entries')}, "
        f"{corrected}{count(receipt.shortlists, 'list')} of songs, "
        f"{count(receipt.models, 'model')} and "
        f"{count(receipt.guesses, 'guess', 'guesses')}{playlists}. "
        f"I know nothing about you any more.{sharing}{accounts}{hints}{copies}{weekly}"
    )
