"""The index of words, in one tier and split into two."""

import random
import sqlite3
import tempfile
import unicodedata
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from musicrec.domain.errors import StorageError
from musicrec.storage.text_index import TextIndex, writing_text_index
from musicrec.storage.text_index.lexicon import beginning_with, pairs
from musicrec.storage.text_index.schema import BEGINNINGS, WORDS
from musicrec.storage.text_index.spelling import near
from musicrec.storage.text_index.words import folded, indexable

Songs = Sequence[tuple[str, str]]

SONGS = (
    ("Hello Goodbye", "The Beatles"),
    ("In the End", "Linkin Park"),
    ("Numb / Encore", "Linkin Park; JAY-Z"),
    ("Déjà Vu", "Beyoncé; JAY-Z"),
    ("Hello", "Adele"),
    ("Don't Stop", "Fleetwood Mac"),
    ("Final Song", "MØ"),
    ("!!!", "???"),
    ("夜に駆ける", "YOASOBI"),
    ("Metallica Tribute", "Nobody"),
)
"""Most popular first, as the index expects them."""


def write(path: Path, songs: Songs, *, n_popular: int = 1_000_000) -> None:
    with writing_text_index(path, n_popular=n_popular) as writer:
        for start in range(0, len(songs), 3):
            titles, artists = zip(*songs[start : start + 3], strict=True)
            writer.add(titles, artists)


@contextmanager
def index_of(songs: Songs, *, n_popular: int = 1_000_000) -> Generator[TextIndex]:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "index", songs, n_popular=n_popular)
        with closing(TextIndex(Path(folder) / "index")) as index:
            yield index


def first(index: TextIndex, text: str, n: int = 25) -> list[int]:
    return list(islice(index.search(text), n))


@pytest.fixture(scope="module", params=[1_000_000, 5], ids=["one tier", "two tiers"])
def index(request: pytest.FixtureRequest) -> Iterator[TextIndex]:
    with index_of(SONGS, n_popular=request.param) as index:
        yield index


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("numb", ["Numb / Encore"]),
        ("linkin", ["In the End", "Numb / Encore"]),
        ("park numb", ["Numb / Encore"]),
        ("numb lin", ["Numb / Encore"]),
        ("NUMB", ["Numb / Encore"]),
        ("deja vu beyonce", ["Déjà Vu"]),
        ("DÉJÀ", ["Déjà Vu"]),
        ("dont stop", ["Don't Stop"]),
        ("don’t st", ["Don't Stop"]),
        ("mo", ["Final Song"]),
        ("夜に", ["夜に駆ける"]),
        ("𝐍𝐔𝐌𝐁 🄔", ["Numb / Encore"]),
        ("!!!", ["!!!"]),
        ("jay-z vu", ["Déjà Vu"]),
    ],
)
def test_words_are_found_in_any_order_case_and_accent(
    index: TextIndex, text: str, titles: list[str]
):
    assert [SONGS[row][0] for row in first(index, text)] == titles


def test_the_most_popular_song_comes_first(index: TextIndex):
    assert first(index, "in") == [1]
    assert first(index, "jay") == [2, 3]


def test_an_exact_title_comes_before_more_popular_beginnings(index: TextIndex):
    assert [SONGS[row][0] for row in first(index, "hello")] == ["Hello", "Hello Goodbye"]


def test_only_the_last_word_may_be_unfinished(index: TextIndex):
    assert first(index, "hel goodbye") == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("helo goodbye", "Hello Goodbye"),
        ("linkn prak", "In the End"),
        ("metalica", "Metallica Tribute"),
        ("fleetwod", "Don't Stop"),
        ("ecnore", "Numb / Encore"),
        ("beattles", "Hello Goodbye"),
    ],
)
def test_one_typo_a_word_is_forgiven(index: TextIndex, text: str, title: str):
    assert SONGS[next(index.search(text))][0] == title


def test_typos_are_forgiven_only_where_nothing_matches(index: TextIndex):
    assert first(index, "end") == [1]
    assert first(index, "xyzzy plugh") == []


