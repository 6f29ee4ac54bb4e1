"""What is said about linked accounts, in plain words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cogs._format import safe
from musicrec.domain.account import REMIND_AFTER, Account, AccountKind
from musicrec.services import LinkOffer

_ABOUT: Final = (
    "**What I ask for:** to see your playlists, private and collaborative ones too, and to change "
    "them. I do it when you ask me to, never by myself.\n"
    "**What I keep:** the name and id of your account and the keys to it, encrypted. Nothing that "
    "Spotify tells me is learned from: I learn from your ratings alone.\n"
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


def offer_text(offer: LinkOffer, accounts: Sequence[Account]) -> str:
    """Say what to do and what is asked for."""
    linked = next((each for each in accounts if each.kind is AccountKind.SPOTIFY), None)
    until = f"<t:{int(offer.expires_at.timestamp())}:R>"
    steps = (
        _DEMO if offer.is_demo else "### Link your Spotify account",
        *([f"{_name(linked)} is linked now; this takes its place."] if linked else []),
        f"1. Press **Allow at Spotify** and allow what it asks for. The link ends {until}.",
        _PASTED if offer.is_pasted else _SERVED,
        _ABOUT,
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


def unlinked_text(kind: AccountKind, *, was_linked: bool) -> str:
    """Say what was forgotten."""
    if not was_linked:
        return f"No {kind} account of yours is linked; nothing has changed."
    text = f"I have forgotten your {kind} account, the keys to it and all that I read from it."
    if kind is not AccountKind.SPOTIFY:
        return text
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
