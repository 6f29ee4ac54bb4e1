"""Find songs by what people type: one SQLite file, read by all processes at once."""

from musicrec.storage.text_index.aside import TextIndexFeed, writing_text_index_aside
from musicrec.storage.text_index.index import TextIndex
from musicrec.storage.text_index.words import folded
from musicrec.storage.text_index.writer import INDEX_FILE, TextIndexWriter, writing_text_index

__all__ = [
    "INDEX_FILE",
    "TextIndex",
    "TextIndexFeed",
    "TextIndexWriter",
    "folded",
    "writing_text_index",
    "writing_text_index_aside",
]
