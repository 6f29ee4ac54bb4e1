"""The pictures of a training, one after another."""

from typing import ClassVar

from cogs._album import AlbumButton, Page, draw, plain_page
from cogs._bot import BotInteraction
from cogs._buttons import TRAIN_PICTURE
from cogs.train.render import report_layout
from musicrec.domain.ids import ListenerId
from musicrec.services import ModelPicture


class TrainPictureButton(AlbumButton, template=TRAIN_PICTURE):
    """Show the report, how sure it is, the learning curve, or what matters."""

    album: ClassVar[str] = "train"

    async def show(self, interaction: BotInteraction, page: str, listener_id: ListenerId) -> Page:
        """Draw the page from the latest model."""
        drawing = await draw(interaction, page, listener_id)
        if page != ModelPicture.REPORT:
            return plain_page(self.album, page, listener_id, drawing.picture)
        layout, file = report_layout(drawing.report, drawing.picture, listener_id)
        return layout, [file]
