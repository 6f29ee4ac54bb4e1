"""The pictures of a taste, one after another, and the second step of going back in time."""

from datetime import UTC, datetime
from typing import ClassVar

from cogs._album import AlbumButton, Page, draw, plain_page
from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import REWIND, TASTE_PICTURE
from cogs._components import PersistentButton
from cogs._layout import sentence
from cogs._learned import acceptance_words
from cogs.taste.render import nothing_rated, taste_layout
from cogs.taste.text import STAYED, rewound
from musicrec.domain.ids import ListenerId
from musicrec.services import ModelPicture


class RewindButton(PersistentButton, template=REWIND):
    """Go back or stay; the question is ephemeral, so only the listener can answer it."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Do what was chosen and replace the question by the outcome."""
        if self.fields["to"] == "keep":
            await interaction.response.edit_message(view=sentence(STAYED))
            return
        await interaction.response.defer()
        to = datetime.fromtimestamp(int(self.fields["to"]), UTC)
        rewind = await interaction.client.services.history.rewind(
            listener_of(interaction), to, at=now()
        )
        await interaction.edit_original_response(view=sentence(rewound(rewind)))


class TastePictureButton(AlbumButton, template=TASTE_PICTURE):
    """Show the profile, the radar, the map, or what matters."""

    album: ClassVar[str] = "taste"

    async def show(self, interaction: BotInteraction, page: str, listener_id: ListenerId) -> Page:
        """Draw the page from the current ratings or, for what matters, from the latest model."""
        taste = interaction.client.services.taste
        if page == "profile":
            return await profile_page(interaction, listener_id)
        if page == ModelPicture.EFFECTS:
            picture = (await draw(interaction, page, listener_id)).picture
        elif page == "radar":
            picture = await taste.radar(listener_id, interaction.guild_id)
        else:
            picture = await taste.map(listener_id)
        if picture is None:  # every rating was taken back in the meantime
            return nothing_rated(), []
        return plain_page(self.album, page, listener_id, picture)


async def profile_page(interaction: BotInteraction, listener_id: ListenerId) -> Page:
    """Lay out the first page, or say that nothing is rated."""
    services = interaction.client.services
    view = await services.taste.show(listener_id)
    if view.picture is None:
        return nothing_rated(), []
    accepted = await services.scoreboard.accepted(listener_id, at=now())
    layout, file = taste_layout(view, view.picture, listener_id, acceptance_words(accepted))
    return layout, [file]
