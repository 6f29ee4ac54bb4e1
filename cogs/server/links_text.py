"""What the setting answers."""

from typing import Final

OFF: Final = "Links of songs are left alone from now on, in all channels."
NEVER_ON: Final = "No channel was chosen, so links of songs are left alone already."
NO_INTENT: Final = (
    "I may not read messages yet. Whoever runs me must switch on “Message Content Intent” in the "
    "Discord Developer Portal (my application → Bot), set `READ_MESSAGES=true` and start me again."
)


def on(mention: str) -> str:
    """Say that a channel was chosen, and what follows."""
    return (
        f"From now on I answer links of songs in {mention} with a card to rate: links of Spotify, "
        "Deezer, Apple Music, YouTube Music and MusicBrainz, at most three of a message. I read "
        "messages only for that, and keep none. `/settings links` without a channel ends it."
    )
