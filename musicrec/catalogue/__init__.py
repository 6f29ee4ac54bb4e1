"""From song files to the songs that can be found, rated and recommended."""

from musicrec.catalogue.catalogue import Catalogue
from musicrec.catalogue.current import CurrentCatalogue, open_catalogue
from musicrec.catalogue.delta import Delta
from musicrec.catalogue.files import RejectedRow, replacing, require_ending, write_table
from musicrec.catalogue.importing import ImportSummary, import_songs
from musicrec.catalogue.reader import SongFile, read_songs
from musicrec.catalogue.store.snapshot import Snapshot

__all__ = [
    "Catalogue",
    "CurrentCatalogue",
    "Delta",
    "ImportSummary",
    "RejectedRow",
    "Snapshot",
    "SongFile",
    "import_songs",
    "open_catalogue",
    "read_songs",
    "replacing",
    "require_ending",
    "write_table",
]
