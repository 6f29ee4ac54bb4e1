"""A listener of whom every personal table holds something, as a life with the bot leaves it."""

from dataclasses import replace
from datetime import timedelta

from musicrec.domain.account import Account, AccountKind, PendingLink
from musicrec.domain.correction import CorrectionKind
from musicrec.domain.hint import Hint, HintSource
from musicrec.domain.ids import TrackId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.playlist_copy import PlaylistCopy
from musicrec.domain.quiet import QuietHours
from musicrec.services import Services
from musicrec.services.week_delivery import WeekDelivery
from musicrec.services.weekly import WeeklyService
from tests.musicrec.playlists.lists import playlist
from tests.musicrec.services.people import NOON, Presser
from tests.musicrec.services.playlist_town import kept_here, known_songs
from tests.musicrec.services.weekly_town import DAY, MONDAY, Clock, MemoryPost, TinyComposer, plan

GUILD = 2**60 + 3


async def live(services: Services, person: Presser) -> None:
    """Rate, train, share, make playlists, link accounts: fill all tables."""
    await person.rate(14)
    await services.training.idle()
    found = await services.recommendations.recommend(person.id, n=3, at=NOON)
    await services.corrections.say(
        person.id,
        found.tracks[0].id,
        CorrectionKind.TOO_FAST,
        at=NOON,
        event_key=f"tap:{person.id}",
    )
    await services.sharing.share(person.id, GUILD, at=NOON)
    await services.social.comparing.allow(person.id, GUILD, at=NOON)
    await services.quiet.keep(person.id, QuietHours(22 * 60, 7 * 60, "Europe/Berlin"), at=NOON)
    await get_a_week(services, person)
    await keep_lists(services, person)
    await link(services, person)


async def get_a_week(services: Services, person: Presser) -> None:
    database, composer = services.labels._database, TinyComposer()
    weekly = WeeklyService(database, composer)
    await weekly.turn_on(plan(person.id), at=MONDAY - DAY)
    await weekly.preview(person.id, at=MONDAY - DAY)
    await WeekDelivery(database, composer, Clock(), post=MemoryPost()).tick(MONDAY)


async def keep_lists(services: Services, person: Presser) -> None:
    """Keep a list, have duplicates found in it, and note a copy of it elsewhere."""
    items = known_songs(services, 5)
    opened = await kept_here(services, person.id, playlist(*items, replace(items[0], uri="")))
    await services.playlists.doctor(person.id, opened)
    kept_id = KeptId(int(opened.place.list_id))
    async with services.labels._database.writing() as uow:
        await uow.playlist_copies.begin(
            PlaylistCopy(person.id, kept_id, AccountKind.SPOTIFY, f"{person.id} there", NOON)
        )


async def link(services: Services, person: Presser) -> None:
    """Link an account, begin to link another one, and take over a saved song."""
    kind, sealed = AccountKind.SPOTIFY, b"sealed"
    async with services.labels._database.writing() as uow:
        await uow.accounts.put(Account(person.id, kind, "orla", "Orla", NOON, ("read",), sealed))
        soon = NOON + timedelta(minutes=10)
        await uow.pending_links.begin(
            PendingLink(f"hash {person.id}", person.id, kind, sealed, soon)
        )
        await uow.hints.put([Hint(person.id, TrackId("song:saved"), HintSource.SAVED, NOON)])
