"""What outside services know about songs. The only HTTP in musicrec.

``open_lookup`` once a process; ask it about what ``song_in`` read.
"""

from musicrec.sources.answers import AnswerStore
from musicrec.sources.api import Surroundings
from musicrec.sources.clients import Clients, user_agent
from musicrec.sources.clock import Clock, SystemClock
from musicrec.sources.genres import GenreVocabulary
from musicrec.sources.links import AskedSong, song_in, songs_linked_in
from musicrec.sources.lookup import SongFound, SongLookup
from musicrec.sources.notes import SourceReport, SourceState
from musicrec.sources.opening import open_lookup, open_surroundings
from musicrec.sources.pace import SharedTurns
from musicrec.sources.settings import Orders, ServiceSettings, SourceSettings, SpotifySettings
from musicrec.sources.transport import HttpTransport, Transport

__all__ = [
    "AnswerStore",
    "AskedSong",
    "Clients",
    "Clock",
    "GenreVocabulary",
    "HttpTransport",
    "Orders",
    "ServiceSettings",
    "SharedTurns",
    "SongFound",
    "SongLookup",
    "SourceReport",
    "SourceSettings",
    "SourceState",
    "SpotifySettings",
    "Surroundings",
    "SystemClock",
    "Transport",
    "open_lookup",
    "open_surroundings",
    "song_in",
    "songs_linked_in",
    "user_agent",
]
