"""Tags by the names that each kind of file has for them."""

from collections.abc import Mapping

from musicrec.listening.heard import Tags


def tags_of(written: Mapping[str, str]) -> Tags:
    """Read tags, in any case; several artists are parted by semicolons, as taggers do."""
    lower = {name.lower(): value.strip() for name, value in written.items()}
    credited = lower.get("artist") or lower.get("album_artist", "")
    artists = (name.strip() for name in credited.split(";"))
    return Tags(
        title=lower.get("title", ""),
        artists=tuple(name for name in artists if name),
        album=lower.get("album", ""),
        date=lower.get("date") or lower.get("year", ""),
        isrc=lower.get("isrc") or lower.get("tsrc", ""),
    )
