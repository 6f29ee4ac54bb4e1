from pathlib import Path
from typing import Any

import pytest

from bot.container import open_services
from musicrec.catalogue import import_songs
from musicrec.domain.errors import BadInputError, GenreNotFoundError, TrackNotFoundError
from musicrec.domain.ids import TrackId
from musicrec.services import Services
from tests.musicrec.services.people import NOON

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_song_is_found_by_id_and_by_words(services: Services):
    track = services.songs.suggest("")[0]
    assert await services.songs.resolve(track.id) == track
    assert await services.songs.resolve(f"{track.title} {track.main_artist}") == track


@pytest.mark.parametrize("text", ["", "zzzzqqqqxxxx", '"', "*", "🎵" * 500])
async def test_what_matches_nothing_is_said_so(services: Services, text: str):
    with pytest.raises(TrackNotFoundError):
        await services.songs.resolve(text)


async def test_genres_complete_and_unknown_ones_are_refused(services: Services):
    assert "metal" in services.songs.suggest_genres("met")
    assert set(services.songs.suggest_genres("")) == set(services.songs.genres)
    with pytest.raises(GenreNotFoundError) as caught:
        await services.songs.search("love", genre="metall")
    assert caught.value.nearest[0] == "metal"


async def test_status_counts_songs_and_labels(services: Services):
    status = await services.status.status(at=NOON)
    assert status.n_songs > 4000
    assert status.database_ok
    assert (status.n_labels, status.n_models) == (0, 0)
    assert services.cards.pick_first_song(seed=3).id != TrackId("")


@pytest.mark.parametrize("filters", [{"country": "Atlantis"}, {"years": "long ago"}])
async def test_filters_that_mean_nothing_are_refused(services: Services, filters: dict[str, Any]):
    with pytest.raises(BadInputError):
        await services.songs.search("love", **filters)


async def test_countries_with_many_songs_come_first(services: Services):
    assert services.songs.countries[:2] == ("US", "GB")


async def test_a_search_keeps_to_country_and_years(tmp_path: Path):
    songs = tmp_path / "songs.csv"
    songs.write_text(
        "title,artist,year,country\nBlue,One,1999,SE\nBlue,Two,1985,SE\nBlue,Three,1995,US\n"
    )
    import_songs(tmp_path / "data", [songs])
    async with open_services(data_dir=tmp_path / "data", worker_processes=1) as opened:
        found = await opened.songs.search("blue", country=" se", years="1990s")
        assert [track.artists for track in found] == [("One",)]
        assert await opened.songs.search("blue", country="SE", years="2000-") == []
        assert opened.songs.countries == ("SE", "US")
        with pytest.raises(BadInputError, match="as in SE, US"):
            await opened.songs.search("blue", country="Sweden")
