"""Reasons hold on the whole model: without the thing the probability moves as was said."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.domain.features import FEATURE_RANGES
from musicrec.domain.reasons import Reason, Reasons
from musicrec.taste import TasteModel, TrainingSet, dump_model, load_model
from musicrec.taste.columns import artist_key, clean_features
from musicrec.taste.credits import Credits
from musicrec.taste.encode import Encoding, Floats
from musicrec.taste.learn import learn
from musicrec.taste.reasons import MIN_PUSH, explain
from musicrec.taste.sampling import Sampling
from musicrec.taste.tallies import Tallies, Tally
from musicrec.taste.typical import Typical
from musicrec.taste.words import WORDINGS
from tests.musicrec.taste.simulated import GENRES, songs

ARTISTS = ("Nina", "Björk", "AC/DC", "Sigur Rós", "!!!", "100 gecs", "Weird *Al*", "@everyone")
KEYS = (
    "blend",
    "logistic_regression",
    "svc",
    "k_neighbors",
    "random_forest",
    "hist_gradient_boosting",
    "xgboost",
)
NO_TALLIES = Tallies({}, {})


def fan_table(n: int = 160) -> pd.DataFrame:
    """Rate songs as a fan of half of the artists who also likes it acoustic, and no metal."""
    rng = np.random.default_rng(5)
    main, guest = rng.integers(0, len(ARTISTS), n), rng.integers(0, len(ARTISTS), n)
    credited = [
        f"{ARTISTS[one]}; {ARTISTS[other]}" if row % 3 == 0 else ARTISTS[one]
        for row, (one, other) in enumerate(zip(main, guest, strict=True))
    ]
    table = songs(n, seed=21).assign(artists=credited)
    wish = 2.0 * (main % 2) + 1.5 * table["acousticness"] - 0.8 * (table["genre"] == "metal")
    return table.assign(liked=wish + rng.normal(0, 0.4, n) > 1.6)


@pytest.fixture(scope="session")
def models(model: TasteModel) -> dict[str, TasteModel]:
    """One fan's models by several ways of learning."""
    training = TrainingSet.from_table(fan_table())
    encoding = Encoding.of(training.songs)
    encoded = encoding.encode(training.songs)
    fan = replace(
        model,
        encoding=encoding,
        typical=Typical.of(training.songs, encoding.feature_names),
        tallies=Tallies.of(training.songs, training.liked),
    )
    return {
        key: replace(fan, fitted=learn(key, Sampling.NONE, encoded, training.liked, seed=0))
        for key in KEYS
    }


def numbers(name: str) -> st.SearchStrategy[Any]:
    low, high = FEATURE_RANGES[name]
    near = {"tempo_bpm": (50.0, 210.0), "loudness_db": (-40.0, 0.0), "year": (1950.0, 2025.0)}
    sound = st.floats(*near.get(name, (low, high)))
    return st.one_of(sound, sound, sound, st.none(), st.sampled_from([np.inf, -1e30, "loud"]))


SONG = st.fixed_dictionaries(
    {
        **{name: numbers(name) for name in FEATURE_RANGES},
        "genre": st.sampled_from([*GENRES, "Metal ", "polka", "", None]),
        "artists": st.one_of(
            st.none(),
            st.lists(st.sampled_from([*ARTISTS, "nina", "Nobody", ""]), max_size=4).map("; ".join),
        ),
    }
)


def without(model: TasteModel, song: pd.DataFrame, reason: Reason) -> pd.DataFrame:
    """Return the song without what the reason is about."""
    if reason.about == "genre":
        return song.assign(genre="")
    if reason.about == "artists":
        key = artist_key(reason.artist)
        names = [name.strip() for name in song["artists"].iloc[0].split(";")]
        others = ["A Stranger" if artist_key(name) == key else name for name in names]
        return song.assign(artists="; ".join(others))
    return song.assign(**{reason.about: model.typical.middle[reason.about]})