def test_the_limit_holds(index: TextIndex):
    assert first(index, "h", 1) == [0]


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "'; DROP TABLE songs; --",
        "numb*",
        "numb AND",
        "NEAR(numb encore)",
        "title:numb",
        "^numb",
        "(numb",
        "-numb",
        "numb\x00",
        "\ud800",
        "👍",
        "a" * 10_000,
        "numb " * 2_000,
        " ",
        "",
        "\n\t",
        "ﷺ",
        "%_",
    ],
)
def test_nothing_a_person_types_breaks_the_search(index: TextIndex, text: str):
    rows = first(index, text)
    assert all(0 <= row < len(SONGS) for row in rows)
    assert first(index, "numb") == [2]


def test_several_threads_may_search(index: TextIndex):
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: first(index, "helo goodbye"), range(200)))
    assert answers == [[0]] * 200


def test_an_empty_index_finds_nothing():
    with index_of(()) as index:
        assert first(index, "numb") == []
        assert first(index, "n") == []


def test_unfinished_searches_do_not_disturb_others(index: TextIndex):
    one, other = index.search("in"), index.search("jay")
    assert [next(one), next(other), *one, *other] == [1, 2, 3]


def test_a_search_is_only_done_as_far_as_it_is_asked_for(tmp_path: Path):
    write(tmp_path / "index", [("Same", "Band")] * 5_000)
    index = TextIndex(tmp_path / "index")
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    assert first(index, "band", 1) == [0]
    connection = index._idle.get()
    connection.set_progress_handler(count, 1)
    index._idle.put(connection)
    assert first(index, "band", 3) == [0, 1, 2]
    needed = steps
    assert len(first(index, "band", 5_000)) == 5_000
    assert steps - needed > 50 * needed
    index.close()


def test_processes_and_index_objects_share_a_file(tmp_path: Path):
    write(tmp_path / "index", SONGS)
    with (
        closing(TextIndex(tmp_path / "index")) as one,
        closing(TextIndex(tmp_path / "index")) as two,
    ):
        assert first(one, "numb") == first(two, "numb") == [2]
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_a_word_that_few_have_may_be_a_typo_of_one_that_many_have():
    songs = [("Metallica", "Somebody")] * 60 + [("Metalica", "Somebody")]
    with index_of(songs) as index:
        assert first(index, "metalica", 3) == [60, 0, 1]
        assert first(index, "metallica", 100) == list(range(60))


def test_a_long_beginning_that_many_songs_have_finds_them_all():
    songs = [("Lovely", "A"), ("Lover", "B"), ("Glove", "C")] * 400
    with index_of(songs, n_popular=30) as index:
        found = first(index, "love", 2_000)
    assert found == [row for row, (title, _) in enumerate(songs) if title.startswith("Love")]


def test_the_likeliest_spelling_comes_first(tmp_path: Path):
    write(tmp_path / "index", [("them", "x"), ("hte", "x"), *[("the", "x")] * 30, ("thee", "x")])
    with closing(sqlite3.connect(tmp_path / "index")) as connection:
        assert next(each.text for each in near(connection, WORDS, "teh")) == "the"
        assert [each.text for each in near(connection, WORDS, "th")] == []
        begun = [each.text for each in near(connection, BEGINNINGS, "the")]
        assert begun == ["the"]


WORD = st.text("abeéøx1", min_size=1, max_size=4)
TEXT = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
SOME_SONGS = st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(songs=SOME_SONGS, typed=TEXT, n_popular=st.integers(0, 12))
def test_a_search_finds_what_looking_at_every_song_finds(songs: Songs, typed: str, n_popular: int):
    *whole, last = folded(typed).split()
    words = [set(folded(f"{title} {artists}").split()) for title, artists in songs]
    matching = [
        row
        for row, own in enumerate(words)
        if own.issuperset(whole) and any(word.startswith(last) for word in own)
    ]
    titled = [row for row in matching if row < n_popular and folded(songs[row][0]) == folded(typed)]
    expected = titled + [row for row in matching if row not in titled]
    with index_of(songs, n_popular=n_popular) as index:
        found = first(index, typed)
    assert found[: len(expected)] == expected
    assert len(found) == len(set(found))


LETTERS = "abcdefghijklmnopqrstuvwxyzéøß"


