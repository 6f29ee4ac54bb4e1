"""What a build knows before it reads any file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from musicrec.catalogue.entries import Part
from musicrec.catalogue.store.manifest import Source


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the values of songs come from that have several sources each.

    Attributes:
        sources: As in a manifest.
        provenances: The same; the songs' ``PROVENANCE`` counts in them.
    """

    sources: Sequence[Source] = ()
    provenances: Sequence[Mapping[str, int]] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Songs that are known before any file is read.

    Attributes:
        parts: Settled or learned ones.
        origins: Of their values.
        learned_through: Number of the last learned song among them; 0 without any.
    """

    parts: Sequence[Part] = ()
    origins: Origins = field(default_factory=Origins)
    learned_through: int = 0


NOTHING: Final = Known()
