"""The commands of ``musicrec catalogue`` as people type them; the work is in ``cli.catalogue``."""

# ruff: noqa: PLC0415  (commands import their work when they run, as in ``cli.commands``)

from pathlib import Path
from typing import Annotated, Final

import typer

app: Final = typer.Typer(
    no_args_is_help=True, help="Build and look after the catalogue that all songs come from."
)

Mapped = Annotated[
    list[str] | None,
    typer.Option("--map", help="THEIRS=ours: a column of the files that has another name."),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="Address of the bot's database, whose learned songs are added.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


@app.command()
def build(
    context: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(
            help="CSV, TSV, Parquet, MusicBrainz or AcousticBrainz dumps, also compressed; the"
            " most trusted first.",
            show_default=False,
        ),
    ],
    *,
    mapped: Mapped = None,
    source: Annotated[
        list[str] | None,
        typer.Option(help="NAME=LICENCE of the values: one for all files, or one each."),
    ] = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Replace the catalogue by the songs of files; the old one stays in use until it is whole."""
    from musicrec.cli.catalogue import build_catalogue

    build_catalogue(
        context.obj,
        files,
        mapped=mapped or [],
        sources=source or [],
        database_url=database,
        as_json=as_json,
    )


@app.command()
def info(context: typer.Context, *, as_json: Json = False) -> None:
    """Say what is in the catalogue, where it comes from and how much is known."""
    from musicrec.cli.catalogue import show_info

    show_info(context.obj, as_json=as_json)


@app.command()
def verify(context: typer.Context, *, as_json: Json = False) -> None:
    """Read every byte of the catalogue and compare it with the checksums."""
    from musicrec.cli.catalogue import verify_catalogue

    verify_catalogue(context.obj, as_json=as_json)


@app.command()
def gc(context: typer.Context, *, as_json: Json = False) -> None:
    """Delete what dead builds left, and catalogues that are neither in use nor read."""
    from musicrec.cli.catalogue import collect_garbage

    collect_garbage(context.obj, as_json=as_json)
