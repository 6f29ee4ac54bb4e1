"""What a new playlist is to sound like, as people write it."""

from collections.abc import Iterable

from musicrec.domain.errors import BadInputError
from musicrec.playlists.making import MOODS


def wishes_in(mood: str | None, features: Iterable[str]) -> dict[str, float]:
    """Return wanted features; those that are written out come before what a mood means.

    Args:
        mood: One of ``MOODS`` in any case.
        features: Each as ``energy=0.8``.

    Raises:
        BadInputError: There is no such mood, or something is no wish.
    """
    if mood is not None and mood.casefold() not in MOODS:
        msg = f"There is no mood {mood[:40]!r}; choose one of: {', '.join(MOODS)}."
        raise BadInputError(msg)
    wanted = {} if mood is None else dict(MOODS[mood.casefold()])
    for text in features:
        name, _, value = text.partition("=")
        try:
            wanted[name.strip()] = float(value)
        except ValueError as error:
            msg = f"{text[:40]!r} is no wish: write a feature and a number, as in energy=0.8."
            raise BadInputError(msg) from error
    return wanted
