"""Small samples of the formats that catalogues are built from, made up by hand."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

NUMB = "0ad0b0a5-1111-4000-8000-000000000001"
FAINT = "0ad0b0a5-1111-4000-8000-000000000002"
CLIP = "0ad0b0a5-1111-4000-8000-000000000003"
LINKIN = "f59c5520-5f46-4d2c-b2c4-822eabf53419"

RECORDINGS: list[Mapping[str, Any]] = [
    {
        "id": NUMB,
        "title": "Numb",
        "length": 187_520,
        "video": False,
        "first-release-date": "2003-03-24",
        "isrcs": ["USWB10300474", "USWB10300475"],
        "tags": [{"name": "seen live", "count": 99}],
        "genres": [{"name": "rock", "count": 2}, {"name": "nu metal", "count": 7}],
        "artist-credit": [
            {
                "name": "Linkin Park",
                "joinphrase": " feat. ",
                "artist": {"id": LINKIN, "name": "LP", "sort-name": "LP"},
            },
            {
                "name": "Somebody",
                "joinphrase": "",
                "artist": {"id": "a" * 8, "name": "Somebody", "country": "DE"},
            },
        ],
    },
    {
        "id": FAINT,
        "title": "Faint",
        "length": None,
        "isrcs": [],
        "genres": [],
        "artist-credit": [
            {"name": "Linkin Park", "artist": {"id": LINKIN, "name": "Linkin Park"}},
        ],
    },
    {"id": CLIP, "title": "Numb (clip)", "video": True, "artist-credit": []},
]

ARTISTS: list[Mapping[str, Any]] = [
    {
        "id": LINKIN,
        "name": "Linkin Park",
        "sort-name": "Linkin Park",
        "country": "US",
        "area": {"name": "United States", "iso-3166-1-codes": ["US"]},
        "genres": [{"name": "alternative metal", "count": 20}],
    },
    {"id": "b" * 8, "name": "Nobody", "sort-name": "Nobody", "country": None, "area": None},
]

SUBMISSION: Mapping[str, Any] = {
    "metadata": {
        "audio_properties": {"length": 187.5},
        "tags": {"musicbrainz_recordingid": [NUMB], "title": ["numb"]},
    },
    "rhythm": {"bpm": 110.02, "danceability": 1.27},
    "tonal": {"key_key": "F#", "key_scale": "minor"},
    "lowlevel": {"average_loudness": 0.93},
}

# Columns and their order as AcousticBrainz's own program writes them (db/dump.py).
RHYTHM_CSV = f"""mbid,submission_offset,bpm,bpm_histogram_first_peak_bpm_mean,\
bpm_histogram_first_peak_bpm_median,bpm_histogram_second_peak_bpm_mean,\
bpm_histogram_second_peak_bpm_median,danceability,onset_rate
{NUMB},0,110.02,110,110,74,74,0.97,3.1
{FAINT},0,-5,136,136,91,91,1.1,3.1
{FAINT[:-1]}9,0,99,99,99,66,66,1.0,2
"""
TONAL_CSV = f"""mbid,submission_offset,key_key,key_scale,tuning_frequency,\
tuning_equal_tempered_deviation
{NUMB},0,F#,minor,440,0.1
"""

EXPORTIFY_CSV = """"Track URI","Track Name","Artist URI(s)","Artist Name(s)","Album Name",\
"Track Duration (ms)","Popularity","ISRC","Added At","Danceability","Tempo"
"spotify:track:2nLtzopw4rPReszdYBJU6h","Numb","spotify:artist:1, spotify:artist:2",\
"Linkin Park, Somebody","Meteora","185586","83","USWB10300474","2024-01-01T00:00:00Z","0.496",\
"110.018"
"spotify:track:3N1ktbDyOFlfTkPUPYxS4r","September","spotify:artist:3","Earth, Wind & Fire",\
"The Best Of","215000","84","USSM17800845","2024-01-01T00:00:00Z","0.69","125.9"
"""

OURS_CSV = "track_id,title,artists,popularity,energy\nisrc:USWB10300474,Numb,Linkin Park,70,0.86\n"


def lines(documents: list[Mapping[str, Any]]) -> bytes:
    """Write documents as a dump has them, one a line."""
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in documents)


def compressed(data: bytes, ending: str) -> bytes:
    """Compress as the ending of a file says."""
    if ending == ".zst":
        sink = pa.BufferOutputStream()
        with pa.CompressedOutputStream(sink, "zstd") as out:
            out.write(data)
        return sink.getvalue().to_pybytes()
    return {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, "": bytes}[ending](
        data
    )


def write_tar(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write a compressed tape archive."""
    with tarfile.open(path, "w:xz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path