@settings(max_examples=60, deadline=None)
@given(
    word=st.text(LETTERS, min_size=4, max_size=12),
    unfinished=st.booleans(),
    place=st.integers(0, 10),
    way=st.sampled_from(["lose", "add", "replace", "swap"]),
)
def test_one_typo_anywhere_in_a_word_is_forgiven(word: str, unfinished: bool, place: int, way: str):
    known = folded(word) + ("more" if unfinished else "")
    typed, at = folded(word), place % (len(folded(word)) - 1)
    typed = {
        "lose": typed[:at] + typed[at + 1 :],
        "add": typed[:at] + "q" + typed[at:],
        "replace": typed[:at] + "q" + typed[at + 1 :],
        "swap": typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :],
    }[way]
    with index_of([(known, "")]) as index:
        assert first(index, typed) == [0]


@settings(max_examples=60, deadline=None)
@given(title=st.text(max_size=40), artists=st.text(max_size=40))
def test_any_song_is_found_by_its_own_title(title: str, artists: str):
    assume(folded(title))
    with index_of([("Other", "One"), (title, artists)], n_popular=1) as index:
        assert 1 in first(index, title)
        assert 1 in first(index, unicodedata.normalize("NFD", title))


@given(text=st.text(max_size=60) | st.text("ab'`! -", max_size=20))
def test_the_quick_way_to_index_a_text_makes_the_same_words(text: str):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(words, tokenize='ascii')")
        connection.execute("CREATE VIRTUAL TABLE w USING fts5vocab(t, 'row')")
        connection.execute("INSERT INTO t VALUES (?)", (indexable(text),))
        words = {word for (word,) in connection.execute("SELECT term FROM w")}
    assert words == set(folded(text).split())


@settings(max_examples=40, deadline=None)
@given(
    words=st.sets(st.text("abé夜🎵", min_size=1, max_size=4), min_size=1), start=st.text("abé夜")
)
def test_words_are_found_by_how_they_begin(words: set[str], start: str):
    known = {part for word in words for part in folded(word).split()}
    begun = folded(start).partition(" ")[0]
    assume(begun)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "index", [(word, "") for word in words])
        with closing(sqlite3.connect(Path(folder) / "index")) as connection:
            found = [word for word, _ in beginning_with(connection, begun)]
            longer = list(pairs(connection, begun[0]))
    assert found == sorted(word for word in known if word.startswith(begun))
    assert longer == sorted(
        {word[:2] for word in known if word.startswith(begun[0]) and len(word) > 1}
    )


def test_the_same_songs_make_the_same_file_however_they_come(tmp_path: Path):
    write(tmp_path / "one", SONGS)
    with writing_text_index(tmp_path / "two") as writer:
        writer.add([title for title, _ in SONGS], [artists for _, artists in SONGS])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("content", [b"", b"SQLite", b"x" * 10_000])
def test_what_is_no_index_is_said_so_at_once(tmp_path: Path, content: bytes):
    (tmp_path / "index").write_bytes(content)
    with pytest.raises(StorageError, match=r"index is damaged|index .* is damaged"):
        TextIndex(tmp_path / "index")


def test_a_missing_index_is_said_so(tmp_path: Path):
    with pytest.raises(StorageError, match="is damaged"):
        TextIndex(tmp_path / "nowhere" / "index")
    assert not (tmp_path / "nowhere").exists()


def test_a_damaged_index_finds_something_or_says_so(tmp_path: Path):
    path = tmp_path / "index"
    songs = [(f"word{row} love", f"artist{row % 7}") for row in range(2_000)]
    write(path, songs)
    whole = path.read_bytes()
    rng = random.Random(0)  # noqa: S311 -- which bytes break is no secret
    n_said = 0
    for cut in (False, True) * 30:
        broken = bytearray(whole)
        for _ in range(200):
            broken[rng.randrange(100, len(broken))] = rng.randrange(256)
        path.write_bytes(broken[: rng.randrange(len(broken))] if cut else broken)
        try:
            with closing(TextIndex(path)) as index:
                for text in ("word1", "lvoe", "artist3 wor", "w"):
                    first(index, text, 3_000)
        except StorageError:
            n_said += 1
    assert n_said > 10


def test_an_index_that_cannot_be_written_is_said_so(tmp_path: Path):
    with pytest.raises(StorageError, match="cannot be written"):
        write(tmp_path / "nowhere" / "index", SONGS)


def test_a_failure_meanwhile_leaves_nothing_behind(tmp_path: Path):
    def fail() -> None:
        with writing_text_index(tmp_path / "index") as writer:
            writer.add(["Numb"], ["Linkin Park"])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert list(tmp_path.iterdir()) == []
