"""From scores to songs: arranging a ranking into a shortlist, and what to ask next."""

from musicrec.discovery.arrange import arrange
from musicrec.discovery.ask import Known, choose_duel, choose_to_rate
from musicrec.discovery.likeness import SongMap

__all__ = ["Known", "SongMap", "arrange", "choose_duel", "choose_to_rate"]
