"""What is said about linked accounts, in plain words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cogs._format import count, safe
from musicrec.domain.account import REMIND_AFTER, Account, AccountKind
from musicrec.services import LinkOffer, ModelFate, SentBack, TakenOver

_ABOUT: Final = (
    "**What I ask for:** to see your playlists, private and collaborative ones too, and to change "
    "them. I do it when you ask me to, never by myself.\n"
    "**What I keep:** the name and id of your account and the keys to it, encrypted. Nothing that "
    "Spotify tells me is learned from: I learn from your ratings alone.\n"
)
_ABOUT_WITH_SONGS: Final = (
    "**What I ask for:** to see your playlists, private and collaborative ones too, and to change "
    "them; and to see which songs you saved and play most. I do it when you ask me to, never by "
    "myself.\n"
    "**What I keep:** the name and id of your account and the keys to it, encrypted. I learn from "
    "your ratings; if you want, /link status lets your saved and top songs count too, less than "
    "a rating, and forgets them at once. What Spotify tells about songs I do not learn from.\n"
)
_GOOD_TO_KNOW: Final = (
    "**Good to know:** Spotify ends the link after six months; I remind you before. An "
    "application like mine may serve five people, whom whoever runs me has invited by name. "
    "/unlink forgets everything at once."
)
_PASTED: Final = (
    "2. Your browser then ends at a page that may not open: its address begins with "
    "`http://127.0.0.1`. That is as it should be. Copy the whole address.\n"
    "3. Press **Paste the address** here."
)
_DEMO: Final = (
    "### Link a demo account\n"
    "**This is not Spotify.** On this machine a small program stands in for it, with an account "
    "and playlists that are made up, so that you can try /playlist prune and undo without an "
    "account of yours. When it ends, they are as they were."
)
_SERVED: Final = "2. The page after it says when it is done."


LISTENBRAINZ_OFFER: Final = (
    "### Link your ListenBrainz account\n"
    "1. Copy your user token from <https://listenbrainz.org/settings>.\n"
    "2. Press **Enter my token** here. Do not write it into a channel: whoever has it can act for "
    "you there.\n"
    "**What I do with it:** what you loved or hated there becomes ratings here, and your ratings "
    "are told there, each only when you press a button; a list that /playlist make made can "
    "become a playlist there.\n"
    "**What I keep:** your name there and the token, encrypted. /unlink forgets both at once."
)


def token_done_text(account: Account) -> str:
    """Say that it worked, and what may be done."""
    return (
        f"{_name(account)} on {account.kind} is linked. Nothing has moved yet: the buttons move "
        "ratings, whenever you press them. /unlink forgets the account."
    )


def taken_text(taken: TakenOver) -> str:
    """Say what became of the verdicts from ListenBrainz."""
    new = taken.likes + taken.dislikes
    lines = [f"I took over {count(taken.likes, 'like')} and {count(taken.dislikes, 'dislike')}."]
    if not new and not taken.n_known and not taken.n_unknown:
        lines = ["You have loved or hated no song on ListenBrainz yet, so nothing has changed."]
    if taken.n_known:
        lines.append(f"{count(taken.n_known, 'song')} had your rating here already; it stays.")
    if taken.n_unknown:
        lines.append(
            f"{count(taken.n_unknown, 'song')} I do not know; /song add lets me get to know one."
        )
    if taken.model is ModelFate.DUE:
        lines.append("I learn from them now; that takes a few seconds.")
    if new:
        lines.append("/taste rewind takes all of it back.")
    return " ".join(lines)


def sent_text(sent: SentBack) -> str:
    """Say what became of the ratings for ListenBrainz."""
    lines = [f"I told ListenBrainz {count(sent.n_sent, 'rating')}."]
    if sent.n_there:
        lines.append(f"It knew {sent.n_there:,} more already.")
    if sent.n_nameless:
        lines.append(
            f"Of {count(sent.n_nameless, 'rated song')} I do not know the recording there, so "
            "they cannot be told."
        )
    if sent.n_left:
        lines.append(f"{count(sent.n_left, 'rating')} are left: press the button again.")
    return " ".join(lines)


def offer_text(offer: LinkOffer, accounts: Sequence[Account]) -> str:
    """Say what to do and what is asked for."""
    linked = next((each for each in accounts if each.kind is AccountKind.SPOTIFY), None)
    until = f"<t:{int(offer.expires_at.timestamp())}:R>"
    steps = (
        _DEMO if offer.is_demo else "### Link your Spotify account",
        *([f"{_name(linked)} is linked now; this takes its place."] if linked else []),
        f"1. Press **Allow at Spotify** and allow what it asks for. The link ends {until}.",
        _PASTED if offer.is_pasted else _SERVED,
        "",
        (_ABOUT_WITH_SONGS if offer.asks_for_songs else _ABOUT) + _GOOD_TO_KNOW,
    )
    return "\n".join(steps)


def linked_text(accounts: Sequence[Account], *, at: datetime) -> str:
    """Say what is linked, and for how long."""
    if not accounts:
        return "You have linked no account. /link spotify lets me work on your playlists there."
    return "\n".join(("### Your linked accounts", *(_line(account, at) for account in accounts)))


def done_text(account: Account) -> str:
    """Say that it worked."""
    return (
        f"{_name(account)} on {account.kind} is linked. /link status shows it, /unlink forgets it."
    )


def unlinked_text(kind: AccountKind, *, is_forgotten: bool) -> str:
    """Say what was forgotten."""
    if not is_forgotten:
        return f"No {kind} account of yours is linked; nothing has changed."
    text = f"I have forgotten your {kind} account, the keys to it and all that I read from it."
    if kind is not AccountKind.SPOTIFY:
        return text
    text += " What I changed in your playlists there stays; I cannot take it back any more."
    return f"{text} To take back what you allowed there too: <https://www.spotify.com/account/apps>"


def reminder_text(account: Account) -> str:
    """Say that a link ends soon."""
    when = f" around <t:{int(account.ends_about.timestamp())}:D>" if account.ends_about else ""
    return (
        f"{account.kind} will end my link to your account {_name(account)}{when}, as it does with "
        f"all links after six months. /link {account.kind.lower()} links it anew."
    )


def _line(account: Account, at: datetime) -> str:
    since = f"<t:{int(account.authorised_at.timestamp())}:D>"
    line = f"- {account.kind}: {_name(account)}, since {since}"
    if account.ends_about is None:
        return line
    line += f"; {account.kind} ends the link around <t:{int(account.ends_about.timestamp())}:D>"
    if at - account.authorised_at < REMIND_AFTER:
        return line
    return f"{line}. **That is soon: /link {account.kind.lower()} links it anew.**"


def _name(account: Account) -> str:
    return f"“{safe(account.name, 60)}”" if account.name else "Your account"
