from concurrent.futures import ThreadPoolExecutor

import pytest

from musicrec.storage.text_index import TextIndex

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


@pytest.fixture(scope="module")
def index():
    index = TextIndex.build(SONGS)
    yield index
    index.close()


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
        ("!!!", ["!!!"]),
        ("jay-z vu", ["Déjà Vu"]),
    ],
)
def test_words_are_found_in_any_order_case_and_accent(
    index: TextIndex, text: str, titles: list[str]
):
    assert [SONGS[row][0] for row in list(index.search(text, 25))] == titles


def test_the_most_popular_song_comes_first(index: TextIndex):
    assert list(index.search("in", 25)) == [1]
    assert list(index.search("jay", 25)) == [2, 3]


def test_an_exact_title_comes_before_more_popular_beginnings(index: TextIndex):
    assert [SONGS[row][0] for row in list(index.search("hello", 25))] == ["Hello", "Hello Goodbye"]


def test_only_the_last_word_may_be_unfinished(index: TextIndex):
    assert list(index.search("hel goodbye", 25)) == []


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
    assert list(index.search("end", 25)) == [1]
    assert list(index.search("xyzzy plugh", 25)) == []


def test_the_limit_holds(index: TextIndex):
    assert list(index.search("h", 1)) == [0]


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
    rows = list(index.search(text, 25))
    assert all(0 <= row < len(SONGS) for row in rows)
    assert list(index.search("numb", 25)) == [2]


def test_several_threads_may_search(index: TextIndex):
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: list(index.search("helo goodbye", 5)), range(200)))
    assert answers == [[0]] * 200


def test_an_empty_index_finds_nothing():
    assert list(TextIndex.build(()).search("numb", 5)) == []
