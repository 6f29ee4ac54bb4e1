"""Run one command and turn its outcome into an exit code."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from musicrec.cli.commands import app
from musicrec.cli.outside import settings_of_sources
from musicrec.domain.errors import MusicRecError

if TYPE_CHECKING:
    # At run time this would cost every command the time to load the clients.
    from musicrec.sources import SourceSettings

OK: Final = 0
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130
"""128 and the number of SIGINT, as shells have it."""


def run(
    argv: Sequence[str],
    *,
    data_dir: Path,
    database_url: str | None = None,
    sources: "Callable[[], SourceSettings] | None" = None,
) -> int:
    """Run the command that ``argv`` (without the program's name) names.

    Args:
        argv: What was typed.
        data_dir: Where imported songs are, unless ``--data`` says otherwise.
        database_url: The bot's database; None for the one in the data folder.
        sources: Makes the settings of outside services, for commands that ask them; None for the
            real services, without a contact.

    Returns:
        The exit code: 0, 2 for wrong usage and bad input (one line on stderr says what to do),
        130 after Ctrl-C.
    """
    settings_of_sources.set(sources)
    try:
        database = {"database": database_url}
        settings = {
            "fetch-features": database,
            "import-songs": database,
            "catalogue": {"build": database, "audit": database},
        }
        app(list(argv), prog_name="musicrec", obj=data_dir, default_map=settings)
        sys.stdout.flush()
    except MusicRecError as error:
        sys.stderr.write(f"musicrec: {' '.join(str(error).split())}\n")
        return BAD_INPUT
    except BrokenPipeError:
        _forget_stdout()
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as ending:
        # click turns a reader who left into exit code 1 by itself.
        if isinstance(ending.__context__, BrokenPipeError):
            _forget_stdout()
            return OK
        return ending.code if isinstance(ending.code, int) else OK
    return OK


def _forget_stdout() -> None:
    """Let the interpreter's own last flush go nowhere: nobody reads any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
