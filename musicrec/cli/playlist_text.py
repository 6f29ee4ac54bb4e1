"""What was found out about a playlist, in plain lines."""

from collections.abc import Iterable, Iterator

from musicrec.cli.playlist_files import named
from musicrec.domain.playlist import PlaylistItem
from musicrec.playlists.doctor import (
    FEWEST_TO_COMPARE,
    FEWEST_TO_SLEEP,
    Diagnosis,
    Oddity,
    Sleeper,
    Stranger,
)
from musicrec.playlists.duplicates import Duplicate
from musicrec.playlists.making import Made
from musicrec.playlists.pruning import Kept, Promise, Pruning
from musicrec.playlists.sorting import Sorted
from musicrec.taste.words import WORDINGS


def pruning_in_words(pruning: Pruning) -> Iterator[str]:
    """Say what goes, what the precision means, and what stays without being judged."""
    promise, n_items = pruning.promise, len(pruning.change.before)
    yield f"{len(pruning.removed)} of {n_items} songs would go."
    yield from _promise(promise)
    if pruning.share_liked is not None and pruning.n_held_back:
        yield (
            f"About {_percent(pruning.share_liked)} of this list seem to be liked, of your labels"
            f" it was {_percent(promise.usual)}: {pruning.n_held_back} more songs at or below"
            f" {promise.threshold or 0:.3f} stay, because among them too many could be liked."
        )
    if pruning.removed:
        yield f"Of those that go you may like {pruning.expected_liked:.1f} after all."
    for why in Kept:
        spared = [one.item.name for one in pruning.spared if one.why is why]
        if spared:
            yield f"{len(spared)} stay, {why}: {named(spared)}."


def diagnosis_in_words(found: Diagnosis) -> Iterator[str]:
    """Say what the doctor found, as a list of what could be done."""
    if not found.duplicates:
        yield "No recording stands in the list twice."
    for one in found.duplicates:
        yield from _duplicate(one)
    yield from _strangers(found)
    yield from _sleepers(found.sleepers, len(found.change.before))


def sorting_in_words(result: Sorted) -> Iterator[str]:
    """Show the new order."""
    for place, item in enumerate(result.change.after.items, start=1):
        yield f"{place:4}  {item.name}"
    if result.unplaced:
        names = [item.name for item in result.unplaced]
        yield f"Too little is known about {len(names)} songs; they are at the end: {named(names)}."


def making_in_words(made: Made) -> Iterator[str]:
    """Show a new playlist with a reason each."""
    for place, pick in enumerate(made.picks, start=1):
        reasons: list[str] = []
        if pick.explanation is not None:
            reasons.append(_percent(pick.explanation.p_like))
            reasons += [reason.words for reason in pick.explanation.leading[:1]]
        if pick.nearest is not None:
            reasons.append(f"like {pick.nearest.name}")
        artists = ", ".join(pick.track.artists)
        yield f"{place:4}  {artists} - {pick.track.title}" + _in_brackets(reasons)


def _promise(promise: Promise) -> Iterator[str]:
    wanted = _percent(promise.precision)
    if promise.threshold is None:
        yield (
            f"Your {promise.n_labels} labels cannot support that {wanted} of the removed songs are"
            " real dislikes. Label more songs, or ask for a lower --precision."
        )
        return
    share = promise.n_disliked / max(promise.n_below, 1)
    yield (
        f"Of your {promise.n_labels} labels {promise.n_below} had a chance of at most"
        f" {promise.threshold:.3f} before they were learned, and {promise.n_disliked} of those"
        f" ({_percent(share)}) were dislikes: enough for {wanted}."
    )


def _duplicate(one: Duplicate) -> Iterator[str]:
    yield f"= {_placed(one.kept)}: keep, {one.why}"
    for item in one.others:
        yield f"- {_placed(item)}: the same recording"


def _strangers(found: Diagnosis) -> Iterator[str]:
    if found.strangers is None:
        yield (
            f"Whether a song is out of character cannot be said: {found.n_heard} songs of known"
            f" sound are too few, {FEWEST_TO_COMPARE} are needed."
        )
        return
    if not found.strangers:
        yield "No song is out of character."
    for one in found.strangers:
        yield f"? {_placed(one.item)}: out of character, {_oddities(one)}"


def _sleepers(sleepers: tuple[Sleeper, ...] | None, n_items: int) -> Iterator[str]:
    if sleepers is None:
        why = "it needs a --model" if n_items >= FEWEST_TO_SLEEP else "the list is short"
        yield f"Sleeping favourites were not looked for: {why}."
        return
    for one in sleepers:
        said = "you liked it" if one.p_like is None else f"a chance of {_percent(one.p_like)}"
        yield f"^ {_placed(one.item)}: sleeps in the last third, {said}"


def _oddities(one: Stranger) -> str:
    return ", ".join(_oddity(oddity) for oddity in one.oddities)


def _oddity(oddity: Oddity) -> str:
    words = WORDINGS[oddity.feature]
    return words.high if oddity.distance > 0 else words.low


def _placed(item: PlaylistItem) -> str:
    return f"{item.position}. {item.name}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _in_brackets(reasons: Iterable[str]) -> str:
    text = "; ".join(reasons)
    return f"  ({text})" if text else ""
