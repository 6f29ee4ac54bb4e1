"""Failures become sentences here, and nowhere else.

Expected failures (``MusicRecError`` and Discord's own refusals) get a sentence that says what to
do. Anything else is a bug: the listener gets an incident id, the log gets it with the traceback.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from discord import app_commands

from cogs._bot import BotInteraction
from cogs._breaks import FAILURES, broke_off, send_alone
from cogs._buttons import start_rating_button
from cogs._format import safe
from cogs._layout import Layout, sentence
from cogs._places import country_name, listed
from cogs._refusals import WORDS, Refusal, refusal_of
from cogs._watch import Outcome
from musicrec.domain import errors, place_errors, timely_errors, week_errors
from musicrec.domain.account import AccountKind
from musicrec.domain.server_post_errors import ChannelLostError, PostDelayedError
from musicrec.domain.together_errors import NotComparableError

_log = logging.getLogger(__name__)

_OPERATOR_SHOULD_KNOW: Final = (
    errors.CatalogueMissingError,
    errors.ModelFormatError,
    errors.StorageError,
    errors.WorkerLostError,
)


def _not_enough(error: errors.NotEnoughLabelsError) -> str:
    return (
        f"I need {error.missing_labels} more of your ratings before I can learn what you like: "
        f"{error.need_labels} in all, at least {error.need_each} 👍 and {error.need_each} 👎. "
        f"So far you gave {error.likes} 👍 and {error.dislikes} 👎."
    )


def _no_genre(error: errors.GenreNotFoundError) -> str:
    nearest = ", ".join(safe(genre, 40) for genre in error.nearest[:5])
    hint = f" Did you mean one of these: {nearest}?" if nearest else ""
    return f"I know no genre “{safe(error.genre)}”.{hint}"


def _no_country(error: place_errors.CountryNotFoundError) -> str:
    if not error.known:
        return "I know of no song which country its artist comes from, so I cannot choose by it."
    known = listed([country_name(code) for code in error.known[:5]])
    return (
        f"I know no song from “{safe(error.asked_for, 40)}”. There are songs from {known}, and "
        "from more countries, which appear while you type."
    )


def _nothing_left(error: errors.NothingToRecommendError) -> str:
    where = f" in {safe(error.genre)}" if error.genre else ""
    if error.is_narrow:
        return f"No song that fits is left for you{where}. Change the years, the country or clean."
    return f"No song is left for you{where}: you have met all that I know. Try another genre."


def _song_unknown(error: errors.SongUnknownError) -> str:
    asked_for = safe(error.asked_for, 100)
    if error.silent:
        silent = ", ".join(safe(source, 40) for source in error.silent)
        return f"I found nothing for “{asked_for}”, but could not ask {silent}. Try again later."
    return f"Nobody I asked knows “{asked_for}”. Check it, or write it as artist - title."


def _account_lost(error: errors.AccountLostError) -> str:
    lost = (
        f"{safe(error.account, 40)} has ended my access to your account, so it is not linked any "
        f"more. /link {error.account.lower()} links it again."
    )
    if error.account != AccountKind.SPOTIFY:
        return lost
    return (
        f"{lost} Until you say /unlink I keep what takes back my changes of your playlists there, "
        "so that /playlist undo works after that."
    )


_Sentence: TypeAlias = Callable[[Any], str]

SENTENCES: Final[Mapping[type[errors.MusicRecError], _Sentence]] = MappingProxyType[
    type[errors.MusicRecError], _Sentence
](
    {
        errors.BadInputError: lambda error: f"I cannot use that: {safe(str(error), 500)}",
        errors.NotEnoughLabelsError: _not_enough,
        errors.TrackNotFoundError: lambda error: (
            f"I know no song like “{safe(error.asked_for)}”. Pick one from the list that appears "
            "while you type, or look with /song search."
        ),
        errors.GenreNotFoundError: _no_genre,
        place_errors.CountryNotFoundError: _no_country,
        errors.NothingToRecommendError: _nothing_left,
        errors.NoModelError: lambda _: "I have not learned your taste yet. Start with /rate.",
        errors.ModelFormatError: lambda _: (
            "I cannot read any more what I had learned about you. Your ratings are safe: "
            "/train learns it anew."
        ),
        errors.CatalogueMissingError: lambda _: (
            "I have no songs yet. Whoever runs me can add some with `musicrec import-songs`."
        ),
        errors.BuildRunsError: lambda _: (
            "Songs are being imported right now. Please try again when that is done."
        ),
        errors.WorkersBusyError: lambda _: (
            "I am busy with other people's music right now. Please try again in a minute."
        ),
        timely_errors.OwnWorkWaitsError: lambda error: (
            f"You have {error.queued} things in line already. Please wait until "
            "one of them is done."
        ),
        timely_errors.GroupWorkWaitsError: lambda _: (
            "The people here have asked for so much that no more fits in line. Please try again in "
            "a few minutes."
        ),
        errors.WorkerLostError: lambda _: "I was interrupted while I worked. Please try again.",
        errors.ExtraMissingError: lambda error: (
            f"I cannot {error.purpose} yet: whoever runs me must install more first, with "
            f"`pip install 'musicrec[{error.extra}]'`."
        ),
        errors.SongUnknownError: _song_unknown,
        errors.SourceError: lambda error: (
            f"{safe(error.source)} does not answer me right now. Please try again later."
        ),
        errors.SourceClosedError: lambda error: (
            f"{safe(error.source)} answers me no more questions for now. Please try again "
            f"<t:{int(error.until.timestamp())}:R>."
        ),
        errors.SourceUnavailableError: lambda error: (
            f"{safe(error.source)} is out of reach right now. Please try again in a few minutes."
        ),
        errors.NotLinkedError: lambda error: (
            f"You have linked no {safe(error.account, 40)} account. "
            f"/link {error.account.lower()} does it."
        ),
        errors.AccountLostError: _account_lost,
        errors.NotInvitedError: lambda error: (
            f"{safe(error.source, 40)} does not let me serve your account: whoever runs me has to "
            "invite it there by name, and may invite five people. Ask them, then start again with "
            f"/link {error.source.lower()}."
        ),
        errors.NotAllowedError: lambda error: (
            f"Your link to {safe(error.account, 40)} does not allow me that yet: it is older than "
            f"what I ask for now. /link {error.account.lower()} links it anew."
        ),
        errors.LinkingOffError: lambda error: (
            f"{safe(error.account, 40)} accounts cannot be linked here: whoever runs me has not "
            f"set {safe(error.missing, 40)}."
        ),
        errors.LinkFailedError: lambda error: safe(str(error), 500),
        timely_errors.TooSoonError: lambda error: (
            f"I {safe(error.what, 100)} a short while ago. It works again "
            f"<t:{int(error.until.timestamp())}:R>."
        ),
        timely_errors.ForgottenMeanwhileError: lambda _: (
            "You had everything about you deleted while I worked on this, so I kept nothing of it."
        ),
        errors.PlaylistUnusableError: lambda error: safe(str(error), 500),
        errors.EditRefusedError: lambda error: safe(str(error), 500),
        week_errors.WeekPostError: lambda error: safe(str(error), 500),
        week_errors.PlaceClosedError: lambda error: safe(str(error), 500),
        week_errors.PlaceGoneError: lambda error: safe(str(error), 500),
        week_errors.PostingFailedError: lambda error: safe(str(error), 500),
        ChannelLostError: lambda error: safe(str(error), 500),
        PostDelayedError: lambda error: safe(str(error), 500),
        NotComparableError: lambda _: (
            "Somebody of them has not opted in or has no model yet, so I compare nothing."
        ),
        errors.StorageError: lambda _: (
            "I cannot reach my memory right now. Please try again in a few minutes."
        ),
        errors.SealedError: lambda _: (
            "I cannot open what I keep of linked accounts, because my key was changed. Nothing is "
            "lost; whoever runs me has to put the old key back beside the new one."
        ),
    }
)
"""One sentence for each expected failure."""


def user_message(error: errors.MusicRecError) -> str:
    """Return the sentence for an expected failure."""
    for cls in type(error).__mro__:
        if cls in SENTENCES:
            return SENTENCES[cls](error)
    return safe(str(error), 500)


def log_failure(error: BaseException, where: str) -> str:
    """Log an error with its traceback.

    Returns:
        The incident id that finds it in the log, where it is also a field of its own.
    """
    incident = secrets.token_hex(3)
    fields = {"incident": incident, "where": where}
    _log.error("Incident %s in %s", incident, where, exc_info=error, extra=fields)
    return incident


async def report(interaction: BotInteraction, error: Exception) -> Outcome:
    """Answer a failed interaction exactly once, to the one who caused it alone."""
    # discord.py wraps whatever a command raises.
    cause: Exception = getattr(error, "original", error)
    if refusal_of(cause) is Refusal.LATE and not broke_off(cause):
        _log.warning("Too late to answer %s: %s", _where(interaction), cause)
        return Outcome.LATE
    answer, outcome = _answer(cause, _where(interaction))
    await _tell_alone(interaction, answer)
    return outcome


async def tell_interrupted(interaction: BotInteraction) -> None:
    """Answer somebody whose interaction ends because the bot is stopped."""
    words = (
        "I am being restarted and could not finish this. What I had stored of it is kept; "
        "please go on in a minute."
    )
    await _tell_alone(interaction, sentence(words))


async def _tell_alone(interaction: BotInteraction, answer: Layout) -> None:
    try:
        await send_alone(interaction, answer)
    except FAILURES as failure:
        _log.warning("Could not answer %s: %s", _where(interaction), failure)


def _answer(error: Exception, where: str) -> tuple[Layout, Outcome]:
    if isinstance(error, errors.NotEnoughLabelsError):
        return sentence(user_message(error), start_rating_button()), Outcome.REFUSED
    if isinstance(error, _OPERATOR_SHOULD_KNOW):
        words = f"{user_message(error)} (id {log_failure(error, where)})"
        return sentence(words), Outcome.FAILED
    if isinstance(error, errors.MusicRecError):
        return sentence(user_message(error)), Outcome.REFUSED
    if (words := _refusal(error, where)) is not None:
        return sentence(words), Outcome.REFUSED
    incident = log_failure(error, where)
    words = (
        f"Something went wrong on my side (id {incident}). Please try again; if it happens "
        "again, tell whoever runs me this id."
    )
    return sentence(words), Outcome.FAILED


def _refusal(error: Exception, where: str) -> str | None:
    """Word what Discord refuses; None for anything else."""
    if isinstance(error, app_commands.BotMissingPermissions):
        return f"I may not do that here: I lack {_names(error.missing_permissions)}."
    if isinstance(error, app_commands.MissingPermissions):
        return f"You may not do that here: you lack {_names(error.missing_permissions)}."
    if isinstance(error, app_commands.NoPrivateMessage):
        return "That is for servers: use it in a channel of one."
    if broke_off(error):
        _log.warning("The answer to %s broke off: %s", where, error)
        return "Discord broke off while I answered. What I had stored is kept; please go on."
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return "This command has changed. Reload Discord and try again."
    refusal = refusal_of(error)
    if refusal is Refusal.PASSING:
        _log.warning("Discord refused an answer for now: %s", error)
    return None if refusal is None else WORDS.get(refusal)


def _names(permissions: list[str]) -> str:
    names = ", ".join(f"“{name.replace('_', ' ').title()}”" for name in permissions)
    return f"the permission {names}"


def _where(interaction: BotInteraction) -> str:
    if interaction.command is not None:
        return f"/{interaction.command.qualified_name}"
    data = interaction.data or {}
    return f"button {data.get('custom_id', 'without id')}"
