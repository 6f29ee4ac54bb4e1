"""What a listener's corrections do to songs: a bounded tilt of their odds, and what is never shown.

The tilt comes on top of whatever gave the probabilities: a model, or a lean on others.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from musicrec.catalogue import Catalogue
from musicrec.catalogue.store.writer import artist_hashes
from musicrec.discovery.tilts import COLUMNS, EACH, MAIN_ARTIST, MOST_OF_A_KIND, Floats, pulls
from musicrec.domain.correction import Correction, CorrectionKind
from musicrec.domain.features import ARTISTS, GENRE
from musicrec.domain.identity import fold
from musicrec.domain.ids import TrackId
from musicrec.domain.reasons import Explanation, Reason, Reasons
from musicrec.taste.reasons import MIN_PUSH

MOST: Final = 2.0
"""Log odds that all corrections together move a song at most; 38 points of a song at 50 %."""

LAST: Final = 10
"""Taps of a kind that count, the latest ones."""

ABOUT: Final = "corrections"
"""What reasons from here are about; no column of a song table."""

HEAD: Final = 20_000
"""Songs of a ranking that are put in a new order; the ones behind them are left out."""

_SURE: Final = 1e-6
_FELT: Final = 0.02
"""Half a point of a song at 50 %: what moves less keeps its interval."""
_SAID: Final[Mapping[CorrectionKind, str]] = {
    CorrectionKind.TOO_FAST: "fast",
    CorrectionKind.TOO_SLOW: "slow",
    CorrectionKind.TOO_LOUD: "loud",
    CorrectionKind.TOO_CALM: "calm",
}


@dataclass(frozen=True)
class Corrections:
    """Everything that one listener said and did not take back.

    Attributes:
        standing: Oldest first.
        usual: Mean and standard deviation of every feature over the catalogue.
        likes: How many songs the listener likes, by folded genre.
    """

    standing: tuple[Correction, ...] = ()
    usual: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    likes: Mapping[str, int] = field(default_factory=dict[str, int])

    @cached_property
    def taps(self) -> Mapping[CorrectionKind, tuple[Correction, ...]]:
        """Those that move odds, by their kind."""
        by_kind = {kind: [one for one in self.standing if one.kind is kind] for kind in EACH}
        return {kind: tuple(taps[-LAST:]) for kind, taps in by_kind.items() if taps}

    @cached_property
    def known(self) -> frozenset[TrackId]:
        """Songs that the listener knows already."""
        kind = CorrectionKind.KNOWN_ALREADY
        return frozenset(one.track_id for one in self.standing if one.kind is kind)

    @cached_property
    def never(self) -> frozenset[str]:
        """Folded names of artists whom the listener never wants to hear."""
        kind = CorrectionKind.NEVER_THIS_ARTIST
        return frozenset(
            fold(one.artist) for one in self.standing if one.kind is kind and one.artist
        )

    def blocks(self, artists: Iterable[str]) -> bool:
        """Tell whether one of a song's artists is never wanted, in any spelling."""
        return bool(self.never) and not self.never.isdisjoint(map(fold, artists))

    def blocked(self, catalogue: Catalogue, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return which rows are by an artist who is never wanted, as far as columns tell.

        They tell the first two artists; ``blocks`` decides about further guests.
        """
        if not self.never:
            return np.zeros(len(rows), dtype=bool)
        keys = artist_hashes(pd.Series(sorted(self.never), dtype="str"))
        return np.any(np.isin(catalogue.credits(rows), keys), axis=1)

    def points(self, correction: Correction) -> float:
        """Return how many points a song just like a corrected one loses or gains of 50 %.

        All taps of the kind count, not this one alone.
        """
        about = {GENRE: correction.genre, ARTISTS: correction.artist}
        song = pd.DataFrame([{**correction.features, **about}])
        moved = self.by_kind(song).get(correction.kind, np.zeros(1))
        log_odds: float = moved[0].item()
        return 100 * (float(expit(log_odds)) - 0.5)

    def tilt(self, songs: pd.DataFrame) -> Floats:
        """Return how far the log odds of songs move, within ``MOST``, shape ``(n_songs,)``.

        Args:
            songs: Song table; what it does not have moves nothing.
        """
        total = np.zeros(len(songs))
        for moved in self.by_kind(songs).values():
            total += moved
        return np.clip(total, -MOST, MOST)

    def by_kind(self, songs: pd.DataFrame) -> dict[CorrectionKind, Floats]:
        """Return what the taps of each kind move, within ``MOST_OF_A_KIND``."""
        moved: dict[CorrectionKind, Floats] = {}
        for kind, taps in self.taps.items():
            together = pulls(kind, taps, songs, self.usual, self.likes).sum(axis=0)
            moved[kind] = np.clip(together, -MOST_OF_A_KIND[kind], MOST_OF_A_KIND[kind])
        return moved

    def p_like(self, p_like: NDArray[np.floating[Any]], songs: pd.DataFrame) -> Floats:
        """Return corrected probabilities."""
        if not self.taps:
            return p_like.astype(np.float64)
        return shifted(p_like, self.tilt(songs))

    def correct(
        self,
        catalogue: Catalogue,
        rows: NDArray[np.intp],
        p_like: NDArray[np.floating[Any]],
    ) -> tuple[NDArray[np.intp], NDArray[np.floating[Any]]]:
        """Return a ranking as it is after the corrections, best first, without what is blocked.

        Where a tap moves odds, these are the best ``HEAD`` songs alone. Takes some milliseconds:
        only the columns that the taps ask are read.
        """
        hidden = self.blocked(catalogue, rows)
        if self.known:
            hidden |= np.isin(rows, catalogue.all_rows_of(self.known))
        rows, p_like = rows[~hidden], p_like[~hidden]
        if not self.taps:
            return rows, p_like
        rows = rows[:HEAD]
        p_like = self.p_like_of(catalogue, rows, p_like[:HEAD])
        order = np.argsort(-p_like, kind="stable")
        return rows[order], p_like[order]

    def p_like_of(
        self,
        catalogue: Catalogue,
        rows: NDArray[np.intp],
        p_like: NDArray[np.floating[Any]],
    ) -> Floats:
        """Return corrected probabilities of rows of a catalogue."""
        if not self.taps:
            return p_like.astype(np.float64)
        names = dict.fromkeys(name for kind in self.taps for name in COLUMNS[kind])
        songs = catalogue.features(rows, tuple(names))
        if CorrectionKind.MORE_LIKE_THIS in self.taps:
            songs[MAIN_ARTIST] = catalogue.credits(rows)[:, 0]
        return self.p_like(p_like, songs)

    def explained(self, said: Sequence[Explanation], songs: pd.DataFrame) -> list[Explanation]:
        """Return explanations with the corrected probability, and the corrections as reasons.

        Where a song moves, its interval goes: nobody measured how sure it is by then.
        """
        if not self.taps:
            return list(said)
        moved = self.by_kind(songs)
        total = self.tilt(songs)
        nearest = self._nearest(songs)
        return [
            self._explained(
                one,
                float(total[row]),
                {kind: float(log_odds[row]) for kind, log_odds in moved.items()},
                nearest[row],
            )
            for row, one in enumerate(said)
        ]

    def asked(self) -> list[str]:
        """Say what the listener wants changed, the latest first, e.g. ``"fewer fast songs"``.

        May hold untrusted titles and genres.
        """
        latest = [one for one in reversed(self.standing) if one.kind in self.taps]
        return list(dict.fromkeys(_wish(one) for one in latest))

    def _nearest(self, songs: pd.DataFrame) -> list[str]:
        """Return for each song the title that it is most like of those to hear more like."""
        kind = CorrectionKind.MORE_LIKE_THIS
        taps = self.taps.get(kind, ())
        if not taps:
            return [""] * len(songs)
        found = pulls(kind, taps, songs, self.usual, self.likes)
        places: list[int] = found.argmax(axis=0).tolist()
        return [taps[place].title for place in places]

    def _explained(
        self,
        said: Explanation,
        total: float,
        moved: Mapping[CorrectionKind, float],
        nearest: str,
    ) -> Explanation:
        p_like = float(shifted(np.array([said.p_like]), np.array([total]))[0])
        if abs(total) < _FELT:
            return replace(said, p_like=p_like)
        reasons = [
            Reason(ABOUT, _because(kind, nearest), push)
            for kind, push in moved.items()
            if abs(push) >= MIN_PUSH
        ]
        return replace(said, p_like=p_like, interval=None, reasons=_joined(said.reasons, reasons))


NO_CORRECTIONS: Final = Corrections()


def shifted(p_like: NDArray[np.floating[Any]], log_odds: Floats) -> Floats:
    """Return probabilities moved by log odds; they stay in (0, 1)."""
    sane = np.clip(p_like.astype(np.float64), _SURE, 1 - _SURE)
    return np.where(log_odds == 0, p_like, expit(logit(sane) + log_odds))


def _joined(reasons: Reasons, more: Collection[Reason]) -> Reasons:
    """Put reasons among others, the strongest first."""
    every = sorted([*reasons.for_, *reasons.against, *more], key=lambda one: -abs(one.push))
    return Reasons(
        for_=tuple(one for one in every if one.push > 0),
        against=tuple(one for one in every if one.push < 0),
    )


def _wish(one: Correction) -> str:
    if one.kind in _SAID:
        return f"fewer {_SAID[one.kind]} songs"
    if one.kind is CorrectionKind.NOT_THIS_GENRE:
        return f"less {one.genre}"
    return f"more like “{one.title}”"


def _because(kind: CorrectionKind, nearest: str) -> str:
    if kind in _SAID:
        return f"too {_SAID[kind]}, as you said"
    if kind is CorrectionKind.NOT_THIS_GENRE:
        return "of a genre that you want less of"
    return f"like “{nearest}”, as you asked"
