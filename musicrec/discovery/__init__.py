"""From scores to songs: ranking a catalogue, arranging a shortlist, and what to ask next."""

from musicrec.discovery.arrange import arrange
from musicrec.discovery.ask import Known, choose_duel, choose_to_rate
from musicrec.discovery.likeness import SongMap
from musicrec.discovery.ranking import SCORED_WHOLE, Ranking, StandIn, best_of, rank, rank_within
from musicrec.discovery.ranking_file import read_ranking, read_stand_in, write_ranking
from musicrec.discovery.recall import AuditedList, Tally, sums, tallies
from musicrec.discovery.scorer import Scorer

__all__ = [
    "SCORED_WHOLE",
    "AuditedList",
    "Known",
    "Ranking",
    "Scorer",
    "SongMap",
    "StandIn",
    "Tally",
    "arrange",
    "best_of",
    "choose_duel",
    "choose_to_rate",
    "rank",
    "rank_within",
    "read_ranking",
    "read_stand_in",
    "sums",
    "tallies",
    "write_ranking",
]
