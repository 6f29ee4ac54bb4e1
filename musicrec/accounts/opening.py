"""Everything about accounts elsewhere together, opened once a process."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from musicrec.accounts.keys import TokenKeys
from musicrec.accounts.listenbrainz import ListenBrainzAccounts
from musicrec.accounts.settings import AccountSettings, SpotifyAccountSettings
from musicrec.accounts.spotify_asking import SpotifyAsker
from musicrec.accounts.spotify_login import SpotifyLogin
from musicrec.sources import AnswerStore, Clock, SharedTurns, Surroundings, open_surroundings
from musicrec.sources.spotify_http import SpotifyLine


@dataclass(frozen=True, slots=True)
class SpotifyAccounts:
    """What is needed to link accounts on Spotify and to act for them."""

    settings: SpotifyAccountSettings
    login: SpotifyLogin
    asker: SpotifyAsker
    clock: Clock


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where accounts may be linked.

    Attributes:
        spotify: None where the operator has no application there.
        listenbrainz: None where nobody may link one.
        keys: None where the operator has set none; no account can be linked then.
    """

    spotify: SpotifyAccounts | None = None
    listenbrainz: ListenBrainzAccounts | None = None
    keys: TokenKeys | None = None


@asynccontextmanager
async def open_accounts(
    settings: AccountSettings,
    store: AnswerStore,
    now: Callable[[], datetime],
    *,
    program: str,
    turns: SharedTurns | None = None,
) -> AsyncGenerator[Accounts]:
    """Open what is needed to link accounts and to act for them.

    Args:
        settings: Applications and keys.
        store: Remembers closures and counts calls.
        now: Returns the current time, aware UTC.
        program: Name and version for the ``User-Agent``.
        turns: Keep several processes apart; None for one process.
    """
    async with open_surroundings("", store, now, program=program, turns=turns) as surroundings:
        listenbrainz = ListenBrainzAccounts(settings.listenbrainz, surroundings)
        spotify = settings.spotify
        if spotify is None:
            yield Accounts(None, listenbrainz, settings.keys)
            return
        line = SpotifyLine(spotify.api.base_url, spotify.api.timeout_s)
        try:
            yield Accounts(_spotify(spotify, line, surroundings), listenbrainz, settings.keys)
        finally:
            line.close()


def _spotify(
    settings: SpotifyAccountSettings, line: SpotifyLine, surroundings: Surroundings
) -> SpotifyAccounts:
    return SpotifyAccounts(
        settings,
        SpotifyLogin(settings, line, surroundings),
        SpotifyAsker(settings.api, line, surroundings),
        surroundings.clock,
    )
