"""The commands of ``musicrec playlist`` as people type them; the work is in ``cli.playlists``."""

# ruff: noqa: PLC0415  (commands import their work when they run, as in ``cli.commands``)

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

app: Final = typer.Typer(
    no_args_is_help=True,
    help="Prune, look through, sort, make and convert playlists: Exportify CSV, M3U8, JSPF, XSPF,"
    " lists of links.",
)

File = Annotated[Path, typer.Argument(help="The playlist.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Model = Annotated[
    Path | None, typer.Option("--model", help="A file made by train.", show_default=False)
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        help="File to write; .csv, .m3u8, .jspf, .xspf, or .txt for Spotify links. Without it"
        " nothing is changed anywhere.",
        show_default=False,
    ),
]


@app.command()
def prune(
    context: typer.Context,
    file: File,
    *,
    model: Annotated[
        Path, typer.Option("--model", help="A file made by train.", show_default=False)
    ],
    precision: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of the removed songs that you really dislike."),
    ] = 0.9,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Show the songs that you would definitely dislike, and write the list without them."""
    from musicrec.cli.playlists import prune_file

    prune_file(context.obj, file, model=model, precision=precision, out=out, as_json=as_json)


@app.command()
def doctor(
    context: typer.Context,
    file: File,
    *,
    model: Model = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Find duplicates, songs out of character and sleeping favourites; write without duplicates."""
    from musicrec.cli.playlists import look_through

    look_through(context.obj, file, model=model, out=out, as_json=as_json)


@app.command()
def sort(
    context: typer.Context,
    file: File,
    *,
    by: Annotated[
        Literal["smooth", "rise", "fall", "arc", "tempo", "probability"],
        typer.Option(
            help="A smooth path; energy that rises, falls or does both; tempo; or probability of a"
            " like, which needs --model."
        ),
    ] = "smooth",
    like: Annotated[
        str | None,
        typer.Option(help="Words of a song in the list, or its number: nearest to it first."),
    ] = None,
    model: Model = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Put a playlist into another order."""
    from musicrec.cli.playlists import sort_file

    sort_file(context.obj, file, by=by, like=like, model=model, out=out, as_json=as_json)


@app.command()
def make(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="A playlist to be alike.", show_default=False)
    ] = None,
    *,
    mood: Annotated[str | None, typer.Option(help="happy, sad, calm, party, focus, …")] = None,
    feature: Annotated[
        list[str] | None, typer.Option(help="NAME=VALUE, such as energy=0.8; several are fine.")
    ] = None,
    n: Annotated[int, typer.Option("--n", min=1, max=500, help="How many songs.")] = 30,
    model: Model = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same result.")] = 0,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Make a playlist of songs you do not know: like another one, for a mood, or of features."""
    from musicrec.cli.playlist_making import make_file

    make_file(
        context.obj,
        file,
        mood=mood,
        features=feature or [],
        n=n,
        model=model,
        seed=seed,
        out=out,
        as_json=as_json,
    )


@app.command()
def convert(
    file: File,
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            help="File to write; .csv, .m3u8, .jspf, .xspf, or .txt for Spotify links.",
            show_default=False,
        ),
    ],
    as_json: Json = False,
) -> None:
    """Write a playlist in another format."""
    from musicrec.cli.playlists import convert_file

    convert_file(file, out=out, as_json=as_json)
