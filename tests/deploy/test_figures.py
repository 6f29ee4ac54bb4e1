"""Dashboard and alarms name figures that exist, and every alarm has its page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.vitals import Vitals
from tests.deploy.exposed import families, told, vitals

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "deploy/grafana-dashboard.json").read_text("utf-8"))
ALARMS = yaml.safe_load((ROOT / "deploy/prometheus-alerts.yml").read_text("utf-8"))
RULES = [rule for group in ALARMS["groups"] for rule in group["rules"]]
OF_PROMETHEUS = {"up"}
NOT_DRAWN = {
    "process_max_fds": "does not change",
    "process_start_time_seconds": "does not change",
    "process_virtual_memory_bytes": "mapped songs count in it, whether in memory or not",
    "python_info": "does not change",
}
NAME = re.compile(r"\b(?:musicrec|process|python)_\w+|\bup\b(?=\{)")


def expressions(panel: dict[str, Any]) -> Iterator[str]:
    yield from (target["expr"] for target in panel["targets"])


@pytest.mark.parametrize(
    ("title", "text"),
    [
        *((panel["title"], text) for panel in DASHBOARD["panels"] for text in expressions(panel)),
        *((rule["alert"], rule["expr"]) for rule in RULES),
    ],
)
def test_everything_that_is_drawn_or_rings_is_a_figure_of_the_bot(title: str, text: str):
    names = set(NAME.findall(text))
    assert names, title
    assert names <= told().keys() | OF_PROMETHEUS


def test_every_figure_is_drawn_but_for_those_that_say_why_not():
    drawn = {
        name
        for panel in DASHBOARD["panels"]
        for text in expressions(panel)
        for name in NAME.findall(text)
    }
    left_out = {
        family.name
        for family in families()
        # When counting began is told beside each figure.
        if drawn.isdisjoint(sample.name for sample in family.samples)
        and not family.name.endswith("_created")
    }
    assert left_out == NOT_DRAWN.keys()


@pytest.mark.parametrize("text", [rule["expr"] for rule in RULES])
def test_brackets_are_closed(text: str):
    assert all(text.count(a) == text.count(b) for a, b in ("()", "{}", "[]"))


def test_panels_have_numbers_of_their_own_and_lie_beside_each_other():
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(places)) == len(places)
    assert max(x for x, _ in places) < 24


def test_every_alarm_is_explained_once():
    guide = (ROOT / "docs/operations.md").read_text("utf-8")
    assert RULES
    for rule in RULES:
        assert guide.count(f"\n**{rule['alert']}.**") == 1, rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"].endswith(".")


def test_figures_say_what_was_done_and_of_whom_nothing():
    figures = told()
    assert figures["musicrec_interactions_total"] == {("command", "train", "done"): 1.0}
    assert figures["musicrec_jobs_total"] == {("train_and_score", "lost"): 1.0}
    assert figures["musicrec_source_closed"] == {("search", "Deezer"): 1.0}
    assert figures["musicrec_schedule_lag_seconds"] == {(): 7.0}
    assert figures["musicrec_up"] == {(): 1.0}


@pytest.mark.parametrize(
    ("unwell", "part"),
    [
        (vitals(database_ok=False), "database"),
        (vitals(schedule_lag_s=901.0), "schedule"),
    ],
)
def test_one_part_that_is_unwell_is_told_by_its_name(unwell: Vitals, part: str):
    assert not unwell.ok
    assert [name for name, found in unwell.parts().items() if not found["ok"]] == [part]


def test_without_a_schedule_nothing_is_said_of_one():
    assert "schedule" not in vitals(schedule_lag_s=None).parts()
