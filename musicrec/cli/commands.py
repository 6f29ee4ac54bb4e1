"""The commands as people type them: names, arguments, help. The work is done elsewhere.

Each command imports its work when it runs, so that ``--help`` and a typo are answered at once
and nobody waits for libraries that their command does not need.
"""

# ruff: noqa: PLC0415  (the reason is above)

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from musicrec.cli.catalogue_commands import DatabaseUrl, Json, Mapped
from musicrec.cli.catalogue_commands import app as catalogue_app
from musicrec.cli.playlist_commands import app as playlist_app

app: Final = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Learn what one person likes to hear, and find them music. Files are CSV, TSV or Parquet.",
)

app.add_typer(catalogue_app, name="catalogue")
app.add_typer(playlist_app, name="playlist")

Labels = Annotated[
    Path,
    typer.Argument(
        help="Songs with a column liked, target or label; perhaps a column weight, above 0 and at"
        " most 1, for labels that count less.",
        show_default=False,
    ),
]
Model = Annotated[Path, typer.Argument(help="A file made by train.", show_default=False)]
Genre = Annotated[str | None, typer.Option(help="Only songs of this genre.")]
Country = Annotated[
    str | None, typer.Option(help="Only songs by artists from there, as two letters: SE.")
]
Years = Annotated[str | None, typer.Option(help="Only songs of these: 1999, 1990-1999, 1990s.")]
Clean = Annotated[bool, typer.Option("--clean", help="Only songs known not to be explicit.")]
Seed = Annotated[int, typer.Option(min=0, help="Same seed, same result.")]
TableOut = Annotated[
    Path, typer.Option("--out", help="File to write: CSV, TSV or Parquet.", show_default=False)
]


@app.callback()
def choose_data_folder(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder of the imported songs.", show_default=False),
    ] = None,
) -> None:
    """Let ``--data`` replace the bot's data folder."""
    if data is not None:
        context.obj = data


@app.command(name="import-songs")
def import_songs(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Song files.", show_default=False)],
    *,
    mapped: Mapped = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Add songs to the catalogue that search and recommend use."""
    from musicrec.cli.songs import import_files

    import_files(context.obj, files, mapped=mapped or [], database_url=database, as_json=as_json)


@app.command(name="fetch-features")
def fetch_features(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help="Songs (CSV, TSV, Parquet), a playlist or links.", show_default=False),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to write: CSV, TSV or Parquet; FILE-filled.csv without it.",
            show_default=False,
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            help="Address of the bot's database, where answers are kept.", show_default=False
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Fill what songs lack from outside services; stopped, it goes on where it was."""
    from musicrec.cli.fetching import fetch_features as fetch

    fetch(context.obj, file, out=out, database_url=database, as_json=as_json)


@app.command()
def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Words of title and artist.", show_default=False)],
    *,
    genre: Genre = None,
    country: Country = None,
    years: Years = None,
    clean: Clean = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 25,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Find songs in the catalogue, most popular first."""
    from musicrec.cli.songs import search_songs

    search_songs(
        context.obj,
        text,
        genre=genre,
        country=country,
        years=years,
        clean=clean,
        limit=limit,
        database_url=database,
        as_json=as_json,
    )


@app.command()
def evaluate(
    context: typer.Context,
    labels: Labels,
    *,
    folds: Annotated[int, typer.Option(min=2, help="Parts of the cross-validation.")] = 5,
    repeats: Annotated[int, typer.Option(min=1, help="Shuffles of it.")] = 3,
    group_by: Annotated[
        Literal["artist"] | None,
        typer.Option(help="Test on artists that the models have not seen."),
    ] = None,
    plots: Annotated[
        Path | None, typer.Option(help="Folder for pictures, each with a text twin.")
    ] = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Compare all algorithms on your labels by cross-validation."""
    from musicrec.cli.learning import evaluate_labels

    evaluate_labels(
        context.obj,
        labels,
        folds=folds,
        repeats=repeats,
        group_by=group_by,
        plots=plots,
        seed=seed,
        as_json=as_json,
    )


@app.command()
def train(
    context: typer.Context,
    labels: Labels,
    *,
    out: Annotated[Path, typer.Option("--out", help="Model file to write.", show_default=False)],
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Learn a model from your labels with the algorithm that suits them best."""
    from musicrec.cli.learning import train_model

    train_model(context.obj, labels, out=out, seed=seed, as_json=as_json)


@app.command()
def predict(
    context: typer.Context,
    model: Model,
    songs: Annotated[Path, typer.Argument(help="Songs to score.", show_default=False)],
    *,
    out: TableOut,
    as_json: Json = False,
) -> None:
    """Write the songs with p_like, the probability that you like them, and its range."""
    from musicrec.cli.scoring import predict_songs

    predict_songs(context.obj, model, songs, out=out, as_json=as_json)


@app.command()
def recommend(
    context: typer.Context,
    model: Model,
    *,
    n: Annotated[int, typer.Option("--n", min=1, help="How many songs.")] = 30,
    genre: Genre = None,
    country: Country = None,
    years: Years = None,
    clean: Clean = False,
    seed: Seed = 0,
    exhaustive: Annotated[
        bool, typer.Option(help="Score every song, however many there are; for checking.")
    ] = False,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """List songs of the catalogue that you will like and have not labelled."""
    from musicrec.cli.scoring import recommend_songs

    recommend_songs(
        context.obj,
        model,
        n=n,
        genre=genre,
        country=country,
        years=years,
        clean=clean,
        seed=seed,
        exhaustive=exhaustive,
        database_url=database,
        as_json=as_json,
    )


@app.command()
def week(
    context: typer.Context,
    labels: Labels,
    *,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How many, one after the other.")] = 20,
    n: Annotated[int, typer.Option("--n", min=1, max=1_000, help="Songs of each.")] = 30,
    adventure: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="0 explores nothing, 0.5 in 4 songs of 30, 1 in a third of them."
        ),
    ] = 0.5,
    seed: Seed = 1,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Compose weekly lists from your labels, as if you answered nothing in between."""
    from musicrec.cli.weeks import list_weeks

    list_weeks(
        context.obj,
        labels,
        weeks=weeks,
        n=n,
        adventure=adventure,
        seed=seed,
        database_url=database,
        as_json=as_json,
    )


@app.command()
def prune(
    context: typer.Context,
    model: Model,
    playlist: Annotated[Path, typer.Argument(help="The playlist.", show_default=False)],
    *,
    out: TableOut,
    precision: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of the removed songs that you really dislike."),
    ] = 0.9,
    as_json: Json = False,
) -> None:
    """Write the playlist with columns p_like and removed, the latter true for clear dislikes."""
    from musicrec.cli.scoring import prune_playlist

    prune_playlist(context.obj, model, playlist, out=out, precision=precision, as_json=as_json)
