"""A listener's own data: see it, take it along, delete it."""

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.account import Account, AccountKind
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelEvent
from musicrec.domain.playlist_edit_json import edited_to_json
from musicrec.services.rankings import RankingStore
from musicrec.services.scores import ScoreCache
from musicrec.storage import Database


@dataclass(frozen=True, slots=True)
class DataSummary:
    """What is stored about a listener; ``since`` is None where nothing is.

    ``n_shared`` counts the servers where others may lean on their ratings, ``n_playlists`` those
    that were made here, ``n_copies`` their copies at accounts elsewhere, ``n_edits`` changes of
    playlists, each with the whole list before it; ``accounts`` are the linked ones; ``n_hints``
    counts songs that they probably like, by such an account, ``n_corrections`` what they said about
    recommended songs beside verdicts, ``n_weeks`` weekly lists; ``has_weekly_plan`` tells whether
    any were wished for, ``has_quiet_hours`` whether there are hours in which nothing is sent to
    them; ``n_comparable`` counts the servers where others may compare their taste.
    """

    likes: int
    dislikes: int
    n_label_events: int
    n_shortlists: int
    n_models: int
    n_guesses: int
    n_shared: int
    n_playlists: int
    n_edits: int
    since: datetime | None
    accounts: tuple[AccountKind, ...] = ()
    n_hints: int = 0
    n_copies: int = 0
    n_corrections: int = 0
    n_weeks: int = 0
    has_weekly_plan: bool = False
    n_comparable: int = 0
    has_quiet_hours: bool = False


@dataclass(frozen=True, slots=True)
class DeletionReceipt:
    """What was deleted."""

    label_events: int
    shortlists: int
    models: int
    guesses: int
    shared: int
    accounts: int
    playlists: int
    edits: int
    hints: int
    copies: int
    corrections: int
    weeks: int
    weekly_plans: int
    quiet_hours: int
    comparable: int


