from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from musicrec.catalogue import Catalogue
from musicrec.domain.errors import BadInputError
from musicrec.domain.playlist import ItemKind, Playlist, PlaylistItem
from musicrec.domain.track import Track
from musicrec.playlists.pruning import Kept, Promise, choose, promised, prune
from musicrec.playlists.shift import at_most_liked, share_liked, shifted
from musicrec.playlists.songs import listed_songs
from musicrec.taste import TasteModel
from musicrec.taste.song_identity import fingerprints_of
from tests.musicrec.playlists.lists import playlist, song


def item_of(track: Track) -> PlaylistItem:
    return replace(song(track.title, track.main_artist), track_id=track.id, uri=str(track.id))


def tracks_of(catalogue: Catalogue, genre: str, rows: slice) -> list[Track]:
    songs = catalogue.table(range(len(catalogue)))
    return catalogue.tracks(np.flatnonzero(songs["genre"] == genre)[rows])


@pytest.fixture(scope="module")
def mixed(demo: Catalogue) -> Playlist:
    metal = [item_of(track) for track in tracks_of(demo, "metal", slice(150, 190))]
    country = [item_of(track) for track in tracks_of(demo, "country", slice(150, 190))]
    odd = [
        replace(country[0], kind=ItemKind.LOCAL_FILE, uri="spotify:local:x"),
        replace(song("A talk"), kind=ItemKind.EPISODE, uri="spotify:episode:1"),
        replace(song(""), kind=ItemKind.UNKNOWN, title="?"),
        song("Never heard of", "Nobody at all"),
    ]
    return playlist(*metal[:20], *country, *odd, *metal[20:])


def test_clear_dislikes_go_with_probability_interval_and_reason(
    demo: Catalogue, mixed: Playlist, model: TasteModel
):
    pruning = prune(listed_songs(mixed, demo), model, precision=0.8)
    genres = [demo.require(one.item.track_id).genre for one in pruning.removed if one.item.track_id]
    assert len(genres) >= 10
    assert genres.count("country") >= 0.8 * len(genres)
    for one in pruning.removed:
        low, high = one.explanation.interval or (1.0, 0.0)
        assert low <= one.explanation.p_like <= high
        assert one.explanation.p_like <= (pruning.promise.threshold or 0)
    assert all(one.explanation.reasons.against for one in pruning.removed)
    chances = [one.explanation.p_like for one in pruning.removed]
    assert chances == sorted(chances)
    assert pruning.change.removed == tuple(sorted(one.item.position for one in pruning.removed))


def test_what_cannot_be_judged_stays_and_is_named(
    demo: Catalogue, mixed: Playlist, model: TasteModel
):
    pruning = prune(listed_songs(mixed, demo), model, precision=0.8)
    spared = {one.item.position: one.why for one in pruning.spared}
    assert spared == {
        61: Kept.LOCAL_FILE,
        62: Kept.EPISODE,
        63: Kept.UNKNOWN,
        64: Kept.UNHEARD,
    }
    assert np.isnan(pruning.p_like[60:64]).all()
    assert not set(spared) & set(pruning.change.removed)


def test_liked_songs_stay_whatever_the_model_thinks(demo: Catalogue, model: TasteModel):
    country = [item_of(track) for track in tracks_of(demo, "country", slice(100, 160))]
    songs = listed_songs(playlist(*country), demo)
    doomed = prune(songs, model, precision=0.8).removed[0].item
    told = replace(model, fingerprints=dict(model.fingerprints) | _fingerprints(doomed))
    pruning = prune(songs, told, precision=0.8)
    assert doomed.position not in pruning.change.removed
    assert [(one.item.title, one.why) for one in pruning.spared] == [(doomed.title, Kept.LIKED)]


def _fingerprints(item: PlaylistItem) -> dict[str, bool]:
    table = pd.DataFrame({"track_id": [item.track_id], "title": [item.title]})
    return fingerprints_of(table, np.array([True]))


def test_nothing_goes_where_the_labels_promise_nothing(
    demo: Catalogue, mixed: Playlist, model: TasteModel
):
    pruning = prune(listed_songs(mixed, demo), model, precision=0.999)
    assert pruning.promise.threshold is None
    assert pruning.change.is_empty
    assert pruning.promise.n_labels == model.n_labels


def test_the_promise_counts_the_labels_below_the_threshold(model: TasteModel):
    promise = promised(model, 0.8)
    assert promise.threshold is not None
    below = model.out_of_fold <= promise.threshold
    assert promise.n_below == below.sum() >= 10
    assert promise.n_disliked == (below & ~model.liked).sum()
    assert promise.n_disliked / promise.n_below >= 0.8
    for precision in (0.0, 1.5, float("nan")):
        with pytest.raises(BadInputError, match="precision"):
            promised(model, precision)


def calibrated(share: float, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Songs with true probabilities among which half are liked, and a list with another share."""
    rng = np.random.default_rng(seed)
    p_like = 1 / (1 + np.exp(-2.5 * rng.normal(size=20_000)))
    liked = rng.random(20_000) < p_like
    likes = rng.choice(np.flatnonzero(liked), round(share * n), replace=False)
    dislikes = rng.choice(np.flatnonzero(~liked), n - len(likes), replace=False)
    rows = np.concatenate([likes, dislikes])
    return p_like[rows], liked[rows]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8, 0.95])
def test_the_share_of_liked_songs_of_a_list_is_found_from_probabilities(share: float):
    p_like, liked = calibrated(share, 1_000, seed=3)
    assert share_liked(p_like, 0.5) == pytest.approx(liked.mean(), abs=0.04)
    assert shifted(p_like, 0.5, share).mean() == pytest.approx(share, abs=0.04)


def test_a_list_that_is_mostly_liked_is_pruned_with_more_care():
    promise = Promise(0.9, 0.3, n_labels=500, usual=0.5, n_below=200, n_disliked=186)
    for share in (0.5, 0.8, 0.9):
        removed = liked_ones = below = liked_below = 0
        for seed in range(10):
            p_like, liked = calibrated(share, 400, seed)
            choice = choose(p_like, promise)
            removed += choice.doomed.sum()
            liked_ones += liked[choice.doomed].sum()
            below += choice.below.sum()
            liked_below += liked[choice.below].sum()
        assert liked_ones <= 0.11 * removed
        assert removed <= below
        if share > 0.7:
            assert liked_below > 0.2 * below


def test_a_short_list_never_makes_the_choice_laxer():
    assert share_liked(np.empty(0), 0.4) == 0.4
    assert at_most_liked(0.1, 5, 0.6) == 0.6
    assert at_most_liked(0.5, 20, 0.5) > at_most_liked(0.5, 2_000, 0.5) > 0.5


def test_without_a_catalogue_a_list_of_names_is_left_alone(model: TasteModel):
    pruning = prune(listed_songs(playlist(song("Numb", "Linkin Park")), None), model)
    assert [one.why for one in pruning.spared] == [Kept.UNHEARD]
    assert pruning.share_liked is None
    assert prune(listed_songs(playlist(), None), model).change.is_empty
