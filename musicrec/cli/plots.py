"""The pictures of an evaluation as files."""

from collections.abc import Iterator
from pathlib import Path

from musicrec.catalogue import open_catalogue, replacing
from musicrec.charts import (
    draw_certainty,
    draw_effects,
    draw_learning_curve,
    draw_radar,
    draw_taste_map,
    draw_taste_profile,
    draw_training_report,
)
from musicrec.cli.screen import print_notices
from musicrec.domain.errors import CatalogueMissingError
from musicrec.domain.features import LIKED
from musicrec.domain.picture import Picture
from musicrec.domain.report import Report
from musicrec.taste import TrainingSet, build_map, build_profile, build_radar, effects_of_labels


def write_pictures(
    report: Report, training: TrainingSet, *, data_dir: Path, folder: Path, name: str, seed: int
) -> None:
    """Write every picture that applies as ``name-what.png``, its text beside it as ``.txt``.

    Raises:
        BadInputError: A file cannot be written.
    """
    written: list[str] = []
    for what, picture in _pictures(report, training, data_dir, seed):
        image = folder / f"{name}-{what}.png"
        with replacing(image) as temporary:
            temporary.write_bytes(picture.png)
        with replacing(image.with_suffix(".txt")) as temporary:
            temporary.write_text(picture.text + "\n", "utf-8")
        written.append(image.name)
    print_notices(
        [f"{len(written)} pictures, each with a .txt twin, are in {folder}: {', '.join(written)}."]
    )


def _pictures(
    report: Report, training: TrainingSet, data_dir: Path, seed: int
) -> Iterator[tuple[str, Picture]]:
    yield "report", draw_training_report(report)
    yield "certainty", draw_certainty(report)
    if report.learning_curve is not None:
        yield "learning-curve", draw_learning_curve(report.learning_curve)
    yield "effects", draw_effects(effects_of_labels(training, report.best, seed=seed))
    rated = training.songs.iloc[training.verdicts]
    labelled = rated.assign(**{LIKED: training.liked[training.verdicts]})
    yield "map", draw_taste_map(build_map(labelled))
    try:
        songs = open_catalogue(data_dir).sample
    except CatalogueMissingError:
        print_notices(
            ["Profile and radar need a catalogue to compare with; import-songs makes one."]
        )
        return
    yield "profile", draw_taste_profile(build_profile(labelled, songs))
    yield "radar", draw_radar(build_radar(labelled, songs))
