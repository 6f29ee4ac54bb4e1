import pytest

from musicrec.domain.errors import BadInputError
from musicrec.domain.years import years_in


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("1999", (1999, 1999)),
        (" 1990-1999 ", (1990, 1999)),
        ("1990 – 1999", (1990, 1999)),
        ("1990s", (1990, 1999)),
        ("1990's", (1990, 1999)),
        ("2015-", (2015, 2100)),
        ("-1969", (1000, 1969)),
    ],
)
def test_years_are_read_as_people_write_them(text: str, years: tuple[int, int]):
    assert years_in(text) == years


WRONG = ["", "-", "99", "1999-1990", "1990 1999", "0999", "2101", "3000s", "1995s", "long ago"]
WORSE = ["1" * 99, "1999-2001-2003", "١٩٩٩٩", "1999\x00"]


@pytest.mark.parametrize("text", [*WRONG, *WORSE])
def test_other_texts_are_refused_with_an_example(text: str):
    with pytest.raises(BadInputError, match="such as 1990-1999"):
        years_in(text)
