"""The command line: the core on files, without Discord."""

from musicrec.cli.app import BAD_INPUT, INTERRUPTED, run

__all__ = ["BAD_INPUT", "INTERRUPTED", "run"]
