"""What is said about saved and top songs that count as a start."""

from typing import Final

from cogs._format import count
from musicrec.services import HintState, TakenHints

_WHAT_IT_IS: Final = (
    "-# **Your saved and top songs as a start:** I take which songs you keep and play most on "
    "Spotify as your own word that you probably like them. Each counts about a third of a rating, "
    "and all of them no more than your ratings together. How they sound I know from other "
    "sources; nothing else of Spotify is learned from."
)


def hints_text(state: HintState) -> str:
    """Say what may be taken over, or what was; empty where there is nothing to say."""
    if state.n_all:
        rated = state.n_all - state.n_counting
        lines = [f"{_songs(state.n_counting)} on Spotify {_count_as(state.n_counting)}."]
        if rated:
            lines.append(f"Of {count(rated, 'more')} your rating alone counts.")
        return " ".join(lines)
    return _WHAT_IT_IS if state.may_take else ""


def taken_hints_text(taken: TakenHints) -> str:
    """Say what became of the songs."""
    if not (taken.n_taken or taken.n_labelled or taken.n_unknown):
        return "Spotify shows me no saved or top songs of yours, so nothing has changed."
    lines = [f"{_songs(taken.n_taken)} on Spotify {_count_as(taken.n_taken)} now."]
    if taken.n_labelled:
        lines.append(f"{count(taken.n_labelled, 'song')} had your rating, which alone counts.")
    if taken.n_unknown:
        lines.append(f"{count(taken.n_unknown, 'song')} I do not know.")
    if not taken.is_whole:
        lines.append("Spotify wanted no more questions before I had read all; that may be more.")
    if taken.n_taken and taken.missing_labels:
        needed = count(taken.missing_labels, "more rating")
        lines.append(f"I begin to learn from them once you have given at least {needed}.")
    elif taken.n_taken:
        lines.append("I learn from them now; that takes a few seconds.")
    return " ".join(lines)


def forgotten_text(n_forgotten: int) -> str:
    """Say what was forgotten."""
    if not n_forgotten:
        return "No songs from Spotify count here; nothing has changed."
    return (
        f"I have forgotten {count(n_forgotten, 'song')} from Spotify and dropped what I had "
        "learned from them. Your ratings stay."
    )


def _songs(n: int) -> str:
    return count(n, "song that you keep or play most", "songs that you keep or play most")


def _count_as(n: int) -> str:
    return f"{'counts' if n == 1 else 'count'} as probably liked, less than a rating"
