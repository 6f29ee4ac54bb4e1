"""All corrections that stand, each with a way back."""

from typing import Any, Final

import discord

from cogs._bot import BotInteraction, listener_of, now
from cogs._components import PersistentButton
from cogs._correcting import effect_words, title_in
from cogs._format import count
from cogs._layout import Item, Layout, sentence, text
from cogs._pages import page_buttons
from cogs._picks import CORRECTIONS_PAGE, KIND_LABELS, TAKE_BACK, take_back_button
from musicrec.domain.correction import CorrectionId
from musicrec.domain.ids import ListenerId
from musicrec.services import Services, StandingCorrection

PER_PAGE: Final = 8
"""A section, its text and its button are three of Discord's 40 components."""

NOTHING_CORRECTED: Final = (
    "You have corrected nothing. Below the songs of /recommend you can say what is off about one: "
    "too fast, not this genre, never this artist, and more."
)


class CorrectionsPageButton(PersistentButton, template=CORRECTIONS_PAGE):
    """Turn to another page; the list is ephemeral and always the clicker's own."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Show the page as it is by now."""
        await interaction.response.defer()
        services, listener_id = interaction.client.services, listener_of(interaction)
        layout = await corrections_page(services, listener_id, int(self.fields["page"]))
        await interaction.edit_original_response(view=layout)


class TakeBackButton(PersistentButton, template=TAKE_BACK):
    """Take one correction back."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Take it back, if it still stands, and show what is left."""
        await interaction.response.defer()
        services, listener_id = interaction.client.services, listener_of(interaction)
        correction_id = CorrectionId(int(self.fields["correction"]))
        await services.corrections.take_back(listener_id, correction_id, at=now())
        layout = await corrections_page(services, listener_id, int(self.fields["page"]))
        await interaction.edit_original_response(view=layout)


async def corrections_page(services: Services, listener_id: ListenerId, page: int = 0) -> Layout:
    """Lay out a page of what stands, the latest first."""
    standing = await services.corrections.standing(listener_id)
    if not standing:
        return sentence(NOTHING_CORRECTED)
    n_pages = -(-len(standing) // PER_PAGE)
    page = min(page, n_pages - 1)
    shown = standing[page * PER_PAGE :][:PER_PAGE]
    items: list[Item] = [
        text(f"### What you corrected\n{count(len(standing), 'correction')}, the latest first."),
        *(_line(one, page) for one in shown),
    ]
    turning = page_buttons("corrections:v1:page", page, n_pages)
    if turning:
        items.append(discord.ui.ActionRow[Any](*turning))
    return Layout(*items)


def _line(one: StandingCorrection, page: int) -> discord.ui.Section[Any]:
    said = one.correction
    words = (
        f"“{KIND_LABELS[said.kind]}” about {title_in(said)}, <t:{int(said.said_at.timestamp())}:R>"
        f"\n-# {effect_words(said, one.points)}."
    )
    return discord.ui.Section(
        text(words), accessory=take_back_button(said.id or CorrectionId(0), page)
    )
