"""A listener's ListenBrainz account: verdicts from there, verdicts to there, playlists to there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from musicrec.accounts.keys import TokenKeys
from musicrec.accounts.listenbrainz import ListenBrainzAccounts
from musicrec.accounts.listenbrainz_verdicts import Score, Verdict
from musicrec.accounts.opening import Accounts
from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.domain.account import Account, AccountKind
from musicrec.domain.errors import (
    AccountLostError,
    LinkFailedError,
    LinkingOffError,
    NotLinkedError,
    PlaylistUnusableError,
)
from musicrec.domain.identity import track_id_of
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_home import HomeList
from musicrec.services.training import ModelFate, TrainingService
from musicrec.storage import Database, UnitOfWork

MOST_SENT: Final = 100
"""Verdicts in one go, at a call a second."""

_KIND: Final = AccountKind.LISTENBRAINZ
_MBID: Final = "mbid:"
_VALUES: Final = {Score.LOVED: LabelValue.LIKE, Score.HATED: LabelValue.DISLIKE}
_SCORES: Final = {value: score for score, value in _VALUES.items()}


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of the verdicts that were given there.

    Attributes:
        likes: Labels that are new here.
        dislikes: The same.
        n_known: Songs that had a label here already, which stays.
        n_unknown: Songs that are not in the catalogue.
        model: What becomes of the model.
    """

    likes: int
    dislikes: int
    n_known: int
    n_unknown: int
    model: ModelFate


@dataclass(frozen=True, slots=True)
class SentBack:
    """What became of the labels that were given here.

    Attributes:
        n_sent: Told to ListenBrainz now.
        n_there: It knew already.
        n_nameless: Songs whose MusicBrainz recording is not known, so that they cannot be told.
        n_left: For the next time.
    """

    n_sent: int
    n_there: int
    n_nameless: int
    n_left: int


@dataclass(frozen=True, slots=True)
class Published:
    """A playlist that was made there.

    Attributes:
        made: The list.
        n_left_out: Songs whose MusicBrainz recording is not known.
    """

    made: HomeList
    n_left_out: int


