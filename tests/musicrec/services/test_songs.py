import pytest

from musicrec.domain.errors import GenreNotFoundError, TrackNotFoundError
from musicrec.domain.ids import TrackId
from musicrec.services import Services

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_song_is_found_by_id_and_by_words(services: Services):
    track = services.songs.suggest("")[0]
    assert services.songs.resolve(track.id) == track
    assert services.songs.resolve(f"{track.title} {track.main_artist}") == track


@pytest.mark.parametrize("text", ["", "zzzzqqqqxxxx", '"', "*", "🎵" * 500])
async def test_what_matches_nothing_is_said_so(services: Services, text: str):
    with pytest.raises(TrackNotFoundError):
        services.songs.resolve(text)


async def test_genres_complete_and_unknown_ones_are_refused(services: Services):
    assert "metal" in services.songs.suggest_genres("met")
    assert set(services.songs.suggest_genres("")) == set(services.songs.genres)
    with pytest.raises(GenreNotFoundError) as caught:
        await services.songs.search("love", genre="metall")
    assert caught.value.nearest[0] == "metal"


async def test_status_counts_songs_and_labels(services: Services):
    status = await services.status.status()
    assert status.n_songs > 4000
    assert status.database_ok
    assert (status.n_labels, status.n_models) == (0, 0)
    assert services.cards.pick_first_song(seed=3).id != TrackId("")
