"""The bot where the packages of ``musicrec[audio]`` are not installed; prints its answers."""

# ruff: noqa: PLC0415, T201  (nothing may be imported before it is hidden; the output is the answer)

import asyncio
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import simcord

HIDDEN = {"av", "audioread", "librosa", "numba", "pyloudnorm", "soundfile", "soxr"}


class Hiding(importlib.abc.MetaPathFinder):
    """Finds modules as the path does, but for the hidden ones."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] in HIDDEN:
            return None
        return importlib.machinery.PathFinder.find_spec(fullname, path, target)


def hide() -> None:
    found = sys.meta_path.index(importlib.machinery.PathFinder)
    sys.meta_path[found] = Hiding()


async def main(folder: Path) -> None:
    from bot.container import open_services
    from musicrec.domain.errors import ExtraMissingError
    from tests.discord.town import town_of, words

    async with (
        open_services(data_dir=folder, worker_processes=1) as services,
        town_of(services) as town,
    ):
        result = await town.alice.slash(town.channel, "song add", file=("x.mp3", b"ID3"))
        print(words(result.response).replace("\n", " "))
        simcord.assert_error(town.env, ExtraMissingError)
        result = await town.alice.slash(town.channel, "song search", text="love")
        print(words(result.response).replace("\n", " "))


if __name__ == "__main__":
    hide()
    asyncio.run(main(Path(sys.argv[1])))
