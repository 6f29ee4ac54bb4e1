"""What is said about weekly lists, in plain words that say how sure it is."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from cogs._format import count, fitting, percent, safe, song_name
from cogs.weekly.hours import clock
from musicrec.domain.identity import fold
from musicrec.domain.ids import ListenerId
from musicrec.domain.track import Track
from musicrec.domain.week import PickKind, Receipt, Week, WeekList, WeekSong

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

GONE: Final = (
    "I do not keep this list any more, because whom it was for had their data deleted; or it was"
    " never sent here."
)
NOTHING_SENT: Final = "I have sent you no weekly list so far. **/weekly on** starts them."
NOWHERE: Final = "No weekly list of yours had that. I look for words of titles and artists."
LOOKED_AGAIN: Final = (
    "I keep only what you looked at last, and this is older; its 👍, 👎 and corrections still work."
    " **/weekly now** looks again."
)
IF_NOW: Final = "If your next list came now"
ONLY_A_LOOK: Final = (
    "-# This is only a look: it does not use up your week, and nothing counts as shown, so these"
    " songs may still come. What you rate or correct until then changes the list."
)
STEERING: Final = (
    "-# 👍 and 👎 steer what comes next; songs that you leave alone count neither way. M3U8 and CSV"
    " are below."
)

_MARKS: Final = {
    PickKind.FAMILIAR: "⚓ familiar",
    PickKind.NEW: "",
    PickKind.EXPLORING: "🧭 exploring",
}
_HISTORY_ROOM: Final = 3_500
_NOTE_ROOM: Final = 550
_MAX_URL: Final = 200


def long_date(day: date) -> str:
    """Return ``Friday 27 November 2026``."""
    return f"{DAYS[day.weekday()]} {day.day} {day:%B} {day.year}"


def slot_words(due_at: datetime) -> str:
    """Return a slot by the listener's clock and calendar: ``Friday 27 November, 18:00``."""
    minute = due_at.hour * 60 + due_at.minute
    return f"{DAYS[due_at.weekday()]} {due_at.day} {due_at:%B}, {clock(minute)}"


def stamp(at: datetime, style: str = "F") -> str:
    """Return an instant as Discord shows it to each reader by their own clock."""
    return f"<t:{int(at.timestamp())}:{style}>"


def heading(week: Week, content: WeekList, *, listed_for: ListenerId | None) -> str:
    """Say what is above the songs of the first page."""
    whose = "Your weekly list" if listed_for is None else f"Weekly list of <@{listed_for}>"
    lines = (
        f"### {whose}, {long_date(week.local_date)}",
        contents(content),
        safe(content.note, _NOTE_ROOM),
        "" if content.receipt is None else receipt_text(content.receipt),
        STEERING if content.songs else "",
    )
    return "\n".join(line for line in lines if line)


def preview_heading(content: WeekList) -> str:
    """Say what is above the songs of the first page of a list that has not come yet."""
    lines = (
        f"### {IF_NOW}",
        contents(content),
        safe(content.note, _NOTE_ROOM),
        ONLY_A_LOOK,
        STEERING if content.songs else "",
    )
    return "\n".join(line for line in lines if line)


def short_heading(title: str, shown: Sequence[WeekSong], n: int) -> str:
    """Say what is above the songs of another page, of ``n`` songs in all."""
    first, last = shown[0].position, shown[-1].position
    return f"### {title}\n-# Songs {first} to {last} of {n}"


def contents(content: WeekList) -> str:
    """Count the songs of each kind, and what they were learned from; empty for no songs."""
    if not content.songs:
        return ""
    n = count(len(content.songs), "song")
    kinds = Counter(song.kind for song in content.songs)
    if all(song.p_like is None for song in content.songs):
        return f"{n}, in the order to listen."
    learned = count(content.n_labels, "rating")
    return f"{n}, in the order to listen: {mix_words(kinds)}. Learned from {learned}."