class ListenBrainzService:
    """Links by a token that the listener brings, and acts with it when asked to."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        training: TrainingService,
        accounts: Accounts,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._training = training
        self._accounts = accounts

    async def link(self, listener_id: ListenerId, token: str, *, at: datetime) -> Account:
        """Keep a token, encrypted, once ListenBrainz says whose it is.

        Raises:
            LinkFailedError: It is none.
            LinkingOffError: The operator has not set it up.
            SourceError: ListenBrainz cannot be asked.
        """
        keys, service = self._set_up()
        token = token.strip()
        name = await service.user_of(token)
        if name is None:
            msg = (
                "ListenBrainz does not know that token. Copy it from your profile there: "
                "listenbrainz.org/settings, “User token”."
            )
            raise LinkFailedError(msg)
        account = Account(listener_id, _KIND, name, name, at, (), keys.seal(token))
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            await uow.accounts.put(account)
        return account

    async def take_over(self, listener_id: ListenerId, *, at: datetime) -> TakenOver:
        """Make labels of what the listener loves and hates there; a label given here stays.

        Raises:
            NotLinkedError, AccountLostError, LinkingOffError: The account cannot be used.
            SourceError: ListenBrainz cannot be asked.
        """
        _, service = self._set_up()
        account, token = await self._token(listener_id)
        try:
            verdicts = await service.verdicts(token, account.account_id)
        except AccountLostError:
            await self._forget(account)
            raise
        values = _values(reversed(verdicts.found), self._catalogue.now)
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            if await uow.accounts.get(listener_id, _KIND) is None:
                # Unlinked, or everything deleted, while ListenBrainz was asked.
                raise NotLinkedError(_KIND)
            stored = await _append(uow, listener_id, values, at)
            fate = await self._training.review(uow, listener_id) if stored else ModelFate.KEPT
        if fate is ModelFate.DUE:
            self._training.retrain_soon(listener_id)
        likes = stored.count(LabelValue.LIKE)
        return TakenOver(
            likes,
            len(stored) - likes,
            n_known=len(values) - len(stored),
            n_unknown=max(0, len(verdicts.found) - len(values)) + verdicts.n_unknown,
            model=fate,
        )

    async def send_back(self, listener_id: ListenerId) -> SentBack:
        """Tell ListenBrainz the listener's labels that it does not know, up to ``MOST_SENT``.

        Raises:
            NotLinkedError, AccountLostError, LinkingOffError: The account cannot be used.
            SourceError: ListenBrainz cannot be asked; what was told until then is told.
        """
        _, service = self._set_up()
        account, token = await self._token(listener_id)
        async with self._database.reading() as uow:
            labels = await uow.labels.current(listener_id)
        catalogue = self._catalogue.now
        named = {
            mbid: _SCORES[label.value]
            for label in labels
            if (mbid := _mbid_of(label.track_id, catalogue))
        }
        try:
            verdicts = await service.verdicts(token, account.account_id)
            there = {verdict.mbid: verdict.score for verdict in verdicts.found}
            new = {mbid: score for mbid, score in named.items() if there.get(mbid) is not score}
            for mbid, score in list(new.items())[:MOST_SENT]:
                await service.give(token, mbid, score)
        except AccountLostError:
            await self._forget(account)
            raise
        return SentBack(
            n_sent=min(len(new), MOST_SENT),
            n_there=len(named) - len(new),
            n_nameless=len(labels) - len(named),
            n_left=max(0, len(new) - MOST_SENT),
        )

    async def publish(self, listener_id: ListenerId, playlist: Playlist) -> Published:
        """Make a playlist there of the songs whose recording is known; only the listener sees it.

        Raises:
            NotLinkedError, AccountLostError, LinkingOffError: The account cannot be used.
            PlaylistUnusableError: No song's recording is known.
            SourceError: ListenBrainz cannot be asked.
        """
        _, service = self._set_up()
        account, token = await self._token(listener_id)
        catalogue = self._catalogue.now
        mbids = [
            mbid
            for item in playlist.items
            if item.track_id and (mbid := _mbid_of(item.track_id, catalogue))
        ]
        if not mbids:
            msg = "I know the MusicBrainz recording of none of these songs, so nothing was made."
            raise PlaylistUnusableError(msg)
        try:
            made = await service.publish(token, playlist.title, playlist.description, mbids)
        except AccountLostError:
            await self._forget(account)
            raise
        return Published(made, len(playlist) - len(mbids))

    async def _token(self, listener_id: ListenerId) -> tuple[Account, str]:
        keys, _ = self._set_up()
        async with self._database.reading() as uow:
            account = await uow.accounts.get(listener_id, _KIND)
        if account is None:
            raise NotLinkedError(_KIND)
        return account, keys.open(account.sealed)

    async def _forget(self, account: Account) -> None:
        async with self._database.writing() as uow:
            await uow.accounts.delete_link(account)

    def _set_up(self) -> tuple[TokenKeys, ListenBrainzAccounts]:
        keys, service = self._accounts.keys, self._accounts.listenbrainz
        if keys is None or service is None:
            raise LinkingOffError(_KIND, "TOKEN_KEYS")
        return keys, service


async def _append(
    uow: UnitOfWork, listener_id: ListenerId, values: Mapping[TrackId, LabelValue], at: datetime
) -> list[LabelValue]:
    """Store labels of songs that have none; return their values.

    They are said when they reach the log: a rewind to an earlier day takes them out again.
    """
    labelled = await uow.labels.track_ids(listener_id)
    new = {track_id: value for track_id, value in values.items() if track_id not in labelled}
    for track_id, value in new.items():
        await uow.labels.append(
            LabelEvent(listener_id, track_id, value, at, LabelSource.LISTENBRAINZ)
        )
    return list(new.values())


def _values(verdicts: Iterable[Verdict], catalogue: Catalogue) -> dict[TrackId, LabelValue]:
    """Return a label for every song of the catalogue; of several verdicts on one, the latest."""
    rows = {
        row: verdict for verdict in verdicts if (row := _row_of(verdict, catalogue)) is not None
    }
    tracks = catalogue.tracks(list(rows))
    return {
        track.id: _VALUES[verdict.score]
        for track, verdict in zip(tracks, rows.values(), strict=True)
    }


def _row_of(verdict: Verdict, catalogue: Catalogue) -> int | None:
    row = catalogue.row_of(verdict.track_id)
    if row is None and verdict.title and verdict.artists:
        row = catalogue.row_of(track_id_of(verdict.title, verdict.artists))
    return row


def _mbid_of(track_id: TrackId, catalogue: Catalogue) -> str | None:
    """Return the MusicBrainz recording of a song, if it is known."""
    row = catalogue.row_of(track_id)
    ids = (track_id,) if row is None else catalogue.ids_of(row)
    return next((one.removeprefix(_MBID) for one in ids if one.startswith(_MBID)), None)
