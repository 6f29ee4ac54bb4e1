"""What is freed between what is kept goes back to the system."""

import platform
import subprocess
import sys
from typing import Final

import pytest

_SERVE: Final = """
import asyncio, re
from pathlib import Path

from bot.heap import giving_back

def resident_mb():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1e3

async def serve():
    values = [bytes(4_000 + number % 5_000) for number in range(40_000)]
    kept = values[::100]
    del values
    before = resident_mb()
    async with giving_back(every_s=0.05):
        for _ in range(200):
            await asyncio.sleep(0.05)
            if resident_mb() < before / 2:
                break
    print(before, resident_mb(), len(kept))

asyncio.run(serve())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc's malloc_trim")
def test_what_is_free_between_what_is_kept_goes_back():
    # In a process of its own: the heap is the whole process's.
    run = [sys.executable, "-c", _SERVE]
    told = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60)
    before, after, _ = map(float, told.stdout.split())
    assert before > 200
    assert after < before / 2