def mix_words(kinds: Counter[PickKind]) -> str:
    """Return ``24 new to you, 2 ⚓ familiar, 4 🧭 exploring``."""
    parts = (
        (kinds[PickKind.NEW], "new to you"),
        (kinds[PickKind.FAMILIAR], _MARKS[PickKind.FAMILIAR]),
        (kinds[PickKind.EXPLORING], _MARKS[PickKind.EXPLORING]),
    )
    return ", ".join(f"{n} {what}" for n, what in parts if n)


def receipt_text(receipt: Receipt) -> str:
    """Say what became of the list before; how much was rated stands beside how much was liked."""
    parts = [_acceptance(receipt)]
    if receipt.n_new_artists:
        parts.append(f"You found {count(receipt.n_new_artists, 'new artist')} in it.")
    if receipt.n_exploring:
        parts.append(
            f"Of the exploring songs you liked {receipt.n_exploring_liked} of"
            f" {receipt.n_exploring}, so adventure stands at {_of_hundred(receipt.adventure)} now."
        )
    if receipt.leans:
        parts.append(
            f"What you liked was {' and '.join(receipt.leans)} than what you did not, so this list"
            " leans that way too."
        )
    if receipt.n_skipped:
        parts.append(
            f"{count(receipt.n_skipped, 'list')} in between could not be brought to you and"
            " will not be made up for."
        )
    return " ".join(parts)


def _acceptance(receipt: Receipt) -> str:
    if not receipt.n_rated:
        return (
            f"Of the last list's {receipt.n_shown} songs you rated none, so it taught me nothing:"
            " a few 👍 and 👎 would."
        )
    return (
        f"Last time you liked **{receipt.n_liked} of the {receipt.n_rated}** you rated, of"
        f" {receipt.n_shown} that I showed."
    )


def song_line(song: WeekSong) -> str:
    """Show a song with its chance, why it was picked, a reason and a link."""
    chance = "" if song.p_like is None else percent(song.p_like)
    link = f"[listen]({song.url})" if song.url and len(song.url) <= _MAX_URL else ""
    details = (chance, _MARKS[song.kind], safe(song.reason, 130), link)
    said = " · ".join(part for part in details if part)
    return f"**{song.position}.** {name_of(song)}\n{said}".rstrip()


def name_of(song: WeekSong) -> str:
    """Return title and artists in markdown."""
    return song_name(Track(song.track_id, song.title, song.artists))


def history_text(weeks: Sequence[Week], search: str, *, is_all: bool) -> str:
    """List weeks with what became of each; with the songs that were looked for."""
    if not weeks:
        return NOWHERE if search else NOTHING_SENT
    head = f"### Weeks with “{safe(search, 60)}”" if search else "### Your weekly lists"
    lines = [line for week in weeks for line in _week_lines(week, search)]
    older = "" if is_all else f" These are the latest {len(weeks)}; `search` finds older ones."
    end = f"-# A button shows that week again, to you alone.{older}"
    return f"{fitting([head, *lines], _HISTORY_ROOM)}\n{end}"


def _week_lines(week: Week, search: str) -> list[str]:
    n = count(len(week.content.songs), "song") if week.content else "no songs"
    lines = [f"- {long_date(week.local_date)}: {n}"]
    if search and week.content:
        lines += [f"  - {_short_line(song)}" for song in week.content.songs if _has(song, search)]
    return lines


def _has(song: WeekSong, search: str) -> bool:
    words = " ".join(fold(text) for text in (song.title, *song.artists))
    return all(word in words for word in fold(search).split())


def _short_line(song: WeekSong) -> str:
    chance = "" if song.p_like is None else percent(song.p_like)
    details = " · ".join(part for part in (name_of(song), chance, _MARKS[song.kind]) if part)
    return f"{song.position}. {details}"


def _of_hundred(share: float) -> str:
    return f"{round(100 * share)} of 100"


def kept_text(title: str) -> str:
    """Say that a list is a playlist now, and what can be done with it."""
    return (
        f"**{title}** is kept here as a playlist of yours: pick it in the /playlist commands, or"
        " copy it. Pressing again makes no second one."
    )
