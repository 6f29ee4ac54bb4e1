"""A model as bytes, and back, without ever running what the bytes say.

The file is an uncompressed zip with two members: ``manifest.json`` (everything in plain numbers,
and the SHA-256 of the other member) and ``pipeline.skops`` (the fitted scikit-learn pipeline). A
model has exactly one spelling: on reading, the zip is written again from its members and has to
come out the same, so that any flipped, missing or added byte shows.
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
from musicrec.taste.fit import Fitted, Link
from musicrec.taste.model import TasteModel
from musicrec.taste.pipeline_file import dump_pipeline, load_pipeline
from musicrec.taste.reasons import Typical

FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_PIPELINE: Final = "pipeline.skops"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3


def content_hash(blob: bytes) -> str:
    """Return the SHA-256 of a model's bytes, hex."""
    return hashlib.sha256(blob).hexdigest()


def dump_model(model: TasteModel) -> bytes:
    """Write a model; ``load_model`` reverses it with equal predictions."""
    pipeline = dump_pipeline(model.fitted.pipeline)
    manifest = _manifest(model) | {"pipeline_sha256": content_hash(pipeline)}
    return _pack(json.dumps(manifest, allow_nan=False).encode(), pipeline)


def load_model(blob: bytes) -> TasteModel:
    """Read a model.

    Raises:
        ModelFormatError: The bytes are damaged, no model at all, hold anything but the expected
            types, or were written by a newer version.
    """
    manifest_bytes, pipeline_bytes = _unpack(blob)
    try:
        manifest = json.loads(manifest_bytes)
        _require_format(manifest["format"])
        intact = manifest["pipeline_sha256"] == content_hash(pipeline_bytes)
        parts, fitted = _parts(manifest), _fitted_parts(manifest)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = "The model's manifest is damaged; train a new model."
        raise ModelFormatError(msg) from error
    if not intact:
        msg = "The model is damaged: its pipeline is not the one that was stored; train a new one."
        raise ModelFormatError(msg)
    return TasteModel(**parts, fitted=Fitted(load_pipeline(pipeline_bytes), **fitted))


def _manifest(model: TasteModel) -> dict[str, Any]:
    link = model.fitted.link
    return {
        "format": FORMAT,
        "algorithm": model.algorithm,
        "n_labels": model.n_labels,
        "n_likes": model.fitted.n_likes,
        "feature_names": list(model.feature_names),
        "report": model.report.to_json(),
        "encoding": model.encoding.to_json(),
        "link": [link.slope, link.intercept],
        "typical": model.typical.to_json(),
        "out_of_fold": model.out_of_fold.tolist(),
        "liked": model.liked.tolist(),
        "fingerprints": dict(sorted(model.fingerprints.items())),
    }


def _parts(manifest: dict[str, Any]) -> dict[str, Any]:
    return {
        "algorithm": str(manifest["algorithm"]),
        "report": Report.from_json(manifest["report"]),
        "encoding": Encoding.from_json(manifest["encoding"]),
        "typical": Typical.from_json(manifest["typical"]),
        "out_of_fold": np.array(manifest["out_of_fold"], dtype=np.float64),
        "liked": np.array(manifest["liked"], dtype=np.bool_),
        "fingerprints": {
            str(name): bool(liked) for name, liked in manifest["fingerprints"].items()
        },
    }


def _fitted_parts(manifest: dict[str, Any]) -> dict[str, Any]:
    slope, intercept = manifest["link"]
    return {
        "link": Link(float(slope), float(intercept)),
        "n_likes": int(manifest["n_likes"]),
        "n_dislikes": int(manifest["n_labels"]) - int(manifest["n_likes"]),
    }


def _require_format(number: object) -> None:
    if isinstance(number, int) and number > FORMAT:
        msg = "The model was written by a newer version of this program; update it."
        raise ModelFormatError(msg)
    if number != FORMAT:
        msg = f"The model has the unknown format {number!r}; train a new model."
        raise ModelFormatError(msg)


def _pack(manifest: bytes, pipeline: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in ((_MANIFEST, manifest), (_PIPELINE, pipeline)):
            member = zipfile.ZipInfo(name, date_time=_EPOCH)
            member.create_system = _UNIX  # otherwise Windows would spell the same model differently
            archive.writestr(member, content)
    return buffer.getvalue()


def _unpack(blob: bytes) -> tuple[bytes, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            _require_stored(archive)
            manifest, pipeline = archive.read(_MANIFEST), archive.read(_PIPELINE)
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
    if _pack(manifest, pipeline) != blob:
        msg = "The model was changed after it was stored; train a new one."
        raise ModelFormatError(msg)
    return manifest, pipeline


def _require_stored(archive: zipfile.ZipFile) -> None:
    """Refuse compressed members before reading them: a small file could unpack to gigabytes."""
    if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
        msg = "compressed member"
        raise zipfile.BadZipFile(msg)
