"""What is said about playlists, in plain words that say how sure it is."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cogs._errors import user_message
from cogs._format import count, fitting, percent, safe
from musicrec.domain.playlist_edit import (
    DoctorFindings,
    EditKind,
    EditState,
    Named,
    PlaceKind,
    PlaylistEdit,
    Proposal,
    PruneFindings,
    SortFindings,
)
from musicrec.services import EditOutcome

SAFE_TO_PRESS: Final = (
    "Nothing is changed before you press the button, and /playlist undo takes it back."
)

_ROOM: Final = 1_500
"""Characters above the songs of a page."""
_DONE: Final = {EditKind.PRUNE: "pruned", EditKind.DOCTOR: "cleaned", EditKind.SORT: "sorted"}
_UNDER_WAY: Final = "I go on by myself as soon as I can, even if I am restarted; nothing gets lost."


def title_of(edit: PlaylistEdit, limit: int = 60) -> str:
    """Return what to call the playlist of an edit."""
    return f"“{safe(edit.place.title, limit) or 'Untitled'}”"


def heading(edit: PlaylistEdit) -> str:
    """Say what was found, within the room that the songs below leave."""
    findings = edit.findings
    if isinstance(findings, PruneFindings):
        lines = _pruned(edit, findings)
    elif isinstance(findings, DoctorFindings):
        lines = _diagnosed(edit, findings)
    else:
        lines = _sorted(edit, findings)
    return fitting(lines, _ROOM)


def song_line(one: Proposal) -> str:
    """Show a song that may go, with its chance, the range, and why."""
    facts = [_chance(one), safe(one.words, 130)]
    return f"**{one.position}.** {safe(one.name, 90)}\n" + " · ".join(
        fact for fact in facts if fact
    )


def make_label(edit: PlaylistEdit) -> str:
    """Name what the button does."""
    if edit.kind is EditKind.SORT:
        return "Sort it"
    noun = "song" if edit.kind is EditKind.PRUNE else "duplicate"
    return f"Remove {count(len(edit.chosen), noun)}"


def outcome_text(outcome: EditOutcome) -> str:
    """Say what became of a decision."""
    edit = outcome.edit
    why = "" if outcome.waits_for is None else f" {user_message(outcome.waits_for)}"
    match edit.state:
        case EditState.DONE:
            return _done(outcome)
        case EditState.UNDONE:
            return _undone(outcome)
        case EditState.UNDER_WAY:
            return f"{title_of(edit)} is being {_DONE[edit.kind]}.{why} {_UNDER_WAY}"
        case EditState.UNDOING:
            return f"{title_of(edit)} is being restored.{why} {_UNDER_WAY}"
        case EditState.DROPPED if why:
            return f"{title_of(edit)} cannot be changed any more.{why}"
        case _:
            return f"Nothing was changed in {title_of(edit)}. Ask for a new page if you like."


def history_text(edits: Iterable[PlaylistEdit]) -> str:
    """List what was done to playlists."""
    lines = [f"- {_told(edit)} <t:{int(edit.changed_at.timestamp())}:R>" for edit in edits]
    if not lines:
        return "I have changed no playlist of yours so far."
    return fitting(
        [
            "### What I did to your playlists",
            *lines,
            "-# /playlist undo takes the latest back; its option `edit` any of them.",
        ],
        3_300,
    )


def news_text(edits: Sequence[PlaylistEdit]) -> str:
    """Say in one line what came to its end meanwhile."""
    if len(edits) > 1:
        return f"-# Finished meanwhile: {len(edits):,} changes of playlists. See /playlist history."
    edit = edits[0]
    became = {
        EditState.DONE: f"is {_DONE[edit.kind]} now. See /playlist history.",
        EditState.UNDONE: "is restored now. See /playlist history.",
    }.get(edit.state, "cannot be changed any more, so I stopped.")
    return f"-# Finished meanwhile: {title_of(edit, 50)} {became}"


def told_plainly(edit: PlaylistEdit) -> str:
    """Name an edit without markdown, for a choice."""
    when = f"{edit.changed_at:%d %b %H:%M} UTC"
    n = f", {count(len(edit.chosen), 'song')} removed" if edit.chosen else ""
    return f"{edit.place.title or 'Untitled'}: {_DONE[edit.kind]}{n} ({when})"


def _told(edit: PlaylistEdit) -> str:
    n = f": {count(len(edit.chosen), 'song')} removed" if edit.chosen else ""
    state = "" if edit.state is EditState.DONE else f", **{edit.state}**"
    return f"{title_of(edit)} {_DONE[edit.kind]}{n}{state}"


def _done(outcome: EditOutcome) -> str:
    edit = outcome.edit
    if not outcome.is_new:
        again = " Here is the file once more." if outcome.file else ""
        return f"This was done already, and once is enough.{again}"
    if edit.place.kind is PlaceKind.FILE:
        how = "in the new order" if edit.kind is EditKind.SORT else f"without {_n_gone(edit)}"
        return (
            f"Here is {title_of(edit)} {how}. Your own file is as it was; undo gives it back to"
            " the last byte."
        )
    if edit.kind is EditKind.SORT:
        return f"{title_of(edit)} is sorted. /playlist undo brings the old order back any time."
    return (
        f"Removed {_n_gone(edit)} from {title_of(edit)}. /playlist undo brings them back any time."
    )


def _undone(outcome: EditOutcome) -> str:
    edit = outcome.edit
    if outcome.file is not None:
        return f"Here is {title_of(edit)} as you gave it to me."
    if not outcome.is_new:
        return "This was taken back already, and once is enough."
    if outcome.is_exact:
        said = f"{title_of(edit)} is as it was before, song by song."
    elif edit.kind is EditKind.SORT:
        said = f"{title_of(edit)} is back in its old order; what was changed since stays."
    else:
        n_back = len(edit.chosen) - outcome.n_lost
        said = (
            f"{count(n_back, 'song')} came back to {title_of(edit)}; what else was changed since"
            " stays."
        )
    if outcome.n_lost:
        said += f" {count(outcome.n_lost, 'song')} could not be added there again."
    if not outcome.keeps_times:
        said += " Only the dates of adding are new: nobody can set those there."
    return said


def _n_gone(edit: PlaylistEdit) -> str:
    return count(len(edit.chosen), "song" if edit.kind is EditKind.PRUNE else "duplicate")


def _pruned(edit: PlaylistEdit, found: PruneFindings) -> Iterator[str]:
    n = len(edit.proposals)
    yield f"### {title_of(edit)}: {count(n, 'song')} of {edit.n_items:,} would go"
    yield from _promise(found, n)
    if found.share_liked is not None and found.n_held_back:
        yield (
            f"You seem to like about {percent(found.share_liked)} of this list, of your ratings it"
            f" is {percent(found.usual)}: so {count(found.n_held_back, 'more song')} with a low"
            " chance stay, because too many of them could be ones you like."
        )
    if n:
        likes = round(found.expected_liked)
        but = f"Perhaps {likes} of these {n} you like after all. " if likes else ""
        yield f"{but}{SAFE_TO_PRESS}"
        yield "-# For four songs in five the true chance lies in the range in brackets."
    for one in found.spared:
        stay = "1 song stays" if one.n_all == 1 else f"{one.n_all:,} songs stay"
        yield f"-# {stay}, {safe(one.what)}: {_names(one)}"


def _promise(found: PruneFindings, n: int) -> Iterator[str]:
    wanted = f"{round(100 * found.precision)}%"
    if found.threshold is None:
        yield (
            f"I cannot promise that {wanted} of what I remove are real dislikes: your"
            f" {found.n_labels} ratings do not support it. Rate more songs with /rate, or ask for"
            " less with `sure`."
        )
        return
    share = found.n_disliked / max(found.n_below, 1)
    if not n:
        yield "I found nothing in this list that you would definitely dislike."
    yield (
        f"How sure: I guessed about your {found.n_labels} rated songs without knowing what you"
        f" said. {found.n_below} had a chance of at most {percent(found.threshold)}, and"
        f" {found.n_disliked} of those ({round(100 * share)}%) you disliked: enough for {wanted}."
    )


def _diagnosed(edit: PlaylistEdit, found: DoctorFindings) -> Iterator[str]:
    n = len(edit.proposals)
    yield f"### {title_of(edit)}: {count(n, 'duplicate') if n else 'no duplicates'}"
    if n:
        yield f"These stand in the list more than once. {SAFE_TO_PRESS}"
    if found.strangers is None:
        yield (
            "Whether a song is out of character I cannot say: I know how"
            f" {count(found.n_heard, 'song')} of this list sound, and that is too few."
        )
    elif not found.strangers:
        yield "No song is out of character."
    else:
        yield "**Out of character** (they stay):"
        yield from (_short(one) for one in found.strangers)
    yield from _sleepers(found)


def _sleepers(found: DoctorFindings) -> Iterator[str]:
    if found.sleepers is None:
        why = "the list is short" if found.has_model else "I do not know your taste yet; see /rate"
        yield f"-# I did not look for sleeping favourites: {why}."
    elif found.sleepers:
        yield "**Favourites asleep** in the last third:"
        yield from (_short(one) for one in found.sleepers)


def _sorted(edit: PlaylistEdit, found: SortFindings) -> Iterator[str]:
    if edit.id is None:
        yield f"{title_of(edit)} stays as it is: sorted {safe(found.by, 120)}, nothing would move."
    else:
        yield f"### {title_of(edit)} {safe(found.by, 120)}"
        yield SAFE_TO_PRESS
        yield "**Now**"
        yield from _numbered(found.first_before)
        yield "**Then**"
        yield from _numbered(found.first_after)
    if found.unplaced.n_all:
        n = count(found.unplaced.n_all, "song")
        yield f"-# About {n} I know too little, so they come at the end: {_names(found.unplaced)}"


def _numbered(names: Iterable[str]) -> Iterator[str]:
    return (f"{place}. {safe(name, 70)}" for place, name in enumerate(names, start=1))


def _short(one: Proposal) -> str:
    facts = [safe(one.words, 60), "" if one.p_like is None else percent(one.p_like)]
    return f"- {one.position}. {safe(one.name, 60)}: {', '.join(fact for fact in facts if fact)}"


def _chance(one: Proposal) -> str:
    if one.p_like is None:
        return ""
    if one.interval is None:
        return percent(one.p_like)
    low, high = (round(100 * end) for end in one.interval)
    return f"{percent(one.p_like)} ({low}–{high}%)"


def _names(one: Named) -> str:
    rest = one.n_all - len(one.names)
    more = f" and {rest:,} more" if rest > 0 else ""
    return ", ".join(safe(name, 40) for name in one.names) + more
