"""What the documents promise is about everything there is, and their links lead somewhere."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings
from musicrec.storage import tables

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["SECURITY.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]
LINK = re.compile(r"\]\((?!https?://)(?P<file>[^)#]*)(?:#(?P<heading>[^)]*))?\)")


def headings(text: str) -> set[str]:
    """Return the anchors of a document, as most hosts make them."""
    titles = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_data_statement_names_every_table():
    statement = (ROOT / "docs/privacy.md").read_text("utf-8")
    missing = [name for name in tables.Base.metadata.tables if f"`{name}`" not in statement]
    assert missing == []


def test_the_data_statement_names_no_table_that_is_gone():
    statement = (ROOT / "docs/privacy.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)*)`", statement))
    assert named <= set(tables.Base.metadata.tables)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_to_files_and_headings_that_exist(name: str):
    text = (ROOT / name).read_text("utf-8")
    for link in LINK.finditer(text):
        file = (ROOT / name).parent / link["file"] if link["file"] else ROOT / name
        assert file.exists(), link[0]
        if link["heading"]:
            assert link["heading"] in headings(file.read_text("utf-8")), link[0]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_names_a_place_of_one_machine_only(name: str):
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"/(?:root|work|home)/", text)


def test_settings_that_the_guide_names_exist():
    guide = (ROOT / "docs/operations.md").read_text("utf-8")
    known = {name.upper() for name in Settings.model_fields}
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)", guide))
    assert named <= known | {"POSTGRES_PASSWORD"}