@pytest.mark.parametrize("key", KEYS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_without_a_reasons_thing_the_probability_moves_as_was_said(
    models: dict[str, TasteModel], key: str, data: st.DataObject
):
    drawn = data.draw(SONG)
    left_out = data.draw(st.sets(st.sampled_from(sorted(drawn)), max_size=3))
    song = pd.DataFrame([drawn]).drop(columns=list(left_out))
    (said,) = models[key].explain(song)
    for reason in said.reasons.for_ + said.reasons.against:
        (p_without,) = models[key].predict(without(models[key], song, reason))
        assert (said.p_like - p_without) * reason.push > 0


@pytest.mark.parametrize("key", KEYS)
def test_every_kind_of_reason_is_given(models: dict[str, TasteModel], key: str):
    explained = models[key].explain(fan_table().drop(columns="liked"))
    given = [reason for said in explained for reason in said.reasons.for_ + said.reasons.against]
    about = {reason.about for reason in given}
    assert {"acousticness", "genre"} <= about
    # Single algorithms do not hear who plays.
    assert ("artists" in about) == (key == "blend")


def test_reasons_name_artists_with_exact_counts(models: dict[str, TasteModel]):
    table = fan_table()
    explained = models["blend"].explain(table)
    roles: set[str] = set()
    for row, said in enumerate(explained):
        names = table["artists"][row].split("; ")
        for reason in said.reasons.for_ + said.reasons.against:
            if reason.about != "artists":
                continue
            rated = table[[reason.artist in each.split("; ") for each in table["artists"]]]
            likes, n = int(rated["liked"].sum()), len(rated)
            role = "by" if reason.artist == names[0] else "with"
            whose = "by this artist" if len(set(names)) == 1 else f"{role} {reason.artist}"
            if (likes > n - likes) == (reason.push > 0) and 2 * likes != n:
                assert reason.words == f"you liked {likes} of {n} {whose}"
                roles.add(role)
            else:
                more = "more" if reason.push > 0 else "less"
                assert reason.words == f"you like songs {whose} {more} than similar ones"
    assert roles == {"by", "with"}


@pytest.mark.parametrize("key", KEYS)
def test_reasons_come_strongest_first_and_no_more_than_asked_for(
    models: dict[str, TasteModel], key: str
):
    table = fan_table(40)
    every, three = (models[key].explain(table, most=most) for most in (99, 3))
    for all_, some in zip(every, three, strict=True):
        assert some.reasons == Reasons(all_.reasons.for_[:3], all_.reasons.against[:3])
        for side, sign in ((all_.reasons.for_, 1), (all_.reasons.against, -1)):
            assert all(sign * reason.push >= MIN_PUSH for reason in side)
            assert all(sign * a.push >= sign * b.push for a, b in pairwise(side))


def test_leading_reasons_are_on_the_side_of_the_probability(models: dict[str, TasteModel]):
    for said in models["blend"].explain(fan_table()):
        liked = said.p_like >= 0.5
        assert said.leading == (said.reasons.for_ if liked else said.reasons.against)
        assert said.interval is not None
        assert 0 <= said.interval[0] <= said.p_like <= said.interval[1] <= 1


def test_a_song_is_explained_alike_in_any_company(models: dict[str, TasteModel]):
    table = fan_table()
    together = models["blend"].explain(table)
    for row in (0, 7, 100):
        (alone,) = models["blend"].explain(table.iloc[[row]])
        assert alone.p_like == pytest.approx(together[row].p_like, abs=1e-6)
        words = [reason.words for reason in together[row].leading]
        assert [reason.words for reason in alone.leading] == words


def test_more_songs_than_one_portion_are_explained_in_their_order(model: TasteModel):
    table = pd.concat([songs(40, seed=3)] * 27, ignore_index=True)
    explained = model.explain(table)
    assert len(explained) == 1080
    for said, again in zip(explained[:40], explained[1000:1040], strict=True):
        assert {reason.words for reason in said.leading} == {
            reason.words for reason in again.leading
        }


def test_reasons_survive_the_model_file(models: dict[str, TasteModel]):
    stored = load_model(dump_model(models["blend"]))
    table = fan_table(30)
    assert stored.explain(table) == models["blend"].explain(table)


def test_hundreds_of_credits_are_survived(models: dict[str, TasteModel]):
    crowd = "; ".join([*ARTISTS, *(f"Guest {number}" for number in range(500))])
    (said,) = models["blend"].explain(songs(1).assign(artists=crowd))
    assert 0 < said.p_like < 1


def test_unknown_values_are_never_reasons(model: TasteModel):
    bare = pd.DataFrame({"title": ["x"], "acousticness": [np.nan], "genre": [None]})
    (said,) = model.explain(bare)
    assert said.reasons == Reasons()
    assert said.leading == ()


def test_songs_of_which_nothing_is_known_have_a_chance_and_no_reasons(model: TasteModel):
    explained = model.explain(pd.DataFrame(index=["a", "b"]))
    assert [said.reasons for said in explained] == [Reasons(), Reasons()]
    assert all(0 < said.p_like < 1 for said in explained)


def test_reasons_name_what_the_listener_cares_about(model: TasteModel):
    table = songs(40, seed=13).assign(acousticness=0.99, tempo_bpm=65.0, genre="folk")
    named = {reason.words for said in model.explain(table) for reason in said.reasons.for_}
    assert {"acoustic for you", "slow for you"} <= named
    table = table.assign(acousticness=0.01, tempo_bpm=190.0, genre="metal")
    named = {reason.words for said in model.explain(table) for reason in said.reasons.against}
    assert {"electric for you", "fast for you"} <= named
    assert any(words.startswith("it is metal, of which you liked ") for words in named)


def test_a_side_is_named_by_how_far_out_the_value_lies():
    songs_ = clean_features(pd.DataFrame({"tempo_bpm": np.linspace(60, 160, 11)}))
    typical = Typical.of(songs_, ("tempo_bpm",))
    named = [typical.word("tempo_bpm", tempo) for tempo in (60, 100, 120, 160)]
    assert named == [
        "slow for you",
        "slower than your usual",
        "faster than your usual",
        "fast for you",
    ]


def test_every_wording_says_something_else_at_its_two_ends():
    for wording in WORDINGS.values():
        assert {wording.lowest, wording.lower}.isdisjoint({wording.higher, wording.highest})


def test_the_push_is_the_difference_in_log_odds():
    table = pd.DataFrame({"tempo_bpm": [60.0, 160.0], "energy": [1.0, 0.5]})
    typical = Typical(
        middle={"tempo_bpm": 110.0, "energy": 0.5},
        low={"tempo_bpm": 80.0, "energy": 0.2},
        high={"tempo_bpm": 140.0, "energy": 0.8},
    )

    def log_odds(asked: pd.DataFrame, _: Credits) -> Floats:
        return ((asked["tempo_bpm"] - 110) / 50 + (asked["energy"] - 0.5)).to_numpy()

    slow, fast = explain(table, log_odds, typical, NO_TALLIES, most=5)
    assert slow.for_ == (Reason("energy", "energetic for you", 0.5),)
    assert slow.against == (Reason("tempo_bpm", "slow for you", -1.0),)
    assert fast == Reasons((Reason("tempo_bpm", "fast for you", 1.0),), ())


def test_an_artist_is_replaced_in_place_by_a_stranger():
    table = pd.DataFrame({"artists": ["Nina; Björk"]})

    def log_odds(_: pd.DataFrame, credits_: Credits) -> Floats:
        assert credits_.tolist() == [("nina", "bjork"), ("", "bjork"), ("nina", "")]
        return np.array([1.0, 0.25, 2.0])

    tallies = Tallies({"nina": Tally(4, 5), "bjork": Tally(3, 3)}, {})
    (reasons,) = explain(table, log_odds, Typical({}, {}, {}), tallies, most=3)
    nina = Reason("artists", "you liked 4 of 5 by Nina", 0.75, "Nina")
    words = "you like songs with Björk less than similar ones"
    assert reasons == Reasons((nina,), (Reason("artists", words, -1.0, "Björk"),))


def test_counts_that_speak_for_the_other_side_are_not_told():
    tallies = Tallies({"a": Tally(4, 5), "b": Tally(1, 2)}, {"metal": Tally(2, 9)})
    assert tallies.genre_words("metal", -1) == "it is metal, of which you liked 2 of 9"
    assert tallies.genre_words("metal", 1) == tallies.genre_words("metal", 1.5) == "it is metal"
    assert tallies.artist_words("a", "by this artist", 1) == "you liked 4 of 5 by this artist"
    assert tallies.artist_words("b", "with B", 1) == "you like songs with B more than similar ones"


@settings(max_examples=50, deadline=None)
@given(
    names=st.lists(
        st.one_of(st.none(), st.text(alphabet="aAbé;! ", max_size=8)), min_size=1, max_size=12
    ),
    data=st.data(),
)
def test_every_credited_artist_is_counted_once_a_song(names: list[str | None], data: st.DataObject):
    liked = np.array(data.draw(st.lists(st.booleans(), min_size=len(names), max_size=len(names))))
    counted = Tallies.of(pd.DataFrame({"artists": names}), liked)
    credited = [{artist_key(name) for name in (each or "").split(";")} - {""} for each in names]
    expected = {
        key: Tally(
            sum(like for keys, like in zip(credited, liked.tolist(), strict=True) if key in keys),
            sum(key in keys for keys in credited),
        )
        for key in set().union(*credited)
    }
    assert counted.artists == expected
    assert counted.genres == {}
    assert Tallies.from_json(counted.to_json()) == counted
