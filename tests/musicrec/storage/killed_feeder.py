"""Feeds an index that a process of its own writes, says so, and waits to be killed."""

import sys
import time
from pathlib import Path

from musicrec.storage.text_index import writing_text_index_aside

if __name__ == "__main__":
    with writing_text_index_aside(Path(sys.argv[1])) as feed:
        feed.add(["Numb"], ["Linkin Park"])
        print("fed", flush=True)  # noqa: T201 -- what the test waits for
        time.sleep(60)
