"""A ranking and its stand-in as one file: a cache, made anew when it is lost.

Workers make its content and look with it, the process that asks them keeps the file: they may be on
other machines.
"""

import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np

from musicrec.discovery.ranking import Ranking
from musicrec.discovery.rough import Rough
from musicrec.discovery.scorer import ArtistShifts
from musicrec.discovery.stand_in import RoughLook, StandIn
from musicrec.domain.errors import ModelFormatError
from musicrec.taste.trees_file import dump_trees, load_trees

_TABLE: Final = "table:"
_UNREADABLE: Final = (OSError, ValueError, KeyError, EOFError, BadZipFile, ModelFormatError)


def dump_ranking(ranking: Ranking, stand_in: StandIn | None) -> bytes:
    """Return the content of the file."""
    arrays: dict[str, np.ndarray] = {"rows": ranking.rows, "p_like": ranking.p_like}
    if stand_in is not None:
        look = stand_in.look
        arrays |= {
            "start": np.array(look.rough.start),
            "known": look.artists.known,
            "main": look.artists.main,
            "guest": look.artists.guest,
            "trees": np.frombuffer(dump_trees(stand_in.trees), dtype=np.uint8),
            # Half precision is ten times finer than what the first look leaves over.
            **{
                f"{_TABLE}{name}": table.astype(np.float16)
                for name, table in look.rough.tables.items()
            },
        }
    content = BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()


def write_ranking(path: Path, content: bytes) -> None:
    """Write a file that is whole or not there at all.

    Raises:
        OSError: The disk is full, or the folder cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_ranking(path: Path) -> Ranking | None:
    """Read the ranking alone; None where there is no such file, or it is damaged."""
    try:
        # numpy does not close a file of its own that turns out to be damaged.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            return Ranking(file["rows"], file["p_like"])
    except _UNREADABLE:
        return None


def load_stand_in(content: bytes) -> StandIn | None:
    """Return the stand-in of a file's content; None where it has none, or is damaged."""
    try:
        with np.load(BytesIO(content), allow_pickle=False) as file:
            tables = {
                name.removeprefix(_TABLE): file[name].astype(np.float32)
                for name in file.files
                if name.startswith(_TABLE)
            }
            look = RoughLook(
                tuple(tables),
                Rough(float(file["start"]), tables),
                ArtistShifts(file["known"], file["main"], file["guest"]),
            )
            return StandIn(look, load_trees(file["trees"].tobytes()))
    except _UNREADABLE:
        return None
