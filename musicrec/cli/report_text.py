"""A report as tables for people."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from musicrec.cli.screen import print_text, stdout
from musicrec.domain.report import AlgorithmResult, Confusion, Metrics, Report

_METRICS: Final = (
    ("Acc", "accuracy"),
    ("Bal\nacc", "balanced_accuracy"),
    ("Prec", "precision"),
    ("Recall", "recall"),
    ("F1", "f1"),
    ("AUC", "roc_auc"),
    ("Brier", "brier"),
    ("Log\nloss", "log_loss"),
)
"""Heading and field of each metric."""

_LEGEND: Final = (
    "Acc: accuracy, bal acc: balanced accuracy, prec: precision, AUC: area under the ROC curve.\n"
    "Of Brier score and log loss less is better, of all others more.\n"
)


def print_report(report: Report) -> None:
    """Print every algorithm beside the baseline, the best one's decisions, and the notices."""
    console = stdout()
    print_text(_headline(report))
    console.print(_results(report))
    print_text(_LEGEND)
    _print_confusion(console, report)
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
    table.add_row("always the majority", *_cells(report.baseline), "")
    return table


def _name(result: AlgorithmResult) -> str:
    plain = result.sampling == "none"
    return result.title if plain else f"{result.title}\nwith {result.sampling}"


def _cells(metrics: Metrics) -> Sequence[str]:
    return [f"{getattr(metrics, field):.3f}" for _, field in _METRICS]


def _print_confusion(console: Console, report: Report) -> None:
    """Who was taken for what, each label counted once a repeat."""
    confusion: Confusion = report.confusion
    table = Table(box=None, pad_edge=False)
    table.add_column(f"Best: {report.best.title}")
    table.add_column("guessed like", justify="right")
    table.add_column("guessed dislike", justify="right")
    table.add_row("really liked", str(confusion.true_likes), str(confusion.false_dislikes))
    table.add_row("really disliked", str(confusion.false_likes), str(confusion.true_dislikes))
    console.print(table)
    if report.repeats > 1:
        print_text(f"Every label is counted {report.repeats} times, once a repeat.")
