"""A model as bytes, and back, without ever running what the bytes say.

The file is an uncompressed zip of ``manifest.json`` (everything in plain numbers, and the SHA-256
of every other member) and the fitted parts: ``pipeline.skops`` of an algorithm, ``forest.json``
and ``boosting.json`` of a blend, and ``expert.json`` where it has one. It says which artists and
genres a listener likes, and how many songs of each, but names no song. A model has exactly one
spelling: on reading, the zip is written again from its members and has to come out the same, so
that any flipped, missing or added byte shows.
"""

import hashlib
import io
import json
import zipfile
from typing import Any, Final

import numpy as np

from musicrec.domain.errors import ModelFormatError
from musicrec.domain.report import Report
from musicrec.taste.encode import Encoding
from musicrec.taste.learn import Learned
from musicrec.taste.model import TasteModel
from musicrec.taste.parts_file import PIPELINE, describe, dump_parts, load_parts
from musicrec.taste.tallies import Tallies
from musicrec.taste.typical import Typical

FORMAT: Final = 4
_FIRST: Final = 1
_MANIFEST: Final = "manifest.json"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3


def content_hash(blob: bytes) -> str:
    """Return the SHA-256 of a model's bytes, hex."""
    return hashlib.sha256(blob).hexdigest()


def dump_model(model: TasteModel) -> bytes:
    """Write a model; ``load_model`` reverses it with equal predictions."""
    parts = dump_parts(model.fitted)
    manifest = _manifest(model) | {
        "parts_sha256": {name: content_hash(part) for name, part in parts.items()}
    }
    return _pack({_MANIFEST: json.dumps(manifest, allow_nan=False).encode(), **parts})


def load_model(blob: bytes) -> TasteModel:
    """Read a model.

    Raises:
        ModelFormatError: The bytes are damaged, no model at all, hold anything but the expected
            types, or were written by a newer version.
    """
    members = _unpack(blob)
    try:
        manifest = json.loads(members.pop(_MANIFEST))
        _require_format(manifest["format"])
        manifest = manifest if manifest["format"] != _FIRST else _upgraded(manifest)
        found = {name: content_hash(member) for name, member in members.items()}
        intact = manifest["parts_sha256"] == found
        known = _known(manifest)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = "The model's manifest is damaged; train a new model."
        raise ModelFormatError(msg) from error
    if not intact:
        msg = "The model is damaged: its parts are not the ones that were stored; train a new one."
        raise ModelFormatError(msg)
    return TasteModel(**known, fitted=_fitted(manifest, members))


def _manifest(model: TasteModel) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "algorithm": model.algorithm,
        "n_labels": model.n_labels,
        "n_likes": model.fitted.n_likes,
        "fitted": describe(model.fitted),
        "feature_names": list(model.feature_names),
        "report": model.report.to_json(),
        "encoding": model.encoding.to_json(),
        "typical": model.typical.to_json(),
        "tallies": model.tallies.to_json(),
        "out_of_fold": model.out_of_fold.tolist(),
        "liked": model.liked.tolist(),
        "fingerprints": dict(sorted(model.fingerprints.items())),
    }


def _known(manifest: dict[str, Any]) -> dict[str, Any]:
    return {
        "algorithm": str(manifest["algorithm"]),
        "report": Report.from_json(manifest["report"]),
        "encoding": Encoding.from_json(manifest["encoding"]),
        "typical": Typical.from_json(manifest["typical"]),
        "tallies": Tallies.from_json(manifest.get("tallies", {})),
        "out_of_fold": np.array(manifest["out_of_fold"], dtype=np.float64),
        "liked": np.array(manifest["liked"], dtype=np.bool_),
        "fingerprints": {
            str(name): bool(liked) for name, liked in manifest["fingerprints"].items()
        },
    }


def _fitted(manifest: dict[str, Any], members: dict[str, bytes]) -> Learned:
    try:
        n_likes = int(manifest["n_likes"])
        counts = (n_likes, int(manifest["n_labels"]) - n_likes)
        return load_parts(manifest["fitted"], members, counts)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = "The model's parts do not fit together; train a new model."
        raise ModelFormatError(msg) from error


def _upgraded(manifest: dict[str, Any]) -> dict[str, Any]:
    """Spell the manifest of the first format as today's; it knew no blend."""
    return manifest | {
        "parts_sha256": {PIPELINE: manifest["pipeline_sha256"]},
        "fitted": {"link": manifest["link"]},
    }


def _require_format(number: object) -> None:
    if isinstance(number, int) and number > FORMAT:
        msg = "The model was written by a newer version of this program; update it."
        raise ModelFormatError(msg)
    if number not in range(_FIRST, FORMAT + 1):
        msg = f"The model has the unknown format {number!r}; train a new model."
        raise ModelFormatError(msg)


def _pack(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, date_time=_EPOCH)
            member.create_system = _UNIX  # otherwise Windows would spell the same model differently
            archive.writestr(member, content)
    return buffer.getvalue()


def _unpack(blob: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            _require_stored(archive)
            members = {name: archive.read(name) for name in archive.namelist()}
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        OSError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        msg = "This is not a model, or it is damaged; train a new one."
        raise ModelFormatError(msg) from error
    if _MANIFEST not in members or _pack(members) != blob:
        msg = "The model was changed after it was stored; train a new one."
        raise ModelFormatError(msg)
    return members


def _require_stored(archive: zipfile.ZipFile) -> None:
    """Refuse compressed members before reading them: a small file could unpack to gigabytes."""
    if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
        msg = "compressed member"
        raise zipfile.BadZipFile(msg)
