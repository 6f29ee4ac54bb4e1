"""Copies of a new playlist at the listener's accounts elsewhere."""

import re
from typing import ClassVar, Final

from cogs._bot import BotInteraction, listener_of
from cogs._buttons import MADE_AGAIN, MADE_SEND
from cogs._components import PersistentButton
from cogs._format import count, safe
from cogs._layout import Layout, sentence
from cogs._limits import Cost
from cogs.playlists.buttons import make_again_button
from musicrec.domain.account import AccountKind
from musicrec.domain.kept_playlist import KeptId
from musicrec.services import Copied, CopyState

_LEFT_OUT: Final = {
    AccountKind.SPOTIFY: "I do not know their names on Spotify",
    AccountKind.LISTENBRAINZ: (
        "I do not know their MusicBrainz recordings, by which ListenBrainz names songs"
    ),
}


class MadeSendButton(PersistentButton, template=MADE_SEND):
    """Make a copy where the listener has an account, or show the one that there is."""

    cost: ClassVar[Cost] = Cost.ORDINARY

    async def on_click(self, interaction: BotInteraction) -> None:
        """Send it, and answer with a link."""
        await _send(interaction, self.fields)


class MadeAgainButton(PersistentButton, template=MADE_AGAIN):
    """Make another copy, because the listener says that the one before is not there."""

    cost: ClassVar[Cost] = Cost.ORDINARY

    async def on_click(self, interaction: BotInteraction) -> None:
        """Send it; pressed twice, the second time shows what the first one made."""
        await _send(interaction, self.fields, instead_of=int(self.fields["over"]))


async def _send(
    interaction: BotInteraction, fields: re.Match[str], *, instead_of: int | None = None
) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    copied = await interaction.client.services.copies.send(
        listener_of(interaction),
        KeptId(int(fields["kept"])),
        next(kind for kind in AccountKind if kind.lower() == fields["account"]),
        instead_of=instead_of,
    )
    await interaction.edit_original_response(view=_answer(copied))


def _answer(copied: Copied) -> Layout:
    if copied.state is CopyState.NEW:
        return sentence(copied_text(copied))
    return sentence(copied_text(copied), make_again_button(copied.copy))


def copied_text(copied: Copied) -> str:
    """Say what became of a copy, and how sure that is."""
    copy, title = copied.copy, f"“{safe(copied.title, 80) or 'Untitled'}”"
    began = f"<t:{int(copy.begun_at.timestamp())}:R>"
    link = f" [Open it]({copy.url})." if copy.url else ""
    n = "" if copy.n_items is None else f" with {count(copy.n_items, 'song')}"
    match copied.state:
        case CopyState.NEW:
            return f"{title} is on {copy.account} now{n}.{link}{_left_out(copied)}"
        case CopyState.THERE:
            return (
                f"{title} is on {copy.account} already{n}, and once is enough.{link} If you deleted"
                " it there, the button makes it once more."
            )
        case CopyState.UNSURE:
            return (
                f"I began to make {title} on {copy.account} {began} and never learned"
                " what became of it, so it may be there already. Please look there; if it is not,"
                " the button makes it once more."
            )
        case CopyState.STUCK:
            return (
                f"{title} was begun on {copy.account}, and I cannot go on:"
                f" {safe(copied.problem, 300)}{link} The button makes it once more, as a new list."
            )


def _left_out(copied: Copied) -> str:
    if not copied.n_left_out:
        return ""
    n, why = copied.n_left_out, _LEFT_OUT[copied.copy.account]
    return f" {count(n, 'song is', 'songs are')} left out: {why}."
