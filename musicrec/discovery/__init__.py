"""From scores to songs: ranking a catalogue, arranging a shortlist, and what to ask next."""

from musicrec.discovery.arrange import arrange
from musicrec.discovery.ask import Known, choose_duel, choose_series, choose_to_rate
from musicrec.discovery.corrections import HEAD, MOST, NO_CORRECTIONS, Corrections
from musicrec.discovery.explore import Explorer, Prospect, Weighed, mixed, prospects, weigh
from musicrec.discovery.likeness import SongMap
from musicrec.discovery.ranking import (
    SCORED_WHOLE,
    Found,
    Plan,
    Ranking,
    best_of,
    finish,
    finish_within,
    look,
    look_within,
    parts_of,
    plan,
    rank,
    rank_within,
)
from musicrec.discovery.ranking_file import dump_ranking, load_stand_in, read_ranking, write_ranking
from musicrec.discovery.recall import AuditedList, Tally, sums, tallies
from musicrec.discovery.scorer import Scorer
from musicrec.discovery.stand_in import StandIn
from musicrec.discovery.tilts import MOST_OF_A_KIND, has_effect

__all__ = [
    "HEAD",
    "MOST",
    "MOST_OF_A_KIND",
    "NO_CORRECTIONS",
    "SCORED_WHOLE",
    "AuditedList",
    "Corrections",
    "Explorer",
    "Found",
    "Known",
    "Plan",
    "Prospect",
    "Ranking",
    "Scorer",
    "SongMap",
    "StandIn",
    "Tally",
    "Weighed",
    "arrange",
    "best_of",
    "choose_duel",
    "choose_series",
    "choose_to_rate",
    "dump_ranking",
    "finish",
    "finish_within",
    "has_effect",
    "load_stand_in",
    "look",
    "look_within",
    "mixed",
    "parts_of",
    "plan",
    "prospects",
    "rank",
    "rank_within",
    "read_ranking",
    "sums",
    "tallies",
    "weigh",
    "write_ranking",
]
