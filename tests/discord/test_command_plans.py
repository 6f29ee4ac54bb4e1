"""Nothing that people can ask for reads a whole table which grows with listeners or ratings.

Every command, button, select and window is used by somebody about whom something is in every
table, on both databases; each statement that the database was given is then explained by it.
"""

import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from sqlalchemy import Connection

from bot.container import open_services
from musicrec.domain.model import StoredModel
from musicrec.storage.tables import Base
from tests.discord.everything import EXAMPLES, MORE, WINDOWS, item_of, options_of
from tests.discord.owner_town import OTHER_MARK, Owner, owner_of_everything
from tests.discord.strangers import command, components, leaves, press, submit
from tests.discord.town import Town, town_of, unlimited
from tests.musicrec.storage.statements import Statement, recorded_statements
from tests.postgres import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

SMALL: Final = {"heard_events", "recall_audits", "service_turns", "source_closures"}
"""Tables that are swept, or have a row for a service."""
GROWING: Final = Base.metadata.tables.keys() - SMALL
ON_PURPOSE: Final = {
    "SELECT count(*) AS count_1 FROM (SELECT label_events.id AS id FROM label_events": (
        "ends at 100,000"
    ),
    "SELECT count(DISTINCT models.listener_id) AS count_1 FROM models": "three for each listener",
}
"""Beginnings of statements that read all of a table, and why they may."""
EXPLAINED: Final = ("DELETE", "INSERT", "SELECT", "UPDATE", "WITH")
_LAST: Final = "DeleteDataButton"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    """Return the PostgreSQL server, or None for SQLite."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_server")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(
    server: PostgresServer | None, small_catalogue: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("plans")
    shutil.copytree(small_catalogue, folder, dirs_exist_ok=True)
    url = await server.new_database() if server else None
    async with (
        open_services(data_dir=folder, database_url=url, worker_processes=1) as services,
        town_of(services, unlimited(services, reads_messages=True)) as running,
    ):
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def statements(town: Town, taste: StoredModel) -> list[Statement]:
    """Use everything, and return what the database was given, each statement once."""
    database = town.services.edits._database
    await owner_of_everything(town, town.bob, taste, OTHER_MARK)
    owner = await owner_of_everything(town, town.alice, taste)
    with recorded_statements(database) as recorded:
        await _use_components(town, owner)
        await _use_commands(town, owner)
        for window, typed in WINDOWS.items():
            await submit(town.alice, town.channel, window, typed)
        await town.services.training.idle()
        await _press(town, owner, _LAST, EXAMPLES[_LAST])
    town.env._errors_acknowledged = len(town.env.errors)  # who asks for nonsense is told so
    return list({one.sql: one for one in recorded if one.sql.startswith(EXPLAINED)}.values())


async def _use_components(town: Town, owner: Owner) -> None:
    for name, example in EXAMPLES.items():
        if name != _LAST:
            for one in (example, *MORE.get(name, [])):
                await _press(town, owner, name, one)


async def _press(town: Town, owner: Owner, name: str, example: str) -> None:
    template, _ = components(town.env.bot)[name]
    match = template.fullmatch(example)
    assert match is not None
    item = item_of(town, name, _own(match, owner), owner)
    await press(town, town.alice, town.channel, item)


def _own(match: re.Match[str], owner: Owner) -> str:
    """Return a custom id with the owner's numbers."""
    numbers = owner.numbers | {"track": owner.track}
    text = match.string
    for name in sorted(match.re.groupindex, key=match.start, reverse=True):
        if name in numbers:
            start, end = match.span(name)
            text = text[:start] + numbers[name] + text[end:]
    return text


async def _use_commands(town: Town, owner: Owner) -> None:
    for name in leaves(town.env.bot):
        await command(town, town.alice, town.channel, name, options_of(town, owner, name))


async def test_nothing_that_is_asked_for_reads_a_whole_table(
    town: Town, statements: list[Statement]
):
    database = town.services.edits._database
    assert len(statements) > 100
    explained = _on_sqlite if database.dialect == "sqlite" else _on_postgresql
    found: dict[str, list[str]] = {}
    for one in statements:
        async with database._engine.connect() as connection:
            scanned = await connection.run_sync(explained, one)
            await connection.rollback()
        if scanned:
            found[" ".join(one.sql.split())] = scanned
    for beginning in ON_PURPOSE:
        assert found.pop(next(sql for sql in found if sql.startswith(beginning)))
    assert not found, "\n".join(f"{tables}: {sql}" for sql, tables in found.items())


def _on_sqlite(connection: Connection, statement: Statement) -> list[str]:
    """Return which growing tables are read as a whole, or an index of them."""
    names = dict(re.findall(r"(\w+) AS (\w+)", statement.sql))
    tables = {alias: table for table, alias in names.items()}
    rows = connection.exec_driver_sql(
        f"EXPLAIN QUERY PLAN {statement.sql}", _one_of(statement.parameters)
    )
    steps = [row[3].split() for row in rows]
    scanned = [step[1] for step in steps if step[0] == "SCAN"]
    return [name for name in scanned if tables.get(name, name) in GROWING]


def _on_postgresql(connection: Connection, statement: Statement) -> list[str]:
    # Tables are as good as empty: the plan is asked for that is taken where reading all is dear.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    (plan,) = connection.exec_driver_sql(
        f"EXPLAIN (FORMAT JSON) {statement.sql}", _one_of(statement.parameters)
    ).one()
    (whole,) = json.loads(plan) if isinstance(plan, str) else plan
    return [
        node["Relation Name"]
        for node in _nodes(whole["Plan"])
        if node.get("Relation Name") in GROWING and any(map(_reads_all, _nodes(node)))
    ]


def _reads_all(node: dict[str, Any]) -> bool:
    if node["Node Type"] in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}:
        return "Index Cond" not in node
    return node["Node Type"] == "Seq Scan"


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _one_of(parameters: Any) -> Any:
    """Return the parameters of one row, where there are many."""
    is_many = isinstance(parameters, Sequence) and parameters and isinstance(parameters[0], tuple)
    return parameters[0] if is_many else tuple(parameters)
