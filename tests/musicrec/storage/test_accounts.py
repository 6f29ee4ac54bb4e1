"""Linked accounts and links that are being made, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from musicrec.domain.account import Account, AccountKind, PendingLink
from musicrec.domain.ids import ListenerId
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def account(by: ListenerId = ANNA, **fields: Any) -> Account:
    values: dict[str, Any] = {
        "kind": AccountKind.SPOTIFY,
        "account_id": "account-of-anna",
        "name": "Anna 🎧",
        "authorised_at": NOON,
        "scopes": ("user-top-read", "user-library-read"),
        "sealed": b"\x00sealed\xff",
        **fields,
    }
    return Account(listener_id=by, **values)


def link(state_hash: str = "ab" * 32, by: ListenerId = ANNA, **fields: Any) -> PendingLink:
    values: dict[str, Any] = {
        "kind": AccountKind.SPOTIFY,
        "sealed": b"verifier",
        "expires_at": NOON + 10 * MINUTE,
        **fields,
    }
    return PendingLink(state_hash, by, **values)


async def put(database: Database, *accounts: Account) -> None:
    async with database.writing() as work:
        for one in accounts:
            await work.listeners.lock(one.listener_id, NOON)
            await work.accounts.put(one)


async def accounts_of(database: Database, listener_id: ListenerId = ANNA) -> list[Account]:
    async with database.reading() as work:
        return await work.accounts.list_all(listener_id)


async def test_an_account_comes_back_as_it_was_kept(database: Database):
    kept = account(reminded_at=NOON + DAY)
    await put(database, kept, account(BEN, name="Ben"))
    async with database.reading() as work:
        assert await work.accounts.get(ANNA, AccountKind.SPOTIFY) == kept
        assert await work.accounts.get(ANNA, AccountKind.LISTENBRAINZ) is None
    assert await accounts_of(database) == [kept]


async def test_linking_anew_takes_the_place_of_the_old_link_and_ends_its_turn(database: Database):
    old, new = account(), account(account_id="another", authorised_at=NOON + DAY)
    await put(database, old)
    async with database.writing() as work:
        assert await work.accounts.claim(old, NOON, NOON + MINUTE)
    await put(database, new)
    assert await accounts_of(database) == [new]
    async with database.writing() as work:
        assert await work.accounts.claim(new, NOON, NOON + MINUTE)


async def test_one_kind_is_deleted_and_the_other_stays(database: Database):
    other = account(kind=AccountKind.LISTENBRAINZ)
    await put(database, account(), other)
    async with database.writing() as work:
        assert await work.accounts.delete(ANNA, AccountKind.SPOTIFY)
        assert not await work.accounts.delete(ANNA, AccountKind.SPOTIFY)
    assert await accounts_of(database) == [other]


async def test_accounts_and_links_go_with_their_listener(database: Database):
    await put(database, account(), account(BEN))
    async with database.writing() as work:
        await work.pending_links.begin(link())
        await work.listeners.delete(ANNA)
    async with database.reading() as work:
        assert await work.accounts.list_all(ANNA) == []
        assert await work.pending_links.get(link().state_hash) is None
    assert len(await accounts_of(database, BEN)) == 1


async def test_a_link_that_was_made_anew_is_not_deleted_renewed_or_reminded_for_the_old_one(
    database: Database,
):
    old, new = account(), account(authorised_at=NOON + MINUTE, sealed=b"new")
    await put(database, new)
    async with database.writing() as work:
        assert not await work.accounts.delete_link(old)
        assert not await work.accounts.renew(old.with_sealed(b"late"))
        assert not await work.accounts.remind(old, NOON)
        assert not await work.accounts.claim(old, NOON, NOON + MINUTE)
    assert await accounts_of(database) == [new]
    async with database.writing() as work:
        assert await work.accounts.delete_link(new)


async def test_one_of_many_renews_until_done_or_too_late(database: Database):
    await put(database, account())

    async def claim(at: int) -> bool:
        async with database.writing() as work:
            now = NOON + at * MINUTE
            return await work.accounts.claim(account(), now, now + 2 * MINUTE)

    assert sorted(await asyncio.gather(*(claim(0) for _ in range(5)))) == [False] * 4 + [True]
    assert not await claim(1)
    assert await claim(2)
    async with database.writing() as work:
        assert await work.accounts.renew(account().with_sealed(b"new"))
    assert (await accounts_of(database))[0].sealed == b"new"
    assert await claim(2)


async def test_a_turn_is_given_back_only_by_whose_it_is(database: Database):
    await put(database, account())
    async with database.writing() as work:
        assert await work.accounts.claim(account(), NOON, NOON + MINUTE)
        await work.accounts.release(account(), NOON + 2 * MINUTE)
        assert not await work.accounts.claim(account(), NOON, NOON + MINUTE)
        await work.accounts.release(account(), NOON + MINUTE)
        assert await work.accounts.claim(account(), NOON, NOON + MINUTE)


async def test_everybodys_tokens_get_another_key(database: Database):
    await put(database, account(), account(BEN, sealed=b"bens"))
    async with database.writing() as work:
        assert await work.accounts.reseal_all(lambda sealed: sealed + b"!") == 2
    assert await accounts_of(database) == [account(sealed=b"\x00sealed\xff!")]
    assert await accounts_of(database, BEN) == [account(BEN, sealed=b"bens!")]


async def test_old_links_are_reminded_of_once(database: Database):
    await put(database, account(), account(BEN, authorised_at=NOON + DAY))
    async with database.writing() as work:
        kind, before = AccountKind.SPOTIFY, NOON + MINUTE
        assert await work.accounts.old_ones(AccountKind.LISTENBRAINZ, before) == []
        assert await work.accounts.old_ones(kind, before) == [account()]
        assert await work.accounts.remind(account(), NOON)
        assert not await work.accounts.remind(account(), NOON)
        assert await work.accounts.old_ones(kind, before) == []
        await work.accounts.forget_reminder(account())
        assert await work.accounts.old_ones(kind, before) == [account()]


async def test_a_begun_link_is_used_once_and_keeps_nothing_then(database: Database):
    await put(database, account())
    async with database.writing() as work:
        await work.pending_links.begin(link())

    async def use() -> bool:
        async with database.writing() as work:
            return await work.pending_links.use(link().state_hash, NOON)

    assert sorted(await asyncio.gather(*(use() for _ in range(4)))) == [False] * 3 + [True]
    async with database.writing() as work:
        await work.pending_links.reseal_all(lambda _: b"again")
        found = await work.pending_links.get(link().state_hash)
    assert found == replace(link(), used_at=NOON, sealed=b"")


async def test_begun_links_are_forgotten_when_they_are_old_or_not_wanted(database: Database):
    await put(database, account(), account(BEN))
    late = link("late", expires_at=NOON + DAY)
    async with database.writing() as work:
        for one in (link("early"), late, link("bens", BEN, expires_at=NOON + DAY)):
            await work.pending_links.begin(one)
        assert await work.pending_links.forget(NOON + 11 * MINUTE) == 1
        assert await work.pending_links.get("late") == late
        await work.pending_links.reseal_all(lambda sealed: sealed + b" again")
        await work.pending_links.delete_all(BEN, AccountKind.SPOTIFY)
        assert await work.pending_links.get("bens") is None
        assert await work.pending_links.get("late") == replace(late, sealed=b"verifier again")


async def test_songs_are_asked_for_once_in_a_while(database: Database):
    hour, half = timedelta(hours=1), timedelta(minutes=30)
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        await work.accounts.put(account())
        claim, hinted_at = work.accounts.claim_hints, work.accounts.hinted_at
        assert await hinted_at(account()) is None
        assert await claim(account(), NOON, after=NOON - hour)
        assert not await claim(account(), NOON + half, after=NOON - half)
        assert await hinted_at(account()) == NOON
        assert await claim(account(), NOON + hour, after=NOON)
        await work.accounts.release_hints(account(), NOON)
        assert await hinted_at(account()) == NOON + hour
        await work.accounts.release_hints(account(), NOON + hour)
        assert await claim(account(), NOON + hour, after=NOON)
        anew = account(authorised_at=NOON + half)
        await work.accounts.put(anew)
        assert not await claim(account(), NOON + 9 * hour, after=NOON + 8 * hour)
        assert await hinted_at(anew) == NOON + hour
