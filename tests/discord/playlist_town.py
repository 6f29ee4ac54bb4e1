"""A listener with a real taste, playlist files, and eyes for pages with ticks."""

from dataclasses import dataclass, replace
from typing import Any

from musicrec.domain.ids import EventId, ListenerId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.domain.model import StoredModel
from musicrec.domain.playlist import Playlist
from musicrec.playlists.formats.files import PlaylistFormat, write_playlist
from musicrec.services import Services
from tests.discord.town import Town, buttons, name_of
from tests.musicrec.services.playlist_town import NOON, mixed_list

N_LABELS = 40


def verdicts(services: Services, listener_id: ListenerId) -> list[LabelEvent]:
    """Return verdicts on songs from all over the catalogue: calm ones are liked."""
    catalogue = services.songs._catalogue.now
    tracks = catalogue.tracks(range(len(catalogue) - 1, 99, -(len(catalogue) // 50)))[:N_LABELS]
    return [
        LabelEvent(
            listener_id,
            track.id,
            LabelValue.LIKE if track.features["energy"] < 0.65 else LabelValue.DISLIKE,
            NOON,
            LabelSource.IMPORT,
        )
        for track in tracks
    ]


async def give_labels(services: Services, listener_id: ListenerId, n: int = N_LABELS) -> EventId:
    """Store verdicts behind the services' back, so that nothing is trained."""
    async with services.edits._database.writing() as uow:
        await uow.listeners.lock(listener_id, NOON)
        for event in verdicts(services, listener_id)[:n]:
            await uow.labels.append(event)
        return await uow.labels.last_event_id(listener_id) or EventId(0)


async def give_taste(services: Services, listener_id: ListenerId, model: StoredModel) -> None:
    """Store verdicts and the model that was learned from the like of them."""
    seen = await give_labels(services, listener_id)
    summary = replace(model.summary, listener_id=listener_id, trained_through=seen, id=None)
    async with services.edits._database.writing() as uow:
        await uow.listeners.lock(listener_id, NOON)
        await uow.models.add(StoredModel(summary, model.blob))


def file_of(playlist: Playlist, kind: PlaylistFormat = PlaylistFormat.CSV) -> tuple[str, bytes]:
    return f"mine.{kind}", write_playlist(playlist, kind)


def a_file(town: Town, n: int = 60) -> tuple[str, bytes]:
    """Return known songs, and things that nobody can judge, as CSV."""
    return file_of(mixed_list(town.services, n))


@dataclass(frozen=True)
class Seen:
    """The ticks of a page."""

    on: int
    off: int


def ticks(message: Any) -> Seen:
    labels = [name_of(button) for button in buttons(message)]
    return Seen(labels.count("☑"), labels.count("☐"))


def label_of(message: Any, start: str) -> str:
    """Return the label of the first button that begins so."""
    return next(name_of(one) for one in buttons(message) if name_of(one).startswith(start))


async def press(town: Town, member: Any, message: Any, start: str) -> Any:
    """Click the first button that begins so, and return the message as it is then."""
    looked = town.look(message)
    await town.click(member, looked, label_of(looked, start))
    return town.look(message)


async def bytes_of(message: Any) -> bytes:
    (attachment,) = message.attachments
    return await attachment.read()
