"""All clients, made of the settings."""

import asyncio
from dataclasses import dataclass
from typing import Self

from musicrec.domain.source_answer import SourceState
from musicrec.sources.api import Api, Surroundings
from musicrec.sources.deezer import DeezerClient
from musicrec.sources.itunes import ItunesClient
from musicrec.sources.listenbrainz import ListenBrainzClient
from musicrec.sources.musicbrainz import MusicBrainzClient
from musicrec.sources.pages import DeezerLinks, YouTubePages
from musicrec.sources.reccobeats import ReccoBeatsClient
from musicrec.sources.settings import SourceSettings
from musicrec.sources.spotify import SpotifyClient


@dataclass(frozen=True, slots=True)
class Clients:
    """One client a service; make them once in a process, for each keeps its service's limit.

    Attributes:
        spotify: None where the operator has no application there.
    """

    reccobeats: ReccoBeatsClient
    musicbrainz: MusicBrainzClient
    listenbrainz: ListenBrainzClient
    deezer: DeezerClient
    itunes: ItunesClient
    youtube: YouTubePages
    deezer_links: DeezerLinks
    spotify: SpotifyClient | None = None

    @classmethod
    def of(cls, settings: SourceSettings, surroundings: Surroundings) -> Self:
        """Make the clients."""
        return cls(
            ReccoBeatsClient(settings.reccobeats, surroundings),
            MusicBrainzClient(settings.musicbrainz, surroundings),
            ListenBrainzClient(settings.listenbrainz, settings.listenbrainz_labs, surroundings),
            DeezerClient(settings.deezer, surroundings),
            ItunesClient(settings.itunes, surroundings),
            YouTubePages(settings.youtube, surroundings),
            DeezerLinks(settings.deezer_links, surroundings),
            SpotifyClient(settings.spotify, surroundings) if settings.spotify else None,
        )

    @property
    def apis(self) -> tuple[Api, ...]:
        """Every service."""
        return (
            self.reccobeats.api,
            self.musicbrainz.api,
            self.listenbrainz.api,
            self.listenbrainz.labs,
            self.deezer.api,
            self.itunes.api,
            self.youtube.api,
            self.deezer_links.api,
            *(self.spotify.apis if self.spotify else ()),
        )

    @property
    def states(self) -> tuple[SourceState, ...]:
        """How each service did lately, in the order of their names.

        Of a service with several addresses, one that fails counts before one that answers.
        """
        worst: dict[str, SourceState] = {}
        for state in sorted((api.state for api in self.apis), key=_gravity):
            worst.setdefault(state.source, state)
        return tuple(worst[name] for name in sorted(worst))

    async def close(self) -> None:
        """Break off every call under way; before the session is closed."""
        await asyncio.gather(*(api.close() for api in self.apis))
        if self.spotify is not None:
            self.spotify.close()


def _gravity(state: SourceState) -> int:
    if state.problem:
        return 0
    return 2 if state.heard_at is None else 1


def user_agent(program: str, contact: str) -> str:
    """Word who calls, in the form that MusicBrainz asks for.

    Args:
        program: Name and version, ``musicrec/0.1.0``.
        contact: A web or mail address; what no header may hold is left out.
    """
    printable = "".join(char for char in contact if char.isprintable() and char.isascii())
    return f"{program} ( {printable} )"
