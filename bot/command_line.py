"""The installed command ``musicrec``: the command line on the bot's data folder."""

import sys
from functools import partial
from typing import TYPE_CHECKING

from bot.settings import Settings, load_settings
from musicrec.cli import BAD_INPUT, INTERRUPTED, run
from musicrec.domain.errors import MusicRecError

if TYPE_CHECKING:
    from musicrec.sources import SourceSettings


def main() -> None:
    """Run the command that was typed and exit with its code."""
    try:
        settings = load_settings()
        database_url = settings.database_address
        sys.exit(
            run(
                sys.argv[1:],
                data_dir=settings.data_dir,
                database_url=database_url,
                sources=partial(_sources, settings),
            )
        )
    except MusicRecError as error:
        sys.stderr.write(f"musicrec: {error}\n")
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _sources(settings: Settings) -> "SourceSettings":
    # Imported here because the clients take long to load, and few commands ask anybody.
    from bot.outside import source_settings  # noqa: PLC0415 - the reason is above

    return source_settings(settings)


if __name__ == "__main__":
    main()
