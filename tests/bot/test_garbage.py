"""What a process that serves for months leaves behind is found."""

import subprocess
import sys
from typing import Final

_SERVE: Final = """
import gc
from collections import deque

from bot.garbage import settle

loaded = [[] for _ in range(2_000_000)]
settle()

def times():
    return gc.get_stats()[2]["collections"]

class Press:
    def __init__(self):
        self.answer = [self]

before = times()
waiting = deque(maxlen=20_000)
for _ in range(8_000_000):
    waiting.append(Press())
print(times() - before)
"""


def test_the_oldest_objects_are_looked_at_again_and_again_whatever_was_loaded():
    # In a process of its own: the settings are the whole process's.
    run = [sys.executable, "-c", _SERVE]
    told = subprocess.run(run, capture_output=True, text=True, check=True, timeout=300)
    assert int(told.stdout) >= 3
