"""The commands of ``musicrec catalogue`` as people type them; the work is in ``cli.catalogue``."""

# ruff: noqa: PLC0415  (commands import their work when they run, as in ``cli.commands``)

from pathlib import Path
from typing import Annotated, Final

import typer

from musicrec.domain.errors import BadInputError

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
def audit(
    context: typer.Context,
    labels: Annotated[
        Path | None,
        typer.Argument(help="Labelled songs: audit a model of them instead.", show_default=False),
    ] = None,
    *,
    now: Annotated[
        int | None,
        typer.Option(min=1, help="Audit the models of so many listeners at once."),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(help="Address of the bot's database.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say how many of a listener's best songs their lists hold, as audits found."""
    from musicrec.cli.auditing import audit_labels, audit_listeners, show_audits

    if labels is not None and now is not None:
        msg = "LABELS and --now are two different audits: give one of them."
        raise BadInputError(msg)
    if labels is not None:
        audit_labels(context.obj, labels, as_json=as_json)
    elif now is not None:
        audit_listeners(context.obj, now, database_url=database, as_json=as_json)
    else:
        show_audits(context.obj, database_url=database, as_json=as_json)


@app.command()
def gc(context: typer.Context, *, as_json: Json = False) -> None:
    """Delete what dead builds left, and catalogues that are neither in use nor read."""
    from musicrec.cli.catalogue import collect_garbage

    collect_garbage(context.obj, as_json=as_json)
