"""A server's week in the verdicts that were given on its public cards.

Nothing else is counted, and nothing is told of a song that fewer than three people rated: a press
of a button is seen by nobody, and the numbers of two people would tell each what the other said.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from musicrec.domain.server_post import FEWEST_PEOPLE, DigestTallies, PublicVerdict, SongTally
from musicrec.storage import UnitOfWork

_MOST_LIKED: Final = 3
_WEEK: Final = timedelta(weeks=1)


async def tallies_of_week(uow: UnitOfWork, guild_id: int, until: datetime) -> DigestTallies:
    """Tally the week of a server that ends at an instant.

    The first liker is left out unless they agreed to be named (``services.comparing``).
    """
    verdicts = await uow.cards.verdicts_on(guild_id, since=until - _WEEK, until=until)
    found = tally(verdicts)
    first = found.first_liker
    if first is None or await uow.comparing.those_who_allow(guild_id, [first]):
        return found
    return replace(found, first_liker=None)


def tally(verdicts: Sequence[PublicVerdict]) -> DigestTallies:
    """Find the most liked songs, the most divisive one, and who liked the first of them first.

    Args:
        verdicts: Oldest first, at most one of a person and song.
    """
    likes = Counter(one.track_id for one in verdicts if one.is_like)
    dislikes = Counter(one.track_id for one in verdicts if not one.is_like)
    songs = [
        SongTally(track_id, likes[track_id], dislikes[track_id])
        for track_id in dict.fromkeys(one.track_id for one in verdicts)
    ]
    told = [one for one in songs if one.likes + one.dislikes >= FEWEST_PEOPLE]
    liked = sorted(
        (one for one in told if one.likes > one.dislikes),
        key=lambda one: (one.dislikes - one.likes, -one.likes),
    )[:_MOST_LIKED]
    divided = [one for one in told if one.likes and one.dislikes]
    best = liked[0].track_id if liked else None
    likers = (one.listener_id for one in verdicts if one.is_like and one.track_id == best)
    return DigestTallies(
        liked=tuple(liked),
        divisive=max(divided, key=_division, default=None),
        first_liker=next(likers, None),
        n_people=len({one.listener_id for one in verdicts}),
        n_verdicts=len(verdicts),
    )


def _division(one: SongTally) -> tuple[float, int]:
    """Order by how even opinions are, then by how many there are."""
    return min(one.likes, one.dislikes) / (one.likes + one.dislikes), one.likes + one.dislikes
