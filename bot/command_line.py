"""The installed command ``musicrec``: the command line on the bot's data folder."""

import sys

from bot.settings import load_settings
from musicrec.cli import run
from musicrec.domain.errors import MusicRecError

BAD_SETTINGS = 2


def main() -> None:
    """Run the command that was typed and exit with its code."""
    try:
        data_dir = load_settings().data_dir
    except MusicRecError as error:
        sys.stderr.write(f"musicrec: {error}\n")
        sys.exit(BAD_SETTINGS)
    sys.exit(run(sys.argv[1:], data_dir=data_dir))


if __name__ == "__main__":
    main()
