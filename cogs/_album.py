"""Several pictures on one message: buttons swap them in place."""

from types import MappingProxyType
from typing import ClassVar, Final

import discord

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import picture_buttons
from cogs._components import PersistentButton
from cogs._layout import Layout, illustrated, sentence
from cogs._limits import Cost
from musicrec.domain.ids import ListenerId
from musicrec.domain.picture import Picture
from musicrec.services import ModelDrawing, ModelPicture

Page = tuple[Layout, list[discord.File]]

_NOT_YOURS: Final = (
    "These pictures are about somebody else. Ask for your own with /train or /taste show."
)
_MEASURING: Final = (
    "### Learning curve\nI am learning again from an eighth, a quarter and half of your ratings, "
    "to see how fast I get better. This takes a few seconds…"
)

_HEADLINES: Final = MappingProxyType(
    {
        "sure": "### How sure\nHow well I tell your likes from your dislikes, and whether my "
        "chances mean what they say.",
        "curve": "### Learning curve\nHow much better I guess the more of your ratings I know.",
        "matters": "### What matters\nHow my chance that you like a song moves when one thing "
        "about it changes.",
        "radar": "### Your likes\nWhere they lie, beside people here who share, or else beside all "
        "songs.",
        "map": "### Likes and dislikes\nThe songs you rated, by tempo and energy.",
    }
)


class AlbumButton(PersistentButton, template=r"(?!)"):
    """Turn to another picture; features say how theirs are drawn.

    The messages are ephemeral, and the custom id names the listener: nobody turns another's pages.
    """

    cost: ClassVar[Cost] = Cost.ORDINARY

    album: ClassVar[str]

    async def on_click(self, interaction: BotInteraction) -> None:
        """Swap the picture, or refuse a stranger."""
        page = self.fields["page"]
        listener_id = listener_of(interaction)
        if int(self.fields["listener"]) != listener_id:
            await interaction.response.send_message(view=sentence(_NOT_YOURS), ephemeral=True)
            return
        if page == ModelPicture.CURVE:
            wait = sentence(_MEASURING, *picture_buttons(self.album, page, listener_id))
            await interaction.response.edit_message(view=wait, attachments=[])
        else:
            await interaction.response.defer()
        layout, files = await self.show(interaction, page, listener_id)
        await interaction.edit_original_response(view=layout, attachments=files)

    async def show(self, interaction: BotInteraction, page: str, listener_id: ListenerId) -> Page:
        """Lay out a page with the files that belong to it; may raise."""
        raise NotImplementedError


async def draw(interaction: BotInteraction, kind: str, listener_id: ListenerId) -> ModelDrawing:
    """Draw one picture of the listener's model, which is learned first where there is none."""
    pictures = interaction.client.services.pictures
    return await pictures.draw(listener_id, ModelPicture(kind), at=now())


def plain_page(album: str, page: str, listener_id: ListenerId, picture: Picture) -> Page:
    """Lay out a page that needs no words of its own."""
    layout, file = illustrated(
        _HEADLINES[page],
        picture,
        filename=f"{page}.png",
        buttons=picture_buttons(album, page, listener_id),
    )
    return layout, [file]
