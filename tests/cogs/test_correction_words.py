"""What is said about corrections, and what their select holds."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cogs._picks import CORRECT, MOST_SONGS, chosen, correction_select
from cogs.corrections.text import answer_words, taken_back_words
from musicrec.domain.correction import Correction, CorrectionId, CorrectionKind
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.services import Said, SaidChange

HOSTILE = "**Evil** <@123> @everyone\n# x"


def said(kind: CorrectionKind, change: SaidChange = SaidChange.NEW, **fields: Any) -> Said:
    correction = Correction(
        ListenerId(1),
        TrackId("song:1"),
        kind,
        datetime(2026, 11, 23, tzinfo=UTC),
        title=HOSTILE,
        artist=HOSTILE,
        genre=HOSTILE,
        id=CorrectionId(7),
    )
    return Said(correction, change, **fields)


@pytest.mark.parametrize("kind", CorrectionKind)
@pytest.mark.parametrize("change", SaidChange)
def test_no_title_pings_or_formats(kind: CorrectionKind, change: SaidChange):
    if (kind, change) == (CorrectionKind.KNOWN_ALREADY, SaidChange.UNKNOWN):
        return  # that says something about any song
    words = answer_words([said(kind, change, points=-12.3)])
    words += taken_back_words([said(kind).correction])
    assert "@everyone" not in words
    assert "<@123" not in words
    assert "**Evil**" not in words
    assert "\n# x" not in words


def test_an_answer_says_how_far_and_that_no_further_when_the_bound_is_reached():
    kind = CorrectionKind.TOO_LOUD
    first = answer_words([said(kind, points=-10.8)])
    assert "lose about 11 points from now on." in first
    bound = answer_words([said(kind, points=-23.1, points_before=-23.1)])
    assert "lose about 23 points, as before: further I do not let corrections go." in bound
    genre = answer_words([said(CorrectionKind.NOT_THIS_GENRE, points=-5.0, n_likes=3)])
    assert "lose about 5 points from now on, not more, because you like 3 songs of it." in genre


def test_what_is_not_known_is_said_and_nothing_is_promised():
    words = answer_words([said(CorrectionKind.TOO_FAST, SaidChange.UNKNOWN)])
    assert words.startswith("I do not know how fast **")
    assert "/taste corrections" not in words


def test_a_select_reads_back_what_it_offers():
    songs = {TrackId(f"song:{number:024x}"): HOSTILE * 9 for number in range(MOST_SONGS)}
    select = correction_select(songs, first=6)
    values = [option.value for option in select.options]
    fields = CORRECT.fullmatch(select.custom_id)
    assert fields
    assert len(values) == 25
    assert select.options[0].label.startswith("6. ")
    assert all(len(option.label) <= 100 and len(option.value) <= 100 for option in select.options)
    assert chosen(fields, values) == (list(songs), list(dict.fromkeys(CorrectionKind)))
    assert chosen(fields, values[:2]) == (list(songs)[:2], [])


def test_the_select_of_one_song_carries_it_in_its_id():
    song = TrackId("spotify:track:4uLU6hMCjMI75M1A2tKUQC")
    select = correction_select({song: ""})
    fields = CORRECT.fullmatch(select.custom_id)
    assert fields
    assert len(select.options) == 8
    assert select.min_values == 1
    assert chosen(fields, ["say:fast", "say:nonsense"]) == ([song], [CorrectionKind.TOO_FAST])
