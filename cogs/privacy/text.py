"""What is said about a listener's data."""

from collections.abc import Callable, Sequence
from typing import Final

from cogs._bot import OperatorPages
from cogs._format import MAX_LAYOUT_TEXT, count, fitting
from cogs.privacy.kinds import KINDS
from musicrec.services import DataSummary, DeletionReceipt

DELETE_QUESTION: Final = (
    "### Delete everything I store about you?\n"
    "Your ratings and corrections, the songs I showed you, my guesses, what I learned, what you "
    "share, playlists and weekly lists that I made for you, what takes changes of playlists back "
    "and the links to your accounts will be gone for good. To keep a copy, use /privacy export "
    "first."
)
NOTHING: Final = "I store nothing about you."
KEPT: Final = "Nothing was deleted."
_NOTHING_ELSE: Final = "I store no Discord name, no messages and nothing else about you."
_COMMANDS: Final = "-# /privacy export gives you all of it; /privacy delete removes it."
_ASK_FOR_STATEMENT: Final = (
    "-# Whoever runs me is responsible for this and has published no data statement here; those "
    "who manage this server know whom to ask for it, and for the terms."
)
_WHAT_STAYS: Final = (
    "I know nothing about you any more; what I had computed from it, in memory and in files, is "
    "gone too. Messages that I sent stay on Discord until somebody deletes them there. Servers "
    "keep which message shows which song and what is posted when: that names nobody. Copies in "
    "backups go when these do."
)
_MOST_SERVERS: Final = 5
_ROOM_ABOVE: Final = 300
_MB: Final = 1_000_000

README: Final = """\
What this bot stored about you when you asked for it.

labels.csv       your ratings that stand, each with the song's values. The command line
                 `musicrec train labels.csv` learns from it, without any bot.
predictions.csv  every chance that you were told, and what became of it: "counts" tells whether
                 it was the last one before your first verdict, "was_right" whether it came true.
weeks.csv        your weekly lists, a line for each song.
playlists.csv    playlists that were made for you here, a line for each song.
corrections.csv  what you said about recommended songs beside 👍 and 👎.
settings.json    when and where you get weekly lists, what you allow others on which server, and
                 which accounts are linked (without the keys to them).
models.json      what was learned from your ratings, with its reports.
everything.json  all rows of all tables about you: the files above, every change of mind, every
                 list of songs that you were shown, every change of a playlist with the list before.

A file that would be too large comes as several, such as everything-1.json and everything-2.json.
Times are UTC. Ids that begin with "song:", "isrc:", "mbid:" or "spotify:" are songs; long numbers
are ids of Discord: you, servers, channels and messages.

Not in here: the models themselves, which only the program can read, and the encrypted keys to your
accounts, which would be of use only to whoever finds this file. Why each thing is stored, and for
how long: /privacy show and the operator's data statement.
"""


def summary_text(
    summary: DataSummary, pages: OperatorPages, name_of_server: Callable[[int], str]
) -> str:
    """Say what is stored, in full: what, why and where it came from.

    Args:
        summary: What there is.
        pages: The operator's own words.
        name_of_server: What a server is called, in markdown.
    """
    if summary.since is None:
        return f"{NOTHING}\n{_statement(pages)}"
    head = f"### What I store about you since <t:{int(summary.since.timestamp())}:D>"
    foot = "\n".join((_NOTHING_ELSE, _COMMANDS, _statement(pages)))
    room = MAX_LAYOUT_TEXT - len(head) - len(foot) - _ROOM_ABOVE
    return f"{head}\n{fitting(_lines(summary, name_of_server), room)}\n{foot}"


def receipt_text(receipt: DeletionReceipt) -> str:
    """Say what was deleted, what is different now, and what stays."""
    gone = {name: n for name, n in receipt.held.items() if n}
    if not gone:
        return "There was nothing to delete."
    told = [kind.counted(gone[name]) for name, kind in KINDS.items() if name in gone]
    after = [kind.after for name, kind in KINDS.items() if name in gone and kind.after]
    return "\n".join(
        (f"Deleted: {_listed(told)}.", *([" ".join(after)] if after else []), _WHAT_STAYS)
    )


def sharing_ended_text(n_ended: int) -> str:
    """Say that nobody may make anything of one's taste any more."""
    if not n_ended:
        return "You shared nothing; nothing has changed."
    return (
        f"Ended {count(n_ended, 'consent')}: from now on nobody's guesses lean on your ratings and "
        "nobody can compare with you, on any server. I kept no copy of what they taught."
    )


def exported_text(n_parts: int, most_bytes: int) -> str:
    """Say what the file is, or why there are several."""
    what = (
        "Everything I store about you; `README.txt` in it says what is where. `labels.csv` holds "
        "your ratings; the command line `musicrec train` reads it."
    )
    if n_parts == 1:
        return what
    return (
        f"{what} Discord lets me send at most {most_bytes // _MB} MB in one file here, so it comes "
        f"as {n_parts} zip files, each of which opens by itself."
    )


def _lines(summary: DataSummary, name_of_server: Callable[[int], str]) -> list[str]:
    servers = {
        "shared_tastes": summary.shared_on,
        "comparable_tastes": summary.comparable_on,
    }
    lines: list[str] = []
    for name, kind in KINDS.items():
        if n := summary.held[name]:
            where = _places(servers.get(name, ()), name_of_server)
            lines.append(f"- {kind.shown(n, summary)}{where} *({kind.why}; from: {kind.source})*")
    return lines


def _places(guild_ids: Sequence[int], name_of_server: Callable[[int], str]) -> str:
    if not guild_ids:
        return ""
    names = [name_of_server(guild_id) for guild_id in guild_ids[:_MOST_SERVERS]]
    if more := len(guild_ids) - len(names):
        names.append(f"{more:,} more")
    return f": {_listed(names)}"


def _statement(pages: OperatorPages) -> str:
    links = [
        f"[{name}]({url})"
        for name, url in (("Data statement", pages.privacy), ("Terms of use", pages.terms))
        if url
    ]
    lines = [] if pages.privacy else [_ASK_FOR_STATEMENT]
    return "\n".join([*lines, *([f"-# {' · '.join(links)}"] if links else [])])


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
