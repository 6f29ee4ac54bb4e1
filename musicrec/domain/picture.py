"""A drawing together with the words that say the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and its twins in text.

    Attributes:
        png: The image.
        description: Alt text, at most 256 characters (Discord's limit for media).
        text: The same facts as the image in plain text of several lines, without any markup.
    """

    png: bytes
    description: str
    text: str
