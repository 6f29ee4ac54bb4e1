"""A report as tables for people."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from musicrec.cli.screen import print_text, stdout
from musicrec.domain.report import (
    AlgorithmResult,
    Confusion,
    LearningCurve,
    Metrics,
    Report,
    Settings,
)

_METRICS: Final = (
    ("Acc", "accuracy"),
    ("Bal\nacc", "balanced_accuracy"),
    ("Prec", "precision"),
    ("Recall", "recall"),
    ("F1", "f1"),
    ("AUC", "roc_auc"),
    ("Brier", "brier"),
    ("Log\nloss", "log_loss"),
    ("Cal\nerr", "calibration_error"),
)
"""Heading and field of each metric."""

_LEGEND: Final = (
    "Acc: accuracy, bal acc: balanced accuracy, prec: precision, AUC: area under the ROC curve.\n"
    "Cal err: distance between predicted and real shares in ten bins.\n"
    "Of Brier score, log loss and cal err less is better, of all others more.\n"
)


def print_report(report: Report) -> None:
    """Print everything beside the baselines, what to expect, and the notices."""
    console = stdout()
    print_text(_headline(report))
    console.print(_results(report))
    print_text(_LEGEND)
    for sentence in _expectations(report):
        print_text(sentence)
    _print_confusion(console, report)
    if report.calibration:
        print_text("")
        console.print(_calibration(report))
    if report.settings:
        print_text(_chosen(report.settings))
    for notice in report.notices:
        print_text(f"note: {notice}")


def _headline(report: Report) -> str:
    grouping = ", every artist's songs in one fold" if report.grouped_by else ""
    repeats = "1 repeat" if report.repeats == 1 else f"{report.repeats} repeats"
    return (
        f"{report.n_likes + report.n_dislikes} labels: {report.n_likes} likes,"
        f" {report.n_dislikes} dislikes. Cross-validation: {report.folds} folds,"
        f" {repeats}{grouping}.\n"
    )


def _results(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Algorithm")
    for heading, _ in _METRICS:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Sec", justify="right", no_wrap=True)
    for result in report.results:
        table.add_row(_name(result), *_cells(result.metrics), f"{result.fit_s:.1f}")
    for result in report.baselines:
        table.add_row(result.title, *_cells(result.metrics), "")
    table.add_row("always the majority", *_cells(report.baseline), "")
    return table


def _expectations(report: Report) -> Iterator[str]:
    """Say what the whole procedure achieves, on new artists too, and what more labels would add."""
    if report.auto:
        yield f"Honestly, the choice of the best included: {_ranges(report.auto)}"
    if report.new_artists:
        yield f"On artists never rated: {_ranges(report.new_artists)}"
    if report.later:
        yield f"On the last fifth of the labels, from the earlier ones: {_ranges(report.later)}"
    if report.learning_curve:
        yield _growth(report.learning_curve)
    yield ""


def _ranges(result: AlgorithmResult) -> str:
    parts = [
        _range(name, result, field)
        for name, field in (("AUC", "roc_auc"), ("accuracy", "accuracy"))
    ]
    return f"{', '.join(parts)}."


def _range(name: str, result: AlgorithmResult, field: str) -> str:
    value = f"{name} {getattr(result.metrics, field):.3f}"
    if result.low is None or result.high is None:
        return value
    return f"{value} (95 %: {getattr(result.low, field):.3f} to {getattr(result.high, field):.3f})"


def _growth(curve: LearningCurve) -> str:
    points = (f"{n}: {auc:.3f}" for n, auc in zip(curve.n_labels, curve.roc_auc, strict=True))
    return (
        f"AUC by labels learned from: {', '.join(points)}. About {curve.more_labels} more ratings"
        f" for {100 * curve.gain:.1f} points of AUC"
        f" (80 %: {100 * curve.gain_low:.1f} to {100 * curve.gain_high:.1f})."
    )


def _calibration(report: Report) -> Table:
    """Show what happened to songs that were given about the same probability."""
    table = Table(box=None, pad_edge=False)
    table.add_column("Predicted")
    for each in report.calibration:
        table.add_column(f"{each.p_like:.0%}", justify="right", no_wrap=True)
    table.add_row("really liked", *(f"{each.liked:.0%}" for each in report.calibration))
    return table


def _chosen(settings: Settings) -> str:
    wide, narrow = settings.kernel_penalties
    return (
        f"Inside the blend: boosted trees of depth {settings.tree_depth}, kernels of width"
        f" {settings.kernel_width:g}, penalties {wide:.2g} and {narrow:.2g}."
    )


def _name(result: AlgorithmResult) -> str:
    name = result.title if result.sampling == "none" else f"{result.title}\nwith {result.sampling}"
    if result.stopped_after is None:
        return name
    folds = "1 fold" if result.stopped_after == 1 else f"{result.stopped_after} folds"
    return f"{name}\nstopped after {folds}"


def _cells(metrics: Metrics) -> Sequence[str]:
    values = [getattr(metrics, field) for _, field in _METRICS]
    return ["" if value is None else f"{value:.3f}" for value in values]


def _print_confusion(console: Console, report: Report) -> None:
    """Who was taken for what, each label counted once a repeat."""
    confusion: Confusion = report.confusion
    table = Table(box=None, pad_edge=False)
    table.add_column(f"Kept: {report.best.title}")
    table.add_column("guessed like", justify="right")
    table.add_column("guessed dislike", justify="right")
    table.add_row("really liked", str(confusion.true_likes), str(confusion.false_dislikes))
    table.add_row("really disliked", str(confusion.false_likes), str(confusion.true_dislikes))
    console.print(table)
    if report.repeats > 1:
        print_text(f"Every label is counted {report.repeats} times, once a repeat.")
