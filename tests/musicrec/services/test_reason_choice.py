"""One reason a song: told apart on a list, and by the artist where that is strong."""

from collections import Counter

from musicrec.domain.reasons import Explanation, Reason, Reasons
from musicrec.services.recommendations import one_reason_each


def explained(*reasons: Reason, p_like: float = 0.8) -> Explanation:
    for_ = tuple(reason for reason in reasons if reason.push > 0)
    against = tuple(reason for reason in reasons if reason.push < 0)
    return Explanation(p_like, Reasons(for_, against), None)


def feature(words: str, push: float = 1.0) -> Reason:
    return Reason("tempo_bpm", words, push)


def artist(words: str, push: float = 1.0) -> Reason:
    return Reason("artists", words, push, "Somebody")


def test_a_reason_is_repeated_only_when_every_other_was_used_as_often():
    said = explained(feature("fast"), feature("loud", 0.5), feature("old", 0.2))
    assert one_reason_each([said] * 5) == ["fast", "loud", "old", "fast", "loud"]


def test_a_strong_artist_is_told_before_stronger_sounds():
    said = explained(feature("fast", 2.0), artist("you liked 4 of 5", 0.6))
    assert one_reason_each([said, said, said]) == ["you liked 4 of 5", "fast", "you liked 4 of 5"]


def test_a_weak_artist_waits_for_its_turn():
    said = explained(feature("fast", 2.0), artist("you liked 1 of 1", 0.1))
    assert one_reason_each([said, said]) == ["fast", "you liked 1 of 1"]


def test_only_the_side_of_the_probability_is_told():
    said = explained(feature("fast"), artist("you liked 0 of 5", -2.0))
    assert one_reason_each([said]) == ["fast"]
    unlikely = explained(feature("fast"), artist("you liked 0 of 5", -2.0), p_like=0.3)
    assert one_reason_each([unlikely]) == ["you liked 0 of 5"]


def test_a_song_without_reasons_has_none():
    assert one_reason_each([explained(), explained(feature("fast"))]) == ["", "fast"]


def test_lists_stay_varied_for_a_listener_of_artists():
    songs = [explained(artist(f"you liked {n} of 5"), feature("fast")) for n in (3, 4, 4, 5)]
    assert max(Counter(one_reason_each(songs)).values()) == 1
