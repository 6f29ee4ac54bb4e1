"""The bytes of a file, decompressed on the way, in blocks of whole lines."""

# pyarrow ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import bz2
import codecs
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Final, cast

import pyarrow as pa

from musicrec.domain.errors import BadInputError

_BLOCK_BYTES: Final = 8_000_000
_LONGEST_LINE: Final = 64_000_000
_MOST_LINES_BACK: Final = 200
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def ending_of(path: Path) -> str:
    """Return the ending that tells the format, lower-cased, without that of a compression."""
    name = Path(path.name.lower())
    return Path(name.stem).suffix if name.suffix in _OPENERS else name.suffix


@contextmanager
def reading(path: Path) -> Generator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file, decompressed if its ending says that it is compressed.

    Yields:
        What is in it, and the file itself, whose position tells how much was read.

    Raises:
        BadInputError: There is no such file, or what is in it is cut short or damaged.
    """
    try:
        with path.open("rb") as file, _decompressed(file, path.suffix.lower()) as stream:
            yield stream, file
    except (EOFError, zlib.error, lzma.LZMAError, tarfile.TarError) as error:
        raise _damaged(path) from error
    except OSError as error:
        if error.errno is None:  # what decompressors raise
            raise _damaged(path) from error
        msg = f"{path} cannot be read: {error.strerror}."
        raise BadInputError(msg) from error


def blocks(stream: IO[bytes], path: Path) -> Iterator[bytes]:
    """Yield all bytes, cut after whole lines, and not within a quoted value of a few lines.

    UTF-16, told by its byte order mark, becomes UTF-8.

    Raises:
        BadInputError: There are no lines.
    """
    rest = b""
    for read in _utf8(stream):
        rest += read
        cut = _cut(rest)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _LONGEST_LINE:
            msg = f"{path} is not a text file: it has no lines."
            raise BadInputError(msg)
    if rest:
        yield rest


def members(stream: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and content of every file in a tape archive, one after the other."""
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                yield member.name, content


def _decompressed(file: IO[bytes], ending: str) -> IO[bytes]:
    opened: Any = _OPENERS[ending](file, "rb") if ending in _OPENERS else nullcontext(file)
    return cast("IO[bytes]", opened)


def _zstandard(file: Any, _mode: str) -> Any:
    return pa.CompressedInputStream(pa.PythonFile(file), "zstd")


def _utf8(stream: IO[bytes]) -> Iterator[bytes]:
    start = stream.read(2)
    if start not in _UTF16:
        yield start
        while read := stream.read(_BLOCK_BYTES):
            yield read
        return
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    decoder.decode(start)
    while read := stream.read(_BLOCK_BYTES):
        yield decoder.decode(read).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode()


def _cut(block: bytes) -> int:
    """Return where the last whole record of a block ends; 0 if no line does."""
    last = end = block.rfind(b"\n") + 1
    quotes = block.count(b'"', 0, end)
    for _ in range(_MOST_LINES_BACK):
        if quotes % 2 == 0:
            return end
        before = block.rfind(b"\n", 0, end - 1) + 1
        quotes -= block.count(b'"', before, end)
        end = before
    return last  # a stray quote


def _damaged(path: Path) -> BadInputError:
    return BadInputError(
        f"{path} is cut short or damaged: it cannot be decompressed to its end. Download or copy"
        " it again."
    )


_OPENERS: Final[Mapping[str, Callable[[Any, str], Any]]] = MappingProxyType(
    {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open, ".zst": _zstandard}
)
"""By the ending that a compressed file has."""
