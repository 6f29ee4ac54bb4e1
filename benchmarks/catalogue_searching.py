"""A process that does to a large catalogue what a bot does: open it, search it, forgive typos."""

import random
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from bench_search import misspelt, spelt_right
from measuring import milliseconds

from musicrec.catalogue import Catalogue, Snapshot
from musicrec.storage.text_index import INDEX_FILE
from musicrec.storage.text_index.words import folded

_N_SEARCHES: Final = 1_000
_N_KNOWN: Final = 5_000
_PAGE: Final = 25


def searched(folder: Path) -> dict[str, float]:
    """Return milliseconds until a page of songs is there, and what memory that took.

    Songs are asked for at random, by the first 2 to 12 characters of title and artists.
    """
    catalogue = Catalogue(Snapshot.open(folder, verify=False))
    rng = random.Random(0)  # noqa: S311 -- nothing is secret here
    rows = rng.sample(range(len(catalogue.snapshot)), min(_N_KNOWN, len(catalogue.snapshot)))
    titles, artists = (catalogue.snapshot.text(name, rows) for name in ("title", "artists"))
    typed = [
        f"{title} {names}"[: rng.randint(2, 12)]
        for title, names in list(zip(titles, artists, strict=True))[:_N_SEARCHES]
    ]
    words = [
        (folded(title).split(), folded(names).split())
        for title, names in zip(titles, artists, strict=True)
    ]
    wrong = [text for song in words if (text := misspelt(rng, song))][:_N_SEARCHES]
    right, _ = spelt_right(folder / INDEX_FILE, words)
    return {
        **_percentiles("autocomplete", _times(catalogue, typed), (50, 95, 99)),
        **_percentiles("typo", _times(catalogue, wrong), (95,)),
        "typo_in_top_3": right,
        **_memory(),
    }


def _times(catalogue: Catalogue, texts: Sequence[str]) -> list[float]:
    return [milliseconds(lambda text=text: catalogue.search(text, limit=_PAGE)) for text in texts]


def _percentiles(name: str, times: Sequence[float], shares: Sequence[int]) -> dict[str, float]:
    return {f"{name}_p{share}_ms": float(np.percentile(times, share)) for share in shares}


def _memory() -> dict[str, float]:
    """Return megabytes of this process: all, and those that no other process could share."""
    try:
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    except FileNotFoundError:
        unit = 1e6 if sys.platform == "darwin" else 1e3
        return {"rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit}
    kilobytes = {name: int(size.split()[0]) for name, _, size in (x.partition(":") for x in lines)}
    # Pages of files count as private as long as no other process reads them; any other could.
    return {"rss_mb": kilobytes["Rss"] / 1e3, "private_mb": kilobytes["Anonymous"] / 1e3}