class PrivacyService:
    """Shows, exports and deletes everything that is keyed by a listener."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        scores: ScoreCache,
        rankings: RankingStore,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._scores = scores
        self._rankings = rankings

    async def show(self, listener_id: ListenerId) -> DataSummary:
        """Count what is stored."""
        async with self._database.reading() as uow:
            counts = await uow.labels.counts(listener_id)
            return DataSummary(
                likes=counts.likes,
                dislikes=counts.dislikes,
                n_label_events=len(await uow.labels.history(listener_id)),
                n_shortlists=len(await uow.shortlists.list_all(listener_id)),
                n_models=len(await uow.models.summaries(listener_id)),
                n_guesses=len(await uow.guesses.list_all(listener_id)),
                n_shared=len(await uow.sharing.list_all(listener_id)),
                n_playlists=await uow.kept_playlists.count(listener_id),
                n_edits=await uow.playlist_edits.count(listener_id),
                since=await uow.listeners.created_at(listener_id),
                accounts=tuple(each.kind for each in await uow.accounts.list_all(listener_id)),
                n_hints=len(await uow.hints.list_all(listener_id)),
                n_copies=len(await uow.playlist_copies.list_all(listener_id)),
                n_corrections=len(await uow.corrections.list_all(listener_id)),
                n_weeks=await uow.weeks.count(listener_id),
                has_weekly_plan=await uow.weekly_plans.get(listener_id) is not None,
                n_comparable=len(await uow.comparing.list_all(listener_id)),
                has_quiet_hours=await uow.quiet_hours.get(listener_id) is not None,
            )

    async def export(self, listener_id: ListenerId) -> bytes:
        """Return a zip: current labels with their songs as CSV, everything as JSON.

        ``labels.csv`` can be given to ``musicrec train`` as it is.
        """
        async with self._database.reading() as uow:
            current = await uow.labels.current(listener_id)
            everything = {
                "listener_id": str(listener_id),
                "since": await uow.listeners.created_at(listener_id),
                "label_events": _dicts(await uow.labels.history(listener_id)),
                "shortlists": _dicts(await uow.shortlists.list_all(listener_id)),
                "models": _dicts(await uow.models.summaries(listener_id)),
                "guesses": _dicts(await uow.guesses.list_all(listener_id)),
                "shared_tastes": _dicts(await uow.sharing.list_all(listener_id)),
                "accounts": _without_tokens(await uow.accounts.list_all(listener_id)),
                "kept_playlists": _dicts(await uow.kept_playlists.list_all(listener_id)),
                "playlist_copies": _dicts(await uow.playlist_copies.list_all(listener_id)),
                "playlist_edits": [
                    asdict(edit) | {"chosen": sorted(edit.chosen), "list": edited_to_json(edited)}
                    for edit, edited in await uow.playlist_edits.list_all(listener_id)
                ],
                "hints": _dicts(await uow.hints.list_all(listener_id)),
                "corrections": _dicts(await uow.corrections.list_all(listener_id)),
                "weekly_plan": _dicts(filter(None, [await uow.weekly_plans.get(listener_id)])),
                "quiet_hours": _dicts(filter(None, [await uow.quiet_hours.get(listener_id)])),
                "weeks": _dicts(await uow.weeks.list_all(listener_id)),
                "comparable_tastes": _dicts(await uow.comparing.list_all(listener_id)),
            }
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
            files.writestr("labels.csv", self._labels_table(current).to_csv(index=False))
            files.writestr("everything.json", json.dumps(everything, indent=2, default=str))
        return archive.getvalue()

    async def delete(self, listener_id: ListenerId) -> DeletionReceipt:
        """Delete everything about the listener at once, and say what it was."""
        async with self._database.writing() as uow:
            hashes = await uow.models.content_hashes(listener_id)
            receipt = DeletionReceipt(
                models=await uow.models.delete_all(listener_id),
                label_events=await uow.labels.delete_all(listener_id),
                shortlists=await uow.shortlists.delete_all(listener_id),
                guesses=await uow.guesses.delete_all(listener_id),
                shared=await uow.sharing.delete_all(listener_id),
                accounts=await uow.accounts.delete_all(listener_id),
                copies=await uow.playlist_copies.delete_all(listener_id),
                playlists=await uow.kept_playlists.delete_all(listener_id),
                edits=await uow.playlist_edits.delete_all(listener_id),
                hints=await uow.hints.delete_all(listener_id),
                corrections=await uow.corrections.delete_all(listener_id),
                weeks=await uow.weeks.delete_all(listener_id),
                weekly_plans=await uow.weekly_plans.delete_all(listener_id),
                quiet_hours=await uow.quiet_hours.delete_all(listener_id),
                comparable=await uow.comparing.delete_all(listener_id),
            )
            await uow.listeners.delete(listener_id)
        self._scores.forget(listener_id)
        self._rankings.forget(hashes)
        return receipt

    def _labels_table(self, events: list[LabelEvent]) -> pd.DataFrame:
        rows: list[dict[str, Any]] = []
        for event in events:
            track = self._catalogue.now.get(event.track_id)
            song: dict[str, Any] = (
                {
                    "title": track.title,
                    "artists": "; ".join(track.artists),
                    "album": track.album,
                    "genre": track.genre,
                    **track.features,
                }
                if track
                else {}
            )
            said = {"label": event.value.value, "labelled_at": event.labelled_at.isoformat()}
            rows.append({"track_id": event.track_id} | said | song)
        return pd.DataFrame(rows, columns=None if rows else ["track_id", "label", "labelled_at"])


def _without_tokens(accounts: Iterable[Account]) -> list[dict[str, Any]]:
    """Leave out the keys to an account, which are of no use but to whoever finds the file."""
    return [
        {name: value for name, value in asdict(account).items() if name != "sealed"}
        for account in accounts
    ]


def _dicts(items: Iterable[Any]) -> list[dict[str, Any]]:
    return [asdict(item) for item in items]
