"""What a digest tells of public verdicts, and what it keeps to itself."""

from datetime import UTC, datetime, timedelta

from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.server_post import PublicVerdict, SongTally
from musicrec.services.digests import tally

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def verdicts(**songs: str) -> list[PublicVerdict]:
    """Read ``a="++-"`` as three people's verdicts about a song, in that order."""
    return [
        PublicVerdict(
            ListenerId(n), TrackId(f"song:{song}"), sign == "+", NOON + timedelta(minutes=n)
        )
        for song, signs in songs.items()
        for n, sign in enumerate(signs, start=1)
    ]


def test_the_most_liked_songs_come_first_by_the_lead_of_their_likes():
    found = tally(verdicts(a="++-", b="++++", c="+++", d="+++--", e="---"))
    assert [one.track_id for one in found.liked] == ["song:b", "song:c", "song:d"]
    assert found.liked[0] == SongTally(TrackId("song:b"), 4, 0)
    assert (found.n_people, found.n_verdicts) == (5, 18)


def test_the_most_divisive_song_is_the_most_evenly_rated_and_of_those_the_most_rated():
    found = tally(verdicts(a="+-+", b="++--", c="+++---", d="++++"))
    assert found.divisive == SongTally(TrackId("song:c"), 3, 3)
    assert tally(verdicts(a="+++", b="---")).divisive is None


def test_a_song_that_two_people_rated_is_not_told():
    found = tally(verdicts(a="++", b="+-"))
    assert (found.liked, found.divisive, found.first_liker) == ((), None, None)


def test_the_first_liker_is_the_first_who_likes_the_most_liked_song():
    assert tally(verdicts(a="-++++")).first_liker == ListenerId(2)
    assert tally([]).first_liker is None
