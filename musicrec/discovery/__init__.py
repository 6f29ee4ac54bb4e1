"""From scores to songs: arranging a ranking into a shortlist, and what to ask next."""

from musicrec.discovery.arrange import arrange
from musicrec.discovery.ask import choose_to_rate

__all__ = ["arrange", "choose_to_rate"]
