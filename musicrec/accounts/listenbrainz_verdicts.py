"""What somebody said about recordings on ListenBrainz.

Source of the fields: listenbrainz.readthedocs.io, "Feedback JSON documentation".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from musicrec.domain.ids import TrackId
from musicrec.sources.fields import Document, mbid_of, number, part, text


class Score(IntEnum):
    """What somebody says about a recording there."""

    LOVED = 1
    HATED = -1
    NOTHING = 0
    """Takes back what was said before."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A recording that somebody loves or hates.

    Attributes:
        mbid: Of the recording.
        score: Loved or hated.
        title: Untrusted text; empty where unknown.
        artists: Untrusted text, one credit; empty where unknown.
    """

    mbid: str
    score: Score
    title: str = ""
    artists: str = ""

    @property
    def track_id(self) -> TrackId:
        """The recording's identity here."""
        return TrackId(f"mbid:{self.mbid}")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Everything that somebody loves or hates.

    Attributes:
        found: The latest first.
        n_unknown: Further ones, of songs that ListenBrainz knows by name only.
    """

    found: tuple[Verdict, ...]
    n_unknown: int


_SCORES: Final[Mapping[float | None, Score]] = {1: Score.LOVED, -1: Score.HATED}


def verdict_in(entry: Document) -> Verdict | None:
    """Return what an entry of the feedback says; None where it names no recording."""
    score = _SCORES.get(number(entry, "score"))
    song = part(entry, "track_metadata")
    written = text(entry, "recording_mbid") or text(part(song, "mbid_mapping"), "recording_mbid")
    mbid = mbid_of(written)
    if mbid is None or score is None:
        return None
    return Verdict(mbid, score, text(song, "track_name"), text(song, "artist_name"))
