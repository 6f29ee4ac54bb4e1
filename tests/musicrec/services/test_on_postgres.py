import pytest

from bot.container import open_services
from musicrec.domain.errors import StorageError
from tests.musicrec.services.people import NOON, Presser
from tests.postgres import PostgresServer


async def test_from_ratings_to_recommendations_and_away_again(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
):
    data_dir = tmp_path_factory.mktemp("data")
    url = await postgres_server.new_database()
    async with open_services(data_dir=data_dir, database_url=url, worker_processes=1) as services:
        anna = Presser(services, 2**62)
        await anna.rate(20)
        found = await services.recommendations.recommend(anna.id, n=5, at=NOON)
        assert len(found.tracks) == 5
    async with open_services(data_dir=data_dir, database_url=url, worker_processes=1) as services:
        assert (await services.privacy.show(anna.id)).held["label_events"] == 20
        assert (await services.privacy.delete(anna.id)).held["label_events"] == 20
        assert (await services.privacy.show(anna.id)).since is None


async def test_a_database_without_tables_is_refused_in_a_sentence(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
):
    url = await postgres_server.new_database(template="template0")
    opening = open_services(data_dir=tmp_path_factory.mktemp("data"), database_url=url)
    with pytest.raises(StorageError, match="python -m bot migrate"):
        await opening.__aenter__()
