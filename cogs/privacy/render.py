"""The answer to "what do you store about me?"."""

from cogs._bot import BotInteraction
from cogs._buttons import end_sharing_button
from cogs._format import safe
from cogs._layout import Layout, sentence
from cogs.privacy.text import summary_text
from musicrec.services import DataSummary

_OUT_OF_SIGHT = "a server that I cannot see"


def summary_layout(interaction: BotInteraction, summary: DataSummary, above: str = "") -> Layout:
    """Lay out what is stored, with a button that ends all sharing where there is any.

    Args:
        interaction: Whose bot knows the names of servers.
        summary: What there is.
        above: Said first; may be empty.
    """
    client = interaction.client

    def name_of_server(guild_id: int) -> str:
        guild = client.get_guild(guild_id)
        return safe(guild.name, 40) if guild else _OUT_OF_SIGHT

    words = summary_text(summary, client.pages, name_of_server)
    shares = bool(summary.shared_on or summary.comparable_on)
    buttons = [end_sharing_button()] if shares else []
    return sentence("\n".join(filter(None, (above, words))), *buttons)
