"""Identifiers, one type each so that they cannot be mixed up."""

from typing import NewType

ListenerId = NewType("ListenerId", int)
"""A Discord user id (a snowflake, below 2**63)."""

TrackId = NewType("TrackId", str)
"""One recording: ``isrc:…``, ``mbid:…``, ``spotify:track:…`` or ``song:<hash>``.

At most 64 characters of ``[A-Za-z0-9:._-]``, so that it fits into a button's custom id.
"""

ShortlistId = NewType("ShortlistId", int)
ModelId = NewType("ModelId", int)
GuessId = NewType("GuessId", int)
EventId = NewType("EventId", int)
"""Position in the append-only label log; later events have larger ids."""
