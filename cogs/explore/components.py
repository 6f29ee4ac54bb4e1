"""The buttons that lead from place to place; their ids say where, so they outlive the process."""

from typing import ClassVar

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import EXPLORE_PLACE, EXPLORE_WHERE, genre_of
from cogs._components import PersistentButton
from cogs._layout import Layout
from cogs._limits import Cost
from cogs._places import language_of
from cogs.explore.render import exploration_layout, outlook_layout
from musicrec.domain.errors import BadInputError

_NO_COUNTRY = "-"
_NO_GENRE = "-"
_GENRE_GONE = "This genre is not among my songs any more; /explore proposes others."


class PlaceButton(PersistentButton, template=EXPLORE_PLACE):
    """Show songs of a place."""

    cost: ClassVar[Cost] = Cost.ORDINARY

    async def on_click(self, interaction: BotInteraction) -> None:
        """Answer with a message of its own, so that the places stay."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        genres = interaction.client.services.songs.genres
        genre = genre_of(self.fields["genre"], genres)
        if genre is None and self.fields["genre"] != _NO_GENRE:
            raise BadInputError(_GENRE_GONE)
        code = self.fields["country"]
        country = None if code == _NO_COUNTRY else code
        layout = await songs_layout(interaction, genre, country, int(self.fields["adventure"]))
        await interaction.edit_original_response(view=layout)


class WhereButton(PersistentButton, template=EXPLORE_WHERE):
    """Propose places: with another adventure in the same message, or below songs in a new one."""

    cost: ClassVar[Cost] = Cost.ORDINARY

    async def on_click(self, interaction: BotInteraction) -> None:
        """Propose anew."""
        is_new = self.fields["at"] == "new"
        await interaction.response.defer(ephemeral=True, thinking=is_new)
        layout = await where_layout(interaction, int(self.fields["adventure"]))
        await interaction.edit_original_response(view=layout)


async def where_layout(interaction: BotInteraction, adventure: int) -> Layout:
    """Propose places; the dial is in percent."""
    outlook = await interaction.client.services.exploring.propose(
        listener_of(interaction), adventure=adventure / 100, at=now()
    )
    return outlook_layout(outlook, language_of(interaction.locale))


async def songs_layout(
    interaction: BotInteraction, genre: str | None, country: str | None, adventure: int
) -> Layout:
    """Show songs of a place; the dial is in percent."""
    found = await interaction.client.services.exploring.explore(
        listener_of(interaction), genre=genre, country=country, adventure=adventure / 100, at=now()
    )
    return exploration_layout(found, language_of(interaction.locale))
