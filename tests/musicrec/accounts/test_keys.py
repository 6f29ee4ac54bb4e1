"""What is kept encrypted, and the keys."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from musicrec.accounts.keys import TokenKeys, key_in, new_key
from musicrec.accounts.tokens import Tokens
from musicrec.domain.errors import BadInputError, SealedError, StorageError

OLD, NEW = new_key(), new_key()


def test_what_is_sealed_shows_nothing_and_opens_again():
    keys = TokenKeys([OLD])
    sealed = keys.seal("a token 🎧")
    assert b"token" not in sealed
    assert keys.open(sealed) == "a token 🎧"
    assert keys.seal("a token 🎧") != sealed


def test_every_key_opens_and_the_first_one_seals():
    sealed = TokenKeys([OLD]).seal("a token")
    both = TokenKeys.read(f" {NEW} , {OLD},")
    assert both.open(sealed) == "a token"
    again = both.reseal(sealed)
    assert TokenKeys([NEW]).open(again) == "a token"
    with pytest.raises(SealedError, match="TOKEN_KEYS"):
        TokenKeys([OLD]).open(again)


def test_without_its_key_nothing_opens():
    sealed = TokenKeys([OLD]).seal("a token")
    for spoiled in (sealed, b"", sealed[:-1], b"\xff"):
        with pytest.raises(SealedError):
            TokenKeys([NEW]).open(spoiled)
        with pytest.raises(SealedError):
            TokenKeys([NEW]).reseal(spoiled)


@pytest.mark.parametrize(
    "text",
    ["", ",", "no key", f"{OLD},short", OLD[:-1], "ü" * 44],
    ids=["empty", "comma", "words", "one of two", "cut off", "no ASCII"],
)
def test_what_is_no_key_is_refused_in_a_sentence_without_it(text: str):
    with pytest.raises(BadInputError, match="python -m bot new-key") as refused:
        TokenKeys.read(text)
    assert OLD[:10] not in str(refused.value)


def test_keys_and_tokens_do_not_show():
    tokens = Tokens("hush", "hush too", datetime(2026, 11, 23, tzinfo=UTC), ("a", "b"))
    assert "hush" not in repr(tokens)
    assert OLD not in repr(TokenKeys([OLD]))


def test_tokens_come_back_as_they_were():
    tokens = Tokens("hush", "hush too", datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC), ("a", "b"))
    keys = TokenKeys([OLD])
    assert Tokens.opened(tokens.sealed(keys), keys) == tokens


def test_a_folder_has_one_key_for_its_owner_alone(tmp_path: Path):
    folder = tmp_path / "data"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: key_in(folder), range(8)))
    assert len(keys) == 1
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert TokenKeys([*keys])


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"token\.key"):
        key_in(tmp_path / "file")
