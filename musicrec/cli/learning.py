"""Labels into reports and models."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Literal

from musicrec.catalogue import replacing
from musicrec.cli.inputs import read_labels, require_place
from musicrec.cli.report_text import print_report
from musicrec.cli.screen import print_json, print_text, progress_bar
from musicrec.domain.errors import BadInputError
from musicrec.domain.report import Report
from musicrec.taste import TrainingSet, content_hash, dump_model, evaluate, train


def evaluate_labels(
    data_dir: Path,
    labels: Path,
    *,
    folds: int,
    repeats: int,
    group_by: Literal["artist"] | None,
    plots: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """Compare the algorithms and print the report."""
    if plots is not None:
        _make_folder(plots)
    training = _training_set(labels, data_dir)
    with progress_bar("Comparing algorithms") as progress:
        report = evaluate(
            training,
            folds=folds,
            repeats=repeats,
            group_by=group_by,
            seed=seed,
            jobs=_n_processors(),
            progress=progress,
        )
    _print(report, as_json=as_json)
    if plots is not None:
        # Matplotlib takes a second to load; only who wants pictures waits for it.
        from musicrec.cli.plots import write_pictures  # noqa: PLC0415  (see above)

        write_pictures(
            report, training, data_dir=data_dir, folder=plots, name=labels.stem, seed=seed
        )


def train_model(data_dir: Path, labels: Path, *, out: Path, seed: int, as_json: bool) -> None:
    """Train and store the model, and print how good it is."""
    require_place(out)
    training = _training_set(labels, data_dir)
    with progress_bar("Comparing algorithms") as progress:
        model = train(training, seed=seed, jobs=_n_processors(), progress=progress)
    blob = dump_model(model)
    with replacing(out) as temporary:
        temporary.write_bytes(blob)
    if as_json:
        facts = {"path": str(out), "algorithm": model.algorithm, "n_labels": model.n_labels}
        print_json(facts | {"content_hash": content_hash(blob), "report": model.report.to_json()})
    else:
        _print(model.report, as_json=False)
        print_text(f"\nThe model is in {out}")


def _training_set(labels: Path, data_dir: Path) -> TrainingSet:
    songs = read_labels(labels, data_dir)
    training = TrainingSet.from_table(songs.table)
    return replace(training, notices=(*songs.notices, *training.notices))


def _print(report: Report, *, as_json: bool) -> None:
    if as_json:
        print_json(report.to_json())
    else:
        print_report(report)


def _make_folder(folder: Path) -> None:
    """Make sure that pictures can be written before any long work is done for them."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        msg = f"{folder} is a file; --plots needs a folder."
        raise BadInputError(msg) from error
    except OSError as error:
        msg = f"The folder {folder} cannot be made: {error.strerror or error}."
        raise BadInputError(msg) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        msg = f"The folder {folder} cannot be written to: choose one of your own."
        raise BadInputError(msg)


def _n_processors() -> int:
    return os.cpu_count() or 1
