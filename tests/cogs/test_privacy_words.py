"""What is said about each kind of data."""

from datetime import UTC, datetime

import pytest

from cogs._bot import OperatorPages
from cogs._format import MAX_LAYOUT_TEXT
from cogs.privacy.kinds import KINDS
from cogs.privacy.text import README, receipt_text, sharing_ended_text, summary_text
from musicrec.domain.account import AccountKind
from musicrec.services import DataSummary, DeletionReceipt
from musicrec.services.export import README_NAME
from musicrec.storage.personal import PERSONAL

TABLES = [each.table.name for each in PERSONAL]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGES = OperatorPages("https://example.org/" + "p" * 180, "https://example.org/" + "t" * 180)


def summary(n: int, n_servers: int = 0) -> DataSummary:
    servers = tuple(range(n_servers))
    accounts = tuple(AccountKind) if n else ()
    return DataSummary(NOON, n, n, dict.fromkeys(TABLES, n), accounts, servers, servers)


def shown(held: DataSummary) -> str:
    return summary_text(held, PAGES, lambda guild_id: f"server {guild_id}".ljust(40, "x"))


def test_every_personal_table_has_words():
    """Say in ``cogs.privacy.kinds`` what is in a new table, why, and where it came from."""
    assert sorted(KINDS) == sorted(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_every_kind_is_shown_and_named_in_the_receipt(name: str):
    one = summary(0)
    one = DataSummary(NOON, 0, 0, {**one.held, name: 3}, tuple(AccountKind), (), ())
    kind = KINDS[name]
    assert f"- {kind.shown(3, one)} *({kind.why}; from: {kind.source})*" in shown(one)
    assert kind.counted(3) in receipt_text(DeletionReceipt(one.held))


def test_all_of_it_at_once_fits_into_one_message_with_nothing_left_out():
    told = shown(summary(1_234_567, n_servers=100))
    assert len(told) + len(sharing_ended_text(1_234_567)) <= MAX_LAYOUT_TEXT
    assert "more line" not in told
    assert "server 4x" in told
    assert "and 95 more" in told
    assert len(receipt_text(DeletionReceipt(summary(1_234_567).held))) <= MAX_LAYOUT_TEXT


def test_what_is_not_there_is_not_mentioned():
    told = shown(summary(0))
    assert [line for line in told.splitlines() if line.startswith("- ")] == []


def test_a_deletion_of_nothing_says_so():
    assert receipt_text(DeletionReceipt(summary(0).held)) == "There was nothing to delete."


def test_where_only_the_terms_are_published_the_statement_is_asked_for():
    told = summary_text(summary(0), OperatorPages(terms="https://example.org/terms"), str)
    assert "no data statement here" in told
    assert "[Terms of use](https://example.org/terms)" in told


@pytest.mark.parametrize(
    "name", ["labels", "predictions", "weeks", "playlists", "corrections", "settings", "models"]
)
def test_the_read_me_names_every_file(name: str):
    assert README_NAME not in README
    assert f"\n{name}." in README
