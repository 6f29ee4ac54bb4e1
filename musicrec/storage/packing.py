"""Large JSON values as compressed bytes, packed in a thread: a list may hold thousands of songs."""

import asyncio
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

_QUICK: Final = 1
"""zlib's level: twice as fast as the usual one, and hardly larger."""

Value = TypeVar("Value")


async def pack(value: Value, to_json: Callable[[Value], Mapping[str, Any]]) -> bytes:
    """Return a value's JSON, compressed."""

    def packed() -> bytes:
        return zlib.compress(json.dumps(to_json(value)).encode(), _QUICK)

    return await asyncio.to_thread(packed)


async def unpack(data: bytes, from_json: Callable[[Mapping[str, Any]], Value]) -> Value:
    """Return the value that was packed."""

    def unpacked() -> Value:
        return from_json(json.loads(zlib.decompress(data)))

    return await asyncio.to_thread(unpacked)
