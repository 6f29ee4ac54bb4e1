"""Dumps of a PostgreSQL database, made and read by PostgreSQL's own programs."""

import asyncio
import contextlib
import shutil
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from musicrec.domain.errors import StorageError
from musicrec.storage.sqlite_backup import OtherVersionError
from musicrec.storage.urls import describe
from musicrec.storage.whole_files import written_beside

POSTGRES_MAGIC: Final = b"PGDMP"
"""What a dump in the custom format begins with."""

_END_OF_ROWS: Final = r"\."
_PATIENCE_S: Final = 10
_CHUNK: Final = 1 << 20


def has_dump_programs() -> bool:
    """Say whether this machine has PostgreSQL's programs for dumps."""
    return shutil.which("pg_dump") is not None and shutil.which("pg_restore") is not None


async def dump_postgres(url: URL, target: Path, *, only_at: str | None = None) -> None:
    """Dump a database as it is at one moment; programs that use it go on meanwhile.

    Args:
        url: Of the database.
        target: Gets a dump in the custom format, once it is whole and could be read.
        only_at: The version that the tables must be of; None for any.

    Raises:
        StorageError: The programs are missing or failed.
        OtherVersionError: Its tables are of another version by now.
    """
    program = _program("pg_dump")
    with written_beside(target) as beside, _connection_of(url) as connection:
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--file={beside}")
        await _run(url, program, f"--dbname={connection}", *options)
        revision = await checked_dump_revision(beside)
        if only_at not in (None, revision):
            raise OtherVersionError


async def checked_dump_revision(file: Path) -> str | None:
    """Read all of a dump, and return the version of its tables.

    Raises:
        StorageError: It is damaged, or the program for it is missing.
    """
    async with _script_of(file) as script:
        while await script.read(_CHUNK):
            pass
    async with _script_of(file, "--data-only", "--table=alembic_version") as script:
        lines = (await script.read()).decode().splitlines()
    copied = next((at + 1 for at, line in enumerate(lines) if line.startswith("COPY ")), None)
    if copied is None or lines[copied] == _END_OF_ROWS:
        return None
    return lines[copied]


async def load_postgres(url: URL, file: Path, tables: Iterable[str]) -> None:
    """Put a dump in the place of tables, in one transaction: all of it or nothing.

    Args:
        url: Of the database.
        file: The dump.
        tables: Which go before it comes; those that are not there are no matter.

    Raises:
        StorageError: It could not be; everything is as it was.
    """
    names = ", ".join(f'"{name}"' for name in tables)
    begin = (
        f"BEGIN; SET LOCAL lock_timeout = '{_PATIENCE_S}s'; SET LOCAL client_min_messages = error;"
        f" DROP TABLE IF EXISTS {names} CASCADE;\n"
    )
    options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-")
    psql = _program("psql")
    with _connection_of(url) as connection:
        loading = await asyncio.create_subprocess_exec(
            psql, f"--dbname={connection}", *options, stdin=PIPE, stdout=DEVNULL, stderr=PIPE
        )
        sending = asyncio.create_task(_send(loading, begin, file))
        said = await _said_by(loading)
        await _end_of(sending)
        if loading.returncode:
            raise _failure(url, "psql", said)
        await sending


async def _send(loading: Process, begin: str, file: Path) -> None:
    """Hand the script on; it is only committed once all of it was read without an error."""
    pipe = loading.stdin
    if pipe is None:
        return
    try:
        pipe.write(begin.encode())
        async with _script_of(file, "--no-owner", "--no-privileges") as script:
            while chunk := await script.read(_CHUNK):
                pipe.write(chunk)
                await pipe.drain()
        pipe.write(b"\nCOMMIT;\n")
    finally:
        pipe.close()


async def _end_of(sending: asyncio.Task[None]) -> None:
    """Wait for a task without its result: where psql failed, writing to it did so too."""
    await asyncio.wait([sending])
    if (error := sending.exception()) is not None and not isinstance(error, OSError):
        raise error


@asynccontextmanager
async def _script_of(file: Path, *options: str) -> AsyncGenerator[asyncio.StreamReader]:
    """Yield a dump as SQL; at its end the reader is past everything.

    Raises:
        StorageError: The dump is damaged.
    """
    program = _program("pg_restore")
    reading = await asyncio.create_subprocess_exec(
        program, *options, "--file=-", str(file), stdout=PIPE, stderr=PIPE
    )
    if reading.stdout is None or reading.stderr is None:
        msg = "pg_restore was started without pipes"
        raise RuntimeError(msg)
    telling = asyncio.create_task(reading.stderr.read())
    try:
        yield reading.stdout
        said, code = await telling, await reading.wait()
    finally:
        if reading.returncode is None:
            reading.kill()
            await reading.wait()
        await telling
    if code:
        msg = f"{file} cannot be read: {_first_line(said)}."
        raise StorageError(msg)


async def _run(url: URL, program: str, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        program, *arguments, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
    )
    try:
        said = await _said_by(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise _failure(url, Path(program).name, said)


async def _said_by(process: Process) -> bytes:
    said = await process.stderr.read() if process.stderr else b""
    await process.wait()
    return said


def _failure(url: URL, program: str, said: bytes) -> StorageError:
    return StorageError(f"{describe(url)} cannot be used by {program}: {_first_line(said)}.")


def _first_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines() or ["it said nothing"]
    return lines[0].rstrip(".")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        msg = (
            f"{name} is missing: install PostgreSQL's client programs of the server's version or "
            "newer (postgresql-client), or use your own way of backing PostgreSQL up."
        )
        raise StorageError(msg)
    return found


@contextmanager
def _connection_of(url: URL) -> Generator[str]:
    """Yield the address as PostgreSQL's programs take it; the password stays in a private file.

    Arguments and environments of programs can be read by others of the machine.
    """
    parts: dict[str, object] = {
        "dbname": url.database,
        "host": url.host or url.query.get("host"),
        "port": url.port or url.query.get("port"),
        "user": url.username,
        "sslmode": url.query.get("ssl"),
        "connect_timeout": _PATIENCE_S,
        "application_name": "musicrec",
    }
    with contextlib.ExitStack() as stack:
        if url.password:
            passfile = stack.enter_context(tempfile.NamedTemporaryFile("w", suffix=".pgpass"))
            escaped = str(url.password).replace("\\", r"\\").replace(":", r"\:")
            passfile.write(f"*:*:*:*:{escaped}\n")
            passfile.flush()
            parts["passfile"] = passfile.name
        yield " ".join(f"{name}={_quoted(value)}" for name, value in parts.items() if value)


def _quoted(value: object) -> str:
    escaped = str(value).replace("\\", r"\\").replace("'", r"\'")
    return f"'{escaped}'"
