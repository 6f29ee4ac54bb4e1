"""AcousticBrainz low-level dumps as JSON: one submission a line, or one a file in an archive.

Used are ``rhythm.bpm``, ``tonal.key_key`` and ``tonal.key_scale``, and the ``length`` in seconds of
``metadata.audio_properties``: they mean what the catalogue's tempo, key, mode and length mean.
Nothing else does: ``rhythm.danceability`` is a detrended fluctuation, ``lowlevel.average_loudness``
a share, and the high-level dump gives probabilities of classes that small collections defined.

The id is ``mbid``, or ``metadata.tags.musicbrainz_recordingid`` (in older submissions
``musicbrainz_trackid``). Titles come from MusicBrainz recordings with the same ids.

Source: AcousticBrainz, "Data" (download) and "Essentia music extractor" (fields). The data are CC0.
"""

from typing import Any, Final

import pandas as pd

from musicrec.catalogue.columns import DURATION_S, MBID
from musicrec.catalogue.files import RawTable, RejectedRow
from musicrec.catalogue.sources.documents import NO_JSON, Document, documents, part, texts
from musicrec.catalogue.sources.tables import Parsed, cleaned
from musicrec.catalogue.store.manifest import Source

SOURCE: Final = Source(name="AcousticBrainz", licence="CC0 1.0")

_COLUMNS: Final = (MBID, "tempo_bpm", "key", "mode", DURATION_S)


def parse_acoustics(block: bytes) -> Parsed:
    """Read submissions."""
    found = dict(documents(block))
    rejected = [RejectedRow(row, NO_JSON, ()) for row, each in found.items() if each is None]
    rows = {row: _values(each) for row, each in found.items() if each is not None}
    cells = pd.DataFrame(list(rows.values()), index=list(rows), columns=list(_COLUMNS))
    return cleaned(RawTable(cells, tuple(rejected)), {name: name for name in _COLUMNS})


def _values(submission: Document) -> dict[str, Any]:
    metadata = part(submission, "metadata")
    tags = part(metadata, "tags")
    tonal = part(submission, "tonal")
    ids = texts(tags, "musicbrainz_recordingid") or texts(tags, "musicbrainz_trackid") or [""]
    return {
        MBID: submission.get("mbid") or ids[0],
        "tempo_bpm": part(submission, "rhythm").get("bpm"),
        "key": tonal.get("key_key"),
        "mode": tonal.get("key_scale"),
        DURATION_S: part(metadata, "audio_properties").get("length"),
    }
