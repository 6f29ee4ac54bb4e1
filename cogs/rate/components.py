"""The flow's buttons; each one replaces the message that it is on."""

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import DUEL, RATE, START_RATING, UNDO, UNDO_DUEL, rate_buttons
from cogs._cards import song_container
from cogs._components import PersistentButton
from cogs._layout import Layout, text
from cogs._learned import learned
from cogs._rating import answer_press, event_key, genre_in, press, show_next_song
from cogs.rate.duels import answered, duel_container, progress, show_next_duel
from musicrec.domain.ids import ShortlistId, TrackId
from musicrec.services import DuelChoice, LabelChange


class StartRatingButton(PersistentButton, template=START_RATING):
    """Open the flow in a message of its own."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Show the first song."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await show_next_song(interaction)


class RateButton(PersistentButton, template=RATE):
    """Store the verdict and go on to the next song."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Set, change or take back the label."""
        outcome = await press(interaction, self.fields)
        if outcome is None:
            return
        genre = genre_in(interaction, self.fields)
        await answer_press(interaction, outcome, genre=genre, in_place=True)


class UndoButton(PersistentButton, template=UNDO):
    """Take the last rating back and ask about its song again."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Withdraw the label, whatever it is."""
        outcome = await interaction.client.services.labels.undo(
            listener_of(interaction),
            TrackId(self.fields["track"]),
            at=now(),
            event_key=event_key(interaction),
        )
        if outcome.change is LabelChange.REPEATED:
            await interaction.response.defer()
            return
        track = outcome.track
        buttons = rate_buttons(track.id, None, genre_in(interaction, self.fields))
        layout = Layout(text(learned(outcome)), song_container(track, buttons))
        await interaction.response.edit_message(view=layout)


class DuelButton(PersistentButton, template=DUEL):
    """Store what an answer to "A or B?" says and go on to the next two songs."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Answer the duel, unless it was answered before."""
        choice = DuelChoice(self.fields["choice"])
        outcome = await interaction.client.services.duels.answer(
            listener_of(interaction),
            ShortlistId(int(self.fields["shortlist"])),
            choice,
            at=now(),
            event_key=event_key(interaction),
        )
        await interaction.response.defer()
        genre = genre_in(interaction, self.fields)
        if outcome is None:
            await show_next_duel(interaction, genre=genre)
        elif outcome.change is not LabelChange.REPEATED:
            said = answered(outcome, choice, genre)
            await show_next_duel(interaction, genre=genre, answered=said)


class UndoDuelButton(PersistentButton, template=UNDO_DUEL):
    """Take the last answer back and ask about its songs again."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Withdraw the labels that the answer gave."""
        outcome = await interaction.client.services.duels.undo(
            listener_of(interaction),
            ShortlistId(int(self.fields["shortlist"])),
            at=now(),
            event_key=event_key(interaction),
        )
        if outcome is None or outcome.change is LabelChange.REPEATED:
            await interaction.response.defer()
            return
        layout = Layout(
            text(f"Took back your answer.\n{progress(outcome)}"),
            duel_container(outcome.duel, genre_in(interaction, self.fields)),
        )
        await interaction.response.edit_message(view=layout)
