"""The drivers' failures become ``StorageError`` here, in one sentence without the password."""

from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import quote

from sqlalchemy import URL
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)

from musicrec.domain.errors import StorageError
from musicrec.storage.urls import describe

_BUGS = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
"""What only a mistake in this program causes: it must reach the log as what it is."""


@contextmanager
def while_connecting(url: URL) -> Generator[None]:
    """Translate every failure; only for a block without any code but the database's.

    Drivers let the network's ``OSError`` through where a server refuses or does not answer.
    """
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise storage_error(url, error) from error


@contextmanager
def while_working(url: URL) -> Generator[None]:
    """Translate failures of the database, and leave bugs and the caller's own errors alone."""
    try:
        yield
    except _BUGS:
        raise
    except DBAPIError as error:
        raise storage_error(url, error) from error


def storage_error(url: URL, error: Exception) -> StorageError:
    """Word a failure for the operator."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    lines = str(cause).strip().splitlines() or ["it did not answer in time"]
    reason = _without_password(lines[0], url).rstrip(".")
    return StorageError(f"{describe(url)} cannot be used: {reason}.")


def _without_password(text: str, url: URL) -> str:
    if not url.password:
        return text
    for spelling in (url.password, quote(url.password, safe="")):
        text = text.replace(spelling, "***")
    return text
