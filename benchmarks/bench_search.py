"""Measure the index of words: ``python benchmarks/bench_search.py [SONGS …]``.

Songs are asked about at random, not the popular ones more often: most of them are beyond the first
tier. Times are those of one thread of an otherwise idle process, until 25 rows are there.
"""

import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

import pandas as pd
from measuring import Row, publish
from songs import made_up_texts

from musicrec.storage.text_index import TextIndex, writing_text_index
from musicrec.storage.text_index.schema import WORDS
from musicrec.storage.text_index.spelling import near
from musicrec.storage.text_index.words import folded

SEED: Final = 0
N_SAMPLED: Final = 20_000
N_QUERIES: Final = 1_000
N_TYPOS: Final = 10_000
N_BASELINE: Final = 5
PAGE: Final = 25
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"

Song = tuple[list[str], list[str]]
"""Words of the title and of the artists."""
Draw = Callable[[random.Random, Song], str | None]
"""Makes what somebody types who looks for a song; None where the song is too short for it."""


@dataclass
class Built:
    """What remains of building."""

    sample: list[Song] = field(default_factory=list[Song])
    titles: list["pd.Series[str]"] = field(default_factory=list["pd.Series[str]"])
    seconds: float = 0.0


def main(sizes: Sequence[int]) -> None:
    builds: list[Row] = []
    latencies: list[Row] = []
    for n in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "search.sqlite"
            built = build(path, n)
            builds.append(facts(path, n, built))
            latencies += asked(path, n, built.sample)
            latencies.append(baseline(n, built))
    publish("search", {"building": builds, "asking": latencies})


def build(path: Path, n: int) -> Built:
    """Write an index of made-up songs; making them up does not count."""
    built = Built()
    rng = dice()
    share = min(1.0, N_SAMPLED / n)
    started = time.perf_counter()
    with writing_text_index(path) as writer:
        for titles, artists in made_up_texts(n, SEED):
            built.sample += [
                (folded(title).split(), folded(names).split())
                for title, names in zip(titles, artists, strict=True)
                if rng.random() < share
            ]
            built.titles.append(pd.Series(titles, dtype="str"))
            began = time.perf_counter()
            writer.add(titles, artists)
            built.seconds += time.perf_counter() - began
        began = time.perf_counter()
    built.seconds += time.perf_counter() - began
    print(f"{n:,} songs made up and indexed in {time.perf_counter() - started:.0f} s")
    return built


def facts(path: Path, n: int, built: Built) -> Row:
    right, clear = spelt_right(path, built.sample)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    titles = sum(part.memory_usage(index=False) for part in built.titles)
    return {
        "songs": n,
        "build_s": round(built.seconds, 1),
        "disk_mb": round(path.stat().st_size / 1e6),
        "memory_mb": round((peak * 1024 - titles) / 1e6),
        "typo_in_top_3": right,
        "typo_in_top_3_no_word": clear,
    }


def asked(path: Path, n: int, sample: Sequence[Song]) -> list[Row]:
    index = TextIndex(path)
    rows: list[Row] = []
    for kind, draw in QUERIES.items():
        rng = dice()
        texts: list[str] = []
        while len(texts) < N_QUERIES:
            text = draw(rng, rng.choice(sample))
            texts += [text] if text else []
        rows.append({"songs": n, "typed": kind, **percentiles([timed(index, t) for t in texts])})
    index.close()
    return rows


def timed(index: TextIndex, text: str) -> float:
    """Return milliseconds until a page is there."""
    started = time.perf_counter()
    list(islice(index.search(text), PAGE))
    return 1e3 * (time.perf_counter() - started)


def dice() -> random.Random:
    """Return the same luck for everything that is drawn."""
    return random.Random(SEED)  # noqa: S311 -- nothing is secret here


def percentiles(times: Sequence[float]) -> dict[str, float]:
    ranked = sorted(times)
    return {
        f"p{share}_ms": ranked[min(len(ranked) - 1, len(ranked) * share // 100)]
        for share in (50, 95, 99)
    }


def baseline(n: int, built: Built) -> Row:
    """Look through every title with pandas."""
    titles = pd.concat(built.titles, ignore_index=True)
    times: list[float] = []
    for words, _ in built.sample[:N_BASELINE]:
        started = time.perf_counter()
        titles[titles.str.contains(words[0], case=False, regex=False)].head(PAGE)
        times.append(1e3 * (time.perf_counter() - started))
    return {"songs": n, "typed": "one word, pandas str.contains", **percentiles(times)}


def spelt_right(path: Path, sample: Sequence[Song]) -> tuple[float, float]:
    """Return how often the right word is among the first three others for a word with a typo.

    A search looks for what was typed in any case. First of all typos, then of those that do not
    make another known word.
    """
    rng = dice()
    outcomes: list[tuple[bool, bool]] = []
    connection = sqlite3.connect(path)
    while len(outcomes) < N_TYPOS:
        word = rng.choice([word for words in rng.choice(sample) for word in words])
        if len(word) < 4 or (typed := with_typo(rng, word)) == word:
            continue
        found = near(connection, WORDS, typed)
        is_word = any(not spelling.typos for spelling in found)
        others = [spelling.text for spelling in found if spelling.typos]
        outcomes.append((word in others[:3], is_word))
    connection.close()
    clear = [right for right, is_word in outcomes if not is_word]
    return sum(right for right, _ in outcomes) / len(outcomes), sum(clear) / len(clear)


def with_typo(rng: random.Random, word: str) -> str:
    """Lose, add, replace or swap a letter, each as often."""
    place = rng.randrange(len(word) - 1)
    before, char, after = word[:place], word[place], word[place + 1 :]
    letter = rng.choice(LETTERS)
    ways = (
        before + after,
        before + letter + char + after,
        before + letter + after,
        before + after[0] + char + after[1:],
    )
    return rng.choice(ways)


def begun(rng: random.Random, word: str) -> str:
    return word[: rng.randint(1, 4)]


def beginning(rng: random.Random, song: Song, shortest: int, longest: int) -> str | None:
    word = rng.choice(song[0])
    return word[: rng.randint(shortest, longest)] if len(word) >= shortest else None


def words_and_beginning(rng: random.Random, song: Song, n_words: int) -> str | None:
    title = song[0]
    if len(title) <= n_words:
        return None
    return " ".join([*title[:n_words], begun(rng, title[n_words])])


def misspelt(rng: random.Random, song: Song) -> str | None:
    word = rng.choice([*song[0], *song[1]])
    return with_typo(rng, word) if len(word) >= 4 else None


QUERIES: Final[dict[str, Draw]] = {
    "2 or 3 letters": lambda rng, song: beginning(rng, song, 2, 3),
    "4 to 6 letters": lambda rng, song: beginning(rng, song, 4, 6),
    "word, beginning": lambda rng, song: words_and_beginning(rng, song, 1),
    "two words, beginning": lambda rng, song: words_and_beginning(rng, song, 2),
    "title, artist's beginning": lambda rng, song: " ".join([*song[0], begun(rng, song[1][0])]),
    "nothing known": lambda rng, _: "".join(rng.choices("bcdfghjklmnpqrstvwxz", k=8)),
    "a word with a typo": misspelt,
}


if __name__ == "__main__":
    main([int(size.replace("_", "")) for size in sys.argv[1:]] or [1_000_000])
