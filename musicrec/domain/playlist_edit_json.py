"""What is stored of an edit of a playlist, as plain JSON values."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final

from musicrec.domain.playlist_edit import (
    DoctorFindings,
    EditedFile,
    EditedList,
    EditKind,
    Findings,
    Named,
    Proposal,
    PruneFindings,
    SortFindings,
)
from musicrec.domain.playlist_json import change_from_json, change_to_json


def shown_to_json(proposals: tuple[Proposal, ...], findings: Findings) -> dict[str, Any]:
    """Return what is shown of an edit; ``shown_from_json`` reverses it."""
    return {"proposals": [asdict(one) for one in proposals], "findings": asdict(findings)}


def shown_from_json(
    data: Mapping[str, Any], kind: EditKind
) -> tuple[tuple[Proposal, ...], Findings]:
    """Rebuild what ``shown_to_json`` was given.

    Raises:
        KeyError, TypeError: The data is something else.
    """
    return _proposals(data["proposals"]), _FINDINGS[kind](data["findings"])


def edited_to_json(edited: EditedList) -> dict[str, Any]:
    """Return the whole list of an edit; ``edited_from_json`` reverses it."""
    file, way_back = edited.file, edited.way_back
    return {
        "change": change_to_json(edited.change),
        "file": None
        if file is None
        else {"name": file.name, "format": file.format, "data": b64encode(file.data).decode()},
        "way_back": None if way_back is None else change_to_json(way_back),
    }


def edited_from_json(data: Mapping[str, Any]) -> EditedList:
    """Rebuild a list from ``edited_to_json``.

    Raises:
        KeyError, TypeError, ValueError: The data is something else.
        BadInputError: An order does not fit its list.
    """
    file, way_back = data["file"], data["way_back"]
    return EditedList(
        change_from_json(data["change"]),
        None if file is None else EditedFile(file["name"], file["format"], b64decode(file["data"])),
        None if way_back is None else change_from_json(way_back),
    )


def _proposals(data: list[dict[str, Any]]) -> tuple[Proposal, ...]:
    return tuple(_proposal(one) for one in data)


def _proposal(data: dict[str, Any]) -> Proposal:
    interval = data["interval"]
    ends = None if interval is None else (interval[0], interval[1])
    fields: dict[str, Any] = {**data, "interval": ends}
    return Proposal(**fields)


def _named(data: dict[str, Any]) -> Named:
    return Named(data["what"], tuple(data["names"]), data["n_all"])


def _prune(data: dict[str, Any]) -> PruneFindings:
    fields: dict[str, Any] = {**data, "spared": tuple(_named(one) for one in data["spared"])}
    return PruneFindings(**fields)


def _doctor(data: dict[str, Any]) -> DoctorFindings:
    fields = dict(data)
    for name in ("strangers", "sleepers"):
        fields[name] = None if data[name] is None else _proposals(data[name])
    return DoctorFindings(**fields)


def _sort(data: dict[str, Any]) -> SortFindings:
    fields: dict[str, Any] = {**data, "unplaced": _named(data["unplaced"])}
    for name in ("first_before", "first_after"):
        fields[name] = tuple(data[name])
    return SortFindings(**fields)


_FINDINGS: Final = MappingProxyType(
    {EditKind.PRUNE: _prune, EditKind.DOCTOR: _doctor, EditKind.SORT: _sort}
)
