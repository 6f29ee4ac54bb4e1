"""Members press 👍 and 👎 while the bot is killed; what it acknowledged is in the log once."""

import asyncio
import contextlib
import random
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from musicrec.catalogue import open_catalogue
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.storage import Database
from tests.chaos.bots import PATIENCE_S, Bots, until
from tests.chaos.figures import Figures, Setting
from tests.chaos.lives import Life, lives_of
from tests.stand_ins.discord_front import DiscordFront, discord_front

N_MEMBERS: Final = 40
N_SONGS: Final = 1_500
_AT_ONCE: Final = 16
"""Presses that are not answered yet."""
_MESSAGE: Final = 4
"""A first answer that is a whole message: a refusal. What is stored is answered by 5 or 6."""
_FIRST_MEMBER: Final = 701_234_567_890_123_000


@dataclass(frozen=True)
class Press:
    """One verdict of one member on one song, which nobody gives twice."""

    member: int
    track: TrackId
    value: LabelValue

    @property
    def custom_id(self) -> str:
        return f"label:v1:{self.value.value}:0:{self.track}"


@dataclass
class Storm:
    """All that was pressed.

    Attributes:
        presses: By the ids of the interactions; a double click has two.
        waiting: Interactions that were not acknowledged, the oldest first.
        doubles: Second halves of double clicks. A machine that is so busy that it comes to them
            1.5 s after the first halves takes those back, as it should.
    """

    front: DiscordFront
    to_come: Iterator[Press]
    chance: random.Random
    presses: dict[str, Press] = field(default_factory=dict[str, Press])
    waiting: deque[str] = field(default_factory=deque[str])
    doubles: set[str] = field(default_factory=set[str])
    n_again: int = 0
    is_over: bool = False

    @property
    def answered(self) -> set[str]:
        """Interactions of which Discord has a first answer, be it a refusal."""
        return self.front.faults.acknowledged

    def acknowledged(self) -> set[Press]:
        """Return what members were told is stored; a refusal is a message of its own."""
        return {self.presses[number] for number in self._first_answered(with_message=False)}

    def refused(self) -> set[Press]:
        """Return what members were told is not stored."""
        return {self.presses[number] for number in self._first_answered(with_message=True)}

    def _first_answered(self, *, with_message: bool) -> set[str]:
        first = [(path, body) for _, path, body in self.front.sent if path.endswith("/callback")]
        return self.presses.keys() & {
            path.split("/")[2] for path, body in first if (body["type"] == _MESSAGE) is with_message
        }

    async def go_on(self) -> None:
        """Keep some presses under way until it is over; some come twice, some are doubled."""
        self.is_over = False
        while not self.is_over:
            self.forget_answered()
            while len(self.waiting) < _AT_ONCE:
                await self._press(next(self.to_come))
            await asyncio.sleep(0.002)

    def forget_answered(self) -> None:
        self.waiting = deque(one for one in self.waiting if one not in self.answered)

    def is_answered(self) -> bool:
        self.forget_answered()
        return not self.waiting

    async def deliver_again(self, share: float) -> None:
        """Deliver what was never answered once more, or let it be forgotten."""
        self.forget_answered()
        firsts = (one for one in self.waiting if one not in self.doubles)
        self.waiting = deque(one for one in firsts if self.chance.random() < share)
        for number in self.waiting:
            self.n_again += 1
            await self.front.again(number)

    async def _press(self, press: Press) -> None:
        await self._deliver(press)
        if self.chance.random() < 0.1:
            self.n_again += 1
            await self.front.again(self.waiting[-1])
        elif self.chance.random() < 0.1:
            await self._deliver(press)
            self.doubles.add(self.waiting[-1])

    async def _deliver(self, press: Press) -> None:
        member = {"id": str(press.member), "username": "m", "discriminator": "0", "avatar": None}
        number = await self.front.press(press.custom_id, by=member)
        self.presses[number] = press
        self.waiting.append(number)


async def labels(setting: Setting) -> Figures:
    """Kill a whole bot, again and again."""
    chance = random.Random(setting.seed)  # noqa: S311 - not for secrets
    async with (
        discord_front() as front,
        lives_of("tests.chaos.living_bot", setting.folder / "log.txt") as lives,
    ):
        bots = Bots(setting.database, setting.folder, front, lives)
        async with bots.living():
            pass  # the first one makes the folder ready
        storm = Storm(front, _presses(setting, chance), chance)
        for _ in range(setting.kills):
            await _one_life(bots, storm)
        async with bots.living():
            await storm.deliver_again(1.0)
            await until(storm.is_answered, lives.log)
        return await _counted(setting, storm)


async def _one_life(bots: Bots, storm: Storm) -> None:
    """Let a bot live through some of the storm, and kill it at a moment left to chance."""
    life = await bots.born()
    await storm.deliver_again(0.5)
    storming = asyncio.create_task(storm.go_on())
    await _killed(life, storm)
    storm.is_over = True
    with contextlib.suppress(ConnectionError):  # the last press came to a dead bot
        await storming


async def _killed(life: Life, storm: Storm) -> None:
    """Kill before the n-th answer of its first answers is replied to, or some time after it."""
    chance, dead = storm.chance, asyncio.Event()
    n_left, after_s = chance.randint(1, 40), chance.choice([0.0, chance.uniform(0, 0.2)])
    loop = asyncio.get_running_loop()

    def die() -> None:
        life.kill()
        dead.set()

    def strike(_: str, path: str) -> None:
        nonlocal n_left
        n_left -= path.endswith("/callback")
        if n_left == 0 and path.endswith("/callback"):
            loop.call_later(after_s, die) if after_s else die()

    storm.front.faults.strike = strike
    async with asyncio.timeout(PATIENCE_S):
        await dead.wait()
    storm.front.faults.strike = lambda _method, _path: None
    assert await life.ended() == -9


def _presses(setting: Setting, chance: random.Random) -> Iterator[Press]:
    tracks = open_catalogue(setting.folder / "data").tracks(range(N_SONGS))
    pairs = list(product(range(N_MEMBERS), tracks))
    chance.shuffle(pairs)
    values = (LabelValue.LIKE, LabelValue.DISLIKE)
    return (
        Press(_FIRST_MEMBER + member, track.id, chance.choice(values)) for member, track in pairs
    )


async def _counted(setting: Setting, storm: Storm) -> Figures:
    database = Database.open(setting.database)
    acknowledged = storm.acknowledged()
    stored: Counter[Press] = Counter()
    for member in {press.member for press in storm.presses.values()}:
        async with database.reading() as uow:
            events = await uow.labels.history(ListenerId(member))
        stored.update(Press(member, event.track_id, event.value) for event in events)
    await database.close()
    late_doubles = {
        replace(storm.presses[number], value=LabelValue.WITHDRAWN) for number in storm.doubles
    }
    return Figures(
        scenario="labels",
        database=database.dialect,
        kills=setting.kills,
        lost=len(acknowledged - stored.keys()),
        duplicated=stored.total() - len(stored),
        wrong=len(stored.keys() - set(storm.presses.values()) - late_doubles),
        details={
            "pressed": len(set(storm.presses.values())),
            "acknowledged": len(acknowledged),
            "refused": len(storm.refused()),
            "stored": len(stored),
            "delivered_twice": storm.n_again,
            "doubled": len(storm.doubles),
            "doubled_too_slowly": len(stored.keys() & late_doubles),
        },
    )
