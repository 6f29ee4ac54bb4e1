"""A real PostgreSQL server of the tests' own, in a temporary folder, without any network port."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import asyncpg
import pytest

from musicrec.storage import upgrade

TEMPLATE = "migrated"
"""A database with all tables and no rows, copied for every test."""


@dataclass(frozen=True)
class PostgresServer:
    """A server that listens on a socket in ``folder``; every login is trusted.

    Attributes:
        programs: Where ``initdb`` and ``pg_ctl`` are.
        folder: Data, socket and log.
        user: Whom the server runs as, because it refuses root; None for whoever runs the tests.
        is_durable: What it commits is on the disk, as it should be; tests are quicker without.
    """

    programs: Path
    folder: Path
    user: str | None
    is_durable: bool = False

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=100"
        if not self.is_durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self.run("pg_ctl", "start", "-w", "-D", "data", "-l", "log", "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Close all connections; in mode ``"immediate"`` nothing is saved either."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "-w", "-m", mode, "-D", "data")

    def create(self) -> None:
        self.run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")

    def run(self, program: str, *arguments: str) -> None:
        group = None if self.user is None else pwd.getpwnam(self.user).pw_gid
        subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            user=self.user,
            group=group,
            extra_groups=None if self.user is None else [],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the server inherits it: a pipe would never end
            check=True,
        )

    async def new_database(self, template: str = TEMPLATE) -> str:
        """Copy a database; ``"template0"`` is an empty one."""
        name = f"test_{uuid.uuid4().hex}"
        connection = await asyncpg.connect(host=str(self.folder), user="postgres")
        try:
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        finally:
            await connection.close()
        return self.url(name)

    async def create_template(self) -> None:
        connection = await asyncpg.connect(host=str(self.folder), user="postgres")
        try:
            await connection.execute(f"CREATE DATABASE {TEMPLATE}")
        finally:
            await connection.close()
        await upgrade(self.url(TEMPLATE))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server, or skip where the machine has none; under CI its absence is a failure."""
    with running_server() as server:
        with asyncio.Runner() as runner:
            runner.run(server.create_template())
        yield server


@contextmanager
def running_server(*, is_durable: bool = False) -> Generator[PostgresServer]:
    """Make, start, stop and remove a server."""
    programs, user = _find_programs(), _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="musicrec-pg-"))
    server = PostgresServer(programs, folder, user, is_durable)
    try:
        if user is not None:
            shutil.chown(folder, user)
        server.create()
        server.start()
        yield server
    finally:
        server.stop(mode="immediate")
        shutil.rmtree(folder)


def _find_programs() -> Path:
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest_last = sorted(installed, key=lambda program: float(program.parts[-3]))
    on_path = shutil.which("initdb")
    if not newest_last and on_path is None:
        _absent("PostgreSQL's initdb is neither in /usr/lib/postgresql/*/bin nor on the PATH")
    return newest_last[-1].parent if newest_last else Path(str(on_path)).resolve().parent


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        _absent("root may not run PostgreSQL, and there is no user `postgres` to run it")


def _absent(what: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI must have it")
    pytest.skip(what)
