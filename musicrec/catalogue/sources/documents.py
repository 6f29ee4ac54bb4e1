"""JSON objects of dumps, one a line, and what is in them if it is of the expected type."""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, cast

from musicrec.catalogue.files import FIRST_ROW

Document = Mapping[str, Any]

NO_JSON: Final = "no JSON object"
NOTHING: Final[Document] = MappingProxyType({})


def documents(block: bytes) -> Iterator[tuple[int, Document | None]]:
    """Yield every line's number, counted from ``FIRST_ROW``, and object; None if it is none."""
    lines = (line for line in block.split(b"\n") if line.strip())
    for row, line in enumerate(lines, start=FIRST_ROW):
        yield row, document_of(line)


def document_of(line: bytes) -> Document | None:
    """Read one object; None if it is none."""
    try:
        document = json.loads(line)
        if b"\\ud" in line or b"\\uD" in line:  # perhaps half a character: no file can hold it
            document = json.loads(json.dumps(document, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    return _object(document)


def part(document: Document, name: str) -> Document:
    """Return an object within an object; an empty one if there is none."""
    return _object(document.get(name)) or NOTHING


def texts(document: Document, name: str) -> list[str]:
    """Return the texts of a list within an object."""
    return [value for value in _list(document.get(name)) if isinstance(value, str)]


def parts(document: Document, name: str) -> list[Document]:
    """Return the objects of a list within an object."""
    return [found for value in _list(document.get(name)) if (found := _object(value)) is not None]


def _object(value: object) -> Document | None:
    return cast("Document", value) if isinstance(value, dict) else None


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
