"""XSPF: a playlist as XML. Document types are refused, so that no entity can grow or reach out."""

import re
from typing import Final
from xml.etree import ElementTree as ET

from musicrec.domain.errors import BadInputError
from musicrec.domain.playlist import Original, Playlist, PlaylistItem
from musicrec.playlists.formats.limits import clean, require_few, require_short
from musicrec.playlists.formats.spiff import TRACK_EXTENSION, Fields, fields_of_item

FORMAT: Final = "xspf"
NAMESPACE: Final = "http://xspf.org/ns/0/"

_DEEPEST: Final = 50
_MOST_ELEMENTS: Final = 500_000
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TAG: Final = re.compile(r"\{.*\}")

ET.register_namespace("", NAMESPACE)


def read_xspf(data: bytes, name: str) -> Playlist:
    """Read an XSPF document; comments and processing instructions are left out.

    Raises:
        BadInputError: It is none, has a document type, or holds too much.
    """
    root = _parsed(data, name)
    listed = _first(root, "trackList")
    if _bare(root.tag) != "playlist" or listed is None:
        msg = f"{name} is XML, but no XSPF playlist: it has no <playlist> with a <trackList>."
        raise BadInputError(msg)
    tracks = list(listed)
    require_few(len(tracks), name)
    items = [_item(track, place, name) for place, track in enumerate(tracks, start=1)]
    for track in tracks:
        listed.remove(track)
    frame = Original(FORMAT, _written(root))
    return Playlist(
        clean(_text(root, "title")), tuple(items), clean(_text(root, "annotation")), frame
    )


def write_xspf(playlist: Playlist) -> str:
    """Write an XSPF document."""
    root = _frame(playlist)
    _track_list(root).extend(_track(item) for item in playlist.items)
    return f"{_DECLARATION}{_written(root)}\n"


class _Builder(ET.TreeBuilder):
    """Builds a tree of bounded size and depth, and refuses document types."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._depth, self._n_elements = name, 0, 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        """Count what opens."""
        self._depth += 1
        self._n_elements += 1
        if self._depth > _DEEPEST or self._n_elements > _MOST_ELEMENTS:
            msg = f"{self._name} is nested too deeply, or holds too many elements, for a playlist."
            raise BadInputError(msg)
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        """Count what closes."""
        self._depth -= 1
        return super().end(tag)

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse it."""
        del name, pubid, system
        msg = f"{self._name} has a document type (DTD), which no playlist needs; remove it."
        raise BadInputError(msg)


def _parsed(data: bytes, name: str) -> ET.Element:
    parser = ET.XMLParser(target=_Builder(name))  # noqa: S314 -- the builder refuses DTDs
    try:
        parser.feed(data)
        return parser.close()
    except (ET.ParseError, LookupError, ValueError) as error:
        msg = f"{name} is damaged or cut off: it is not valid XML."
        raise BadInputError(msg) from error


def _item(track: ET.Element, place: int, name: str) -> PlaylistItem:
    track.tail = None
    original = Original(FORMAT, require_short(_written(track), place, name))
    return _fields(track).draft.item(place, original)


def _fields(track: ET.Element) -> Fields:
    added = [
        part
        for extension in track
        if _bare(extension.tag) == "extension" and extension.get("application") == TRACK_EXTENSION
        for part in extension
    ]
    links = [
        (each.text or "").strip()
        for kind in ("location", "identifier")
        for each in track
        if _bare(each.tag) == kind and (each.text or "").strip()
    ]
    said = {_bare(each.tag): each.text or "" for each in reversed(added)}
    return Fields(
        links=links,
        title=_text(track, "title"),
        creator=_text(track, "creator"),
        album=_text(track, "album"),
        duration=_text(track, "duration"),
        added_at=said.get("added_at", ""),
        added_by=said.get("added_by", ""),
    )


def _frame(playlist: Playlist) -> ET.Element:
    frame = playlist.frame
    if frame is not None and frame.format == FORMAT:
        return _parsed(frame.text.encode(), playlist.title)
    root = ET.Element(f"{{{NAMESPACE}}}playlist", {"version": "1"})
    for tag, text in (("title", playlist.title), ("annotation", playlist.description)):
        _add(root, tag, text)
    return root


def _track_list(root: ET.Element) -> ET.Element:
    found = _first(root, "trackList")
    return ET.SubElement(root, f"{{{NAMESPACE}}}trackList") if found is None else found


def _track(item: PlaylistItem) -> ET.Element:
    if item.original is not None and item.original.format == FORMAT:
        return _parsed(item.original.text.encode(), item.name)
    fields = fields_of_item(item)
    track = ET.Element(f"{{{NAMESPACE}}}track")
    for link in fields.links[:1]:
        _add(track, "location", link)
    for link in fields.links[1:]:
        _add(track, "identifier", link)
    for tag in ("title", "creator", "album", "duration"):
        _add(track, tag, getattr(fields, tag))
    if fields.added_at or fields.added_by:
        place = f"{{{NAMESPACE}}}extension"
        extension = ET.SubElement(track, place, {"application": TRACK_EXTENSION})
        _add(extension, "added_at", fields.added_at)
        _add(extension, "added_by", fields.added_by)
    return track


def _add(parent: ET.Element, tag: str, text: str) -> None:
    if text:
        ET.SubElement(parent, f"{{{NAMESPACE}}}{tag}").text = text


def _written(element: ET.Element) -> str:
    return ET.tostring(element, encoding="unicode")


def _first(parent: ET.Element, tag: str) -> ET.Element | None:
    return next((each for each in parent if _bare(each.tag) == tag), None)


def _text(parent: ET.Element, tag: str) -> str:
    found = _first(parent, tag)
    return "" if found is None else found.text or ""


def _bare(tag: str) -> str:
    return _TAG.sub("", tag)
