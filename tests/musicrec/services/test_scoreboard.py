import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest

from musicrec.domain.guess import Guess, GuessPlace, is_right
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.domain.scoreboard import Score
from musicrec.services import Services
from musicrec.services.scoreboard import keep_score
from tests.musicrec.services.people import NOON, Presser

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIKE, DISLIKE = LabelValue.LIKE, LabelValue.DISLIKE
SUNDAY, MONDAY = datetime(2026, 11, 22, 23, tzinfo=UTC), datetime(2026, 11, 23, 1, tzinfo=UTC)


def guess(song: str, p_like: float, at: datetime) -> Guess:
    return Guess(ListenerId(1), TrackId(song), p_like, at, GuessPlace.RATE)


def label(song: str, value: LabelValue) -> LabelEvent:
    return LabelEvent(ListenerId(1), TrackId(song), value, MONDAY, LabelSource.BUTTON)


async def everything_of(services: Services, anna: Presser) -> dict[str, list[dict[str, object]]]:
    with zipfile.ZipFile(io.BytesIO((await services.privacy.export(anna.id))[0])) as files:
        return json.loads(files.read("everything.json"))


@pytest.mark.parametrize(
    ("p", "liked", "right"), [(0.5, True, True), (0.49, True, False), (0.49, False, True)]
)
async def test_from_an_even_chance_on_a_guess_says_like(p: float, liked: bool, right: bool):
    assert is_right(p, liked=liked) is right


async def test_the_score_is_counted_by_the_week_of_the_guess():
    guesses = [
        guess("a", 0.9, SUNDAY),
        guess("b", 0.2, SUNDAY),
        guess("c", 0.6, MONDAY),
        guess("unrated", 0.6, MONDAY),
    ]
    labels = [label("a", LIKE), label("b", LIKE), label("c", DISLIKE), label("never told", LIKE)]
    board = keep_score(guesses, labels)
    # Three of four labels are likes, so the constant says like, at 75%.
    first = Score(2, 2, 1, 2, pytest.approx((0.01 + 0.64) / 2), pytest.approx(0.0625))  # pyright: ignore[reportArgumentType] - equal to a float
    second = Score(2, 1, 0, 0, pytest.approx(0.36), pytest.approx(0.5625))  # pyright: ignore[reportArgumentType] - equal to a float
    assert board.weeks == ((date(2026, 11, 16), first), (date(2026, 11, 23), second))
    assert (board.total.n_guessed, board.total.n_rated, board.total.n_right) == (4, 3, 1)
    assert board.total.n_constant_right == 2
    assert board.constant is LIKE
    assert board.week(SUNDAY) == first
    assert board.week(MONDAY + timedelta(days=7)) is None


async def test_mostly_dislikes_make_dislike_the_rival():
    board = keep_score([guess("a", 0.1, SUNDAY)], [label("a", DISLIKE), label("b", DISLIKE)])
    assert board.constant is DISLIKE
    assert (board.total.n_right, board.total.n_constant_right) == (1, 1)
    assert board.total.constant_brier == 0


async def test_nothing_gives_an_empty_board():
    board = keep_score([], [])
    assert board.weeks == ()
    assert board.total == Score(0, 0, 0, 0, None, None)


async def test_a_listener_without_guesses_has_no_picture(services: Services, anna: Presser):
    view = await services.scoreboard.show(anna.id, at=NOON)
    assert (view.this_week, view.picture) == (None, None)
    assert (await services.privacy.show(anna.id)).since is None


async def test_every_chance_that_is_told_is_kept_and_settled_by_the_first_rating(
    services: Services, anna: Presser
):
    await anna.rate(30)
    await services.training.idle()
    # Rating went on while the first models were fitted, so that some songs may carry a chance.
    before = await services.scoreboard.show(anna.id, at=anna.now)
    n_before = (await services.privacy.show(anna.id)).held["guesses"]

    found = await services.recommendations.recommend(anna.id, n=3, at=anna.now)
    card = await services.rating.next_song(anna.id, at=anna.now)
    entries = found.shortlist.entries
    other = next(entry.track_id for entry in entries if entry.track_id != card.track.id)
    predicted = await services.predictions.predict(anna.id, other, at=anna.now)
    assert card.p_like is not None
    kept = (await everything_of(services, anna))["guesses"][n_before:]
    assert [(g["place"], g["track_id"], g["p_like"]) for g in kept] == [
        *(("recommend", entry.track_id, entry.p_like) for entry in entries),
        ("rate", card.track.id, card.p_like),
        ("predict", other, predicted.p_like),
    ]
    assert {g["model_id"] for g in kept} == {found.shortlist.model_id}

    liked = await anna.press(card.track.id, LIKE)
    assert liked.told == card.p_like
    first = await anna.press(other, DISLIKE)
    assert first.told == predicted.p_like

    view = await services.scoreboard.show(anna.id, at=anna.now)
    assert view.this_week == view.scoreboard.total
    n_new = len({*(entry.track_id for entry in entries), card.track.id})
    assert view.scoreboard.total.n_guessed == before.scoreboard.total.n_guessed + n_new
    assert view.scoreboard.total.n_rated == before.scoreboard.total.n_rated + 2
    assert view.picture is not None
    assert view.picture.png.startswith(b"\x89PNG")

    changed = await anna.press(other, LIKE)
    assert changed.told == predicted.p_like
    after = await services.scoreboard.show(anna.id, at=anna.now)
    moved = 1 if predicted.p_like >= 0.5 else -1
    assert after.scoreboard.total.n_right == view.scoreboard.total.n_right + moved


async def test_predicting_a_rated_song_is_no_guess_but_remembers_the_one_before(
    services: Services, anna: Presser
):
    rated = await anna.rate(30)
    await services.training.idle()
    known = await services.predictions.predict(anna.id, rated[0].id, at=anna.now)
    assert known.told is None
    before = (await services.privacy.show(anna.id)).held["guesses"]

    card = await services.rating.next_song(anna.id, at=anna.now)
    await anna.press(card.track.id, LIKE)
    later = await services.predictions.predict(anna.id, card.track.id, at=anna.now)
    assert (later.told, later.own_label) == (card.p_like, LIKE)
    assert (await services.privacy.show(anna.id)).held["guesses"] == before + 1


async def test_a_song_rated_without_a_chance_told_says_nothing(services: Services, anna: Presser):
    song = services.songs.suggest("")[0].id
    assert (await anna.press(song, LIKE)).told is None


async def test_guesses_are_deleted_with_everything_else(
    services: Services, anna: Presser, ben: Presser
):
    for person in (anna, ben):
        await person.rate(20)
        await services.training.idle()
        await services.recommendations.recommend(person.id, n=2, at=person.now)
    n_guesses = [(await services.privacy.show(person.id)).held["guesses"] for person in (anna, ben)]
    assert min(n_guesses) >= 2
    receipt = await services.privacy.delete(anna.id)
    assert receipt.held["guesses"] == n_guesses[0]
    assert (await everything_of(services, anna))["guesses"] == []
    assert (await services.privacy.show(ben.id)).held["guesses"] == n_guesses[1]
