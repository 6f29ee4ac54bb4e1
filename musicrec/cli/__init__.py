"""The command line: the core on files, without Discord."""

from musicrec.cli.app import run

__all__ = ["run"]
