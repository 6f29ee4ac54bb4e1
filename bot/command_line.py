"""The installed command ``musicrec``: the command line on the bot's data folder."""

import sys

from bot.settings import load_settings
from musicrec.cli import BAD_INPUT, INTERRUPTED, run
from musicrec.domain.errors import MusicRecError


def main() -> None:
    """Run the command that was typed and exit with its code."""
    try:
        settings = load_settings()
        database_url = settings.database_address
        sys.exit(run(sys.argv[1:], data_dir=settings.data_dir, database_url=database_url))
    except MusicRecError as error:
        sys.stderr.write(f"musicrec: {error}\n")
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
