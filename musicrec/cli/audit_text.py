"""Audits of lists for people, and as JSON."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.table import Table

from musicrec.cli.screen import print_json, print_text, stdout
from musicrec.discovery import SCORED_WHOLE
from musicrec.domain.recall import BEST, AuditedFilter, RecallAudit, RecallSummary

_FILTERS: Final = {
    AuditedFilter.NONE: "all songs",
    AuditedFilter.GENRE: "one genre",
    AuditedFilter.COUNTRY: "one country",
}


def print_audits(audits: Sequence[RecallAudit], *, nothing: str, as_json: bool) -> None:
    """Print what audits found, all together, by algorithm and by filter.

    Args:
        audits: Oldest first.
        nothing: The sentence to print where there are none.
        as_json: Print a document instead.
    """
    summary = RecallSummary.of(audits)
    by_algorithm = _grouped(audits, lambda audit: audit.algorithm)
    by_filter = _grouped(audits, lambda audit: audit.limited_to)
    if as_json:
        print_json(
            {
                "best": BEST,
                "all": None if summary is None else asdict(summary),
                "by_algorithm": {name: asdict(each) for name, each in by_algorithm.items()},
                "by_filter": {name: asdict(each) for name, each in by_filter.items()},
                "audits": [_document(audit) for audit in audits],
            }
        )
    elif summary is None:
        print_text(nothing)
    else:
        _print_words(audits, summary)
        _print_table("Algorithm", by_algorithm)
        _print_table("Lists of", {_FILTERS[name]: each for name, each in by_filter.items()})


def _grouped(
    audits: Iterable[RecallAudit], group_of: Callable[[RecallAudit], Any]
) -> dict[Any, RecallSummary]:
    groups: dict[Any, list[RecallAudit]] = {}
    for audit in audits:
        groups.setdefault(group_of(audit), []).append(audit)
    summaries = {name: RecallSummary.of(group) for name, group in sorted(groups.items())}
    return {name: each for name, each in summaries.items() if each is not None}


def _document(audit: RecallAudit) -> dict[str, Any]:
    return asdict(audit) | {"at": audit.at.isoformat(), "recall": audit.recall}


def _print_words(audits: Sequence[RecallAudit], summary: RecallSummary) -> None:
    models = "1 model" if summary.n_models == 1 else f"{summary.n_models} models"
    lists = "1 list" if summary.n_lists == 1 else f"{summary.n_lists} lists"
    print_text(
        f"Of the {BEST} best songs for a listener, lists held {_of_best(summary.mean)} on average"
        f" and {_of_best(summary.lowest)} at worst: {lists} of {models} since"
        f" {min(audit.at for audit in audits):%Y-%m-%d}.\n"
        f"Best are the songs that the listener's own model puts first when it scores every song;"
        f" {BEST} means that a list missed none."
    )
    if max(audit.n_songs for audit in audits) <= SCORED_WHOLE:
        print_text(
            f"A catalogue of up to {SCORED_WHOLE:,} songs is scored whole for every list, so that"
            " nothing should be missed."
        )


def _print_table(heading: str, groups: dict[str, RecallSummary]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column(heading)
    for name in ("Lists", "Models", "Mean recall", "Lowest"):
        table.add_column(name, justify="right")
    for name, each in groups.items():
        shares = (_percent(each.mean), _percent(each.lowest))
        table.add_row(name, str(each.n_lists), str(each.n_models), *shares)
    stdout().print(table)


def _of_best(recall: float) -> str:
    return f"{_rounded_down(BEST * recall):g}"


def _percent(recall: float) -> str:
    return f"{_rounded_down(100 * recall):.1f} %"


def _rounded_down(value: float) -> float:
    """Keep one decimal; what is not everything must not read like it."""
    return math.floor(round(10 * value, 6)) / 10
