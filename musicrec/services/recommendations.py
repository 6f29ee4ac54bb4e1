"""Songs that a listener will probably like and has not met here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.discovery import Corrections, arrange
from musicrec.domain.errors import NothingToRecommendError
from musicrec.domain.features import ARTISTS
from musicrec.domain.guess import guesses_of
from musicrec.domain.identity import fold
from musicrec.domain.ids import ListenerId
from musicrec.domain.reasons import Explanation, Reason, Reasons
from musicrec.domain.sharing import Leaning
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.track import Track
from musicrec.services.borrowing import BorrowingService, Ground, require_model
from musicrec.services.corrections import CorrectionService
from musicrec.services.jobs import explain
from musicrec.services.listing import CHOICE, corrected, known_songs, listed, meeting, without
from musicrec.services.presence import known_since, lock_as_begun
from musicrec.services.rankings import Ranked, RankingStore
from musicrec.services.songs import filter_of
from musicrec.storage import Database
from musicrec.workers import Workers

_SPARE = 10
_STRONG = 0.5
"""Push in log odds from which on the artist is told first: 12 % of probability around 0.5."""


@dataclass(frozen=True, slots=True)
class Recommendations:
    """A stored shortlist with its songs, in the entries' order, and how far to trust it.

    ``algorithm_title`` is empty and both accuracies are None where there is no model of the
    listener's own; ``leaning`` is None where the own labels speak alone.
    ``asked`` says which of the listener's corrections count in it; untrusted text.
    """

    shortlist: Shortlist
    tracks: tuple[Track, ...]
    explanations: tuple[Explanation, ...]
    n_labels: int
    algorithm_title: str
    accuracy: float | None
    baseline_accuracy: float | None
    leaning: Leaning | None = None
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cut:
    """A shortlist with the rows and songs of its entries, and what the listener had corrected."""

    shortlist: Shortlist
    catalogue: Catalogue
    rows: tuple[int, ...]
    tracks: tuple[Track, ...]
    corrections: Corrections


class RecommendationService:
    """Ranks the catalogue by a listener's model and cuts a shortlist."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        workers: Workers,
        borrowing: BorrowingService,
        rankings: RankingStore,
        *,
        corrections: CorrectionService,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._borrowing = borrowing
        self._rankings = rankings
        self._corrections = corrections

    async def recommend(
        self,
        listener_id: ListenerId,
        *,
        n: int = 5,
        genre: str | None = None,
        country: str | None = None,
        years: str | None = None,
        clean: bool = False,
        guild_id: int | None = None,
        at: datetime,
    ) -> Recommendations:
        """Return up to ``n`` songs, none rated and none recommended before.

        With few labels the ranking leans on others of the server (``BorrowingService``). Told, and
        kept as guesses, are corrected chances.

        Args:
            listener_id: For whom.
            n: Songs at most.
            genre: Only songs of it, in any spelling.
            country: Only songs by artists from there, an ISO 3166-1 alpha-2 code in any case.
            years: Only songs of these, as ``domain.years`` reads them.
            clean: Only songs known not to be explicit.
            guild_id: The server; None in direct messages.
            at: Now.

        Raises:
            GenreNotFoundError: There is no such genre.
            BadInputError: There is no song from that country, or the years are none.
            NothingToRecommendError: No song is left that fits.
            NotEnoughLabelsError: There is too little to learn from, and nobody to lean on.
            ForgottenMeanwhileError: The listener had everything deleted meanwhile.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        since = await known_since(self._database, listener_id)
        now = self._catalogue.now
        only = filter_of(now, genre=genre, country=country, years=years, clean=clean)
        ground = await self._borrowing.ground(listener_id, guild_id, at=at)
        catalogue = ground.lean.catalogue if ground.lean else now
        corrections = await self._corrections.of(listener_id)
        ranked = await self._ranked(ground, catalogue, only, corrections, n=n)
        cut = await self._handed_out(
            ground, catalogue, ranked, corrections, since=since, n=n, at=at
        )
        if not cut.shortlist.entries:
            raise _nothing_left(only)
        return await self._explained(cut, ground)

    async def _handed_out(
        self,
        ground: Ground,
        catalogue: Catalogue,
        ranked: Ranked,
        corrections: Corrections,
        *,
        since: datetime | None,
        n: int,
        at: datetime,
    ) -> _Cut:
        """Choose and store under one lock: two calls at once never hand out one song twice."""
        async with self._database.writing() as uow:
            await lock_as_begun(uow, ground.listener_id, since, at)
            fresh = without(ranked, catalogue, await known_songs(uow, ground.listener_id))
            cut = _cut(ground, catalogue, fresh, corrections, n=n, at=at)
            if not cut.shortlist.entries:
                return cut
            stored = replace(cut.shortlist, id=await uow.shortlists.add(cut.shortlist))
            await uow.guesses.add(*guesses_of(stored))
        return replace(cut, shortlist=stored)

    async def _ranked(
        self,
        ground: Ground,
        catalogue: Catalogue,
        only: SongFilter,
        corrections: Corrections,
        *,
        n: int,
    ) -> Ranked:
        if ground.lean is not None:
            order = np.argsort(-ground.lean.p_like, kind="stable")
            rows = catalogue.well_known[order]
            lent = Ranked(rows, ground.lean.p_like[order], is_complete=True)
            return await corrected(meeting(lent, catalogue, only), catalogue, corrections)
        model = require_model(ground)
        async with self._database.reading() as uow:
            known = await known_songs(uow, ground.listener_id)
        return await listed(
            self._rankings, model, catalogue, only, known, corrections=corrections, n=n
        )

    async def _explained(self, cut: _Cut, ground: Ground) -> Recommendations:
        explanations = await self._explanations(cut, ground)
        entries = tuple(
            replace(entry, reason=reason)
            for entry, reason in zip(
                cut.shortlist.entries, one_reason_each(explanations), strict=True
            )
        )
        summary = ground.model.summary if ground.model else None
        leaning = ground.lean.leaning if ground.lean else None
        return Recommendations(
            shortlist=replace(cut.shortlist, entries=entries),
            tracks=cut.tracks,
            explanations=tuple(explanations),
            n_labels=leaning.n_labels if leaning else summary.n_labels if summary else 0,
            algorithm_title=summary.report.best.title if summary else "",
            accuracy=summary.report.best.metrics.accuracy if summary else None,
            baseline_accuracy=summary.report.baseline.accuracy if summary else None,
            leaning=leaning,
            asked=tuple(cut.corrections.asked()),
        )

    async def _explanations(self, cut: _Cut, ground: Ground) -> list[Explanation]:
        told = [entry.p_like or 0.0 for entry in cut.shortlist.entries]
        songs = cut.catalogue.table(cut.rows)
        said = [Explanation(p_like, Reasons(), None) for p_like in told]
        if ground.model is not None:
            said = await self._workers.run(explain, ground.model.blob, songs)
        said = cut.corrections.explained(said, songs)
        return [
            replace(each, p_like=p_like, interval=None if ground.lean else each.interval)
            for each, p_like in zip(said, told, strict=True)
        ]


def _cut(
    ground: Ground,
    catalogue: Catalogue,
    ranked: Ranked,
    corrections: Corrections,
    *,
    n: int,
    at: datetime,
) -> _Cut:
    summary = ground.model.summary if ground.model else None
    seed = int(summary.trained_through) if summary else 0
    places = shortlisted(catalogue, ranked, corrections, n=n, seed=seed)
    rows = tuple(int(ranked.rows[place]) for place in places)
    tracks = tuple(catalogue.tracks(rows))
    shortlist = Shortlist(
        listener_id=ground.listener_id,
        kind=ShortlistKind.RECOMMEND,
        created_at=at,
        catalogue_version=catalogue.version,
        seed=seed,
        entries=tuple(
            ShortlistEntry(position, track.id, float(ranked.p_like[place]))
            for position, (place, track) in enumerate(zip(places, tracks, strict=True), start=1)
        ),
        model_id=summary.id if summary and not ground.lean else None,
    )
    return _Cut(shortlist, catalogue, rows, tracks, corrections)


def _nothing_left(only: SongFilter) -> NothingToRecommendError:
    return NothingToRecommendError(only.genre, is_narrow=only != SongFilter(genre=only.genre))


def shortlisted(
    catalogue: Catalogue, ranked: Ranked, corrections: Corrections, *, n: int, seed: int
) -> list[int]:
    """Pick the places of up to ``n`` songs, at most two of any artist, none of a blocked one.

    The first two artists of a song are known without reading its text: only the songs that are
    picked by them are read, and picked among by all of their artists.
    """
    likely: list[int] = []
    picked: list[int] = []
    for head, margin in ((n * CHOICE, n + _SPARE), (len(ranked.rows), n * CHOICE)):
        keys = catalogue.artist_keys(ranked.rows[:head])
        likely = arrange(ranked.p_like[:head], keys, n=margin, seed=seed)
        tracks = catalogue.tracks(ranked.rows[likely])
        names = [[fold(artist) for artist in track.artists] for track in tracks]
        never = [corrections.blocks(track.artists) for track in tracks]
        picked = arrange(np.where(never, np.nan, ranked.p_like[likely]), names, n=n, seed=seed)
        if len(picked) == n:
            break
    return [likely[place] for place in picked]


def one_reason_each(explanations: list[Explanation]) -> list[str]:
    """Choose one reason a song, of the side where its probability lies, as ``spread_out`` does."""
    return spread_out([explanation.leading for explanation in explanations])


def spread_out(reasons: Iterable[Sequence[Reason]]) -> list[str]:
    """Choose one of every song's reasons: the first among those used least in the list so far.

    A list that repeats one reason on every line tells nothing. What an artist's other songs say
    comes before how the song sounds, because people know artists by name.
    """
    used: Counter[str] = Counter()
    chosen: list[str] = []
    for own in reasons:
        ranked = sorted(own, key=_is_strong_artist, reverse=True)
        words = min((reason.words for reason in ranked), key=lambda word: used[word], default="")
        used[words] += 1
        chosen.append(words)
    return chosen


def _is_strong_artist(reason: Reason) -> bool:
    return reason.about == ARTISTS and abs(reason.push) >= _STRONG
