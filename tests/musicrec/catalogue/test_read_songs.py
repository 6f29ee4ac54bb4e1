import json
from pathlib import Path

import pandas as pd
import pytest

from musicrec.catalogue import SongFile, read_songs, write_table
from musicrec.domain.errors import BadInputError
from musicrec.domain.features import ARTISTS, GENRE, LIKED, TITLE, TRACK_ID, WEIGHT
from musicrec.domain.identity import track_id_of

A_SPOTIFY_ID = "4uLU6hMCjMI75M1A2tKUQC"


def read(tmp_path: Path, content: str | bytes, name: str = "songs.csv", **kwargs: frozenset[str]):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_songs(path, **kwargs)


def column(file: SongFile, name: str) -> list[object]:
    return [None if pd.isna(value) else value for value in file.songs[name]]


def cells(tmp_path: Path, header: str, *values: str) -> list[object]:
    """One column of songs read back under the canonical name it gets (the last one)."""
    lines = [f"title\t{header}", *(f"Song {row}\t{value}" for row, value in enumerate(values))]
    file = read(tmp_path, "\n".join(lines), "songs.tsv")
    names = [name for name in file.songs.columns if name not in {TITLE, TRACK_ID}]
    return column(file, names[-1])


def test_a_column_without_any_value_is_unknown(tmp_path: Path):
    file = read(tmp_path, "title,artist,genres,energy\nNumb,Linkin Park,,\n")
    assert column(file, GENRE) == [None]


@pytest.mark.parametrize(
    "header",
    ["track_name,artists", "Song Title,ARTIST", "name,Artist Name(s)", "TrackName,artist_names"],
)
def test_columns_are_recognised_by_the_names_people_use(tmp_path: Path, header: str):
    file = read(tmp_path, f"{header}\nNumb,Linkin Park\n")
    assert column(file, TITLE) == ["Numb"]
    assert column(file, ARTISTS) == ["Linkin Park"]


def test_spotify_features_get_our_names(tmp_path: Path):
    file = read(tmp_path, "track_name,tempo,loudness,track_genre\nNumb,110.0,-4.2,metal\n")
    assert column(file, "tempo_bpm") == [110.0]
    assert column(file, "loudness_db") == [-4.2]
    assert column(file, GENRE) == ["metal"]


def test_a_columns_own_name_wins_over_its_other_names(tmp_path: Path):
    file = read(tmp_path, "id,track_id,title\n7,spotify:track:" + A_SPOTIFY_ID + ",Numb\n")
    assert column(file, TRACK_ID) == [f"spotify:track:{A_SPOTIFY_ID}"]
    assert file.extra_columns == ("id",)


def test_unknown_columns_are_kept_and_named(tmp_path: Path):
    file = read(tmp_path, "title,mood,my rank\nNumb,dark,1\n")
    assert file.extra_columns == ("mood", "my rank")
    assert column(file, "mood") == ["dark"]
    assert any("mood, my rank" in notice for notice in file.notices)


def test_columns_without_or_with_the_same_name_are_told_apart(tmp_path: Path):
    file = read(tmp_path, ",title,x,x\n0,Numb,1,2\n")
    assert file.extra_columns == ("column_1", "x", "x_2")


def test_the_original_columns_are_kept_unchanged(tmp_path: Path):
    file = read(tmp_path, "Song Title,tempo\n Numb ,0110.50\n")
    assert file.original.to_dict("list") == {"Song Title": [" Numb "], "tempo": ["0110.50"]}


@pytest.mark.parametrize(
    ("text", "liked"),
    [
        ("1", True),
        ("0", False),
        ("1.0", True),
        ("0.0", False),
        ("TRUE", True),
        ("false", False),
        ("Yes", True),
        ("no", False),
        ("like", True),
        ("Disliked", False),
        ("👍", True),
        ("👍🏽", True),
        ("👎", False),
    ],
)
def test_labels_are_understood(tmp_path: Path, text: str, liked: bool):
    file = read(tmp_path, f"title,target\nNumb,{text}\n", need=frozenset({LIKED}))
    assert column(file, LIKED) == [liked]


def test_weights_are_numbers_and_what_is_none_is_no_full_weight(tmp_path: Path):
    file = read(tmp_path, "title;liked;Weight\nNumb;1;0,3\nFaint;1;\nOne;0;n/a\nTwo;0;much\n")
    assert column(file, WEIGHT) == [0.3, None, None, float("inf")]
    assert file.extra_columns == ()


def test_rows_without_a_clear_label_are_rejected(tmp_path: Path):
    file = read(
        tmp_path, "title,label\nNumb,1\nFaint,2\nCrawling,\nOne,0\n", need=frozenset({LIKED})
    )
    assert column(file, TITLE) == ["Numb", "One"]
    assert [(rejected.row, rejected.reason) for rejected in file.rejected] == [
        (3, "no clear like or dislike"),
        (4, "no clear like or dislike"),
    ]
    assert file.rejected[0].values == ("Faint", "2")  # noqa: PD011 (no data frame)
    assert file.songs[LIKED].dtype == bool


def test_row_numbers_count_as_people_do(tmp_path: Path):
    file = read(tmp_path, "title\nOne\n\nTwo\n")
    assert list(file.songs.index) == [2, 4]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("0", 0.0),
        ("11", 11.0),
        ("7.0", 7.0),
        ("C", 0.0),
        ("c#", 1.0),
        ("Db", 1.0),
        ("F♯", 6.0),
        ("B♭", 10.0),
        ("b", 11.0),
        ("Cb", 11.0),
        ("A minor", 9.0),
        ("Bbm", 10.0),
        ("-1", None),
        ("12", None),
        ("H", None),
    ],
)
def test_keys_are_numbers_or_note_names(tmp_path: Path, text: str, key: float | None):
    file = read(tmp_path, f"title,key\nNumb,{text}\n")
    assert column(file, "key") == [key]


def test_the_mode_is_read_from_the_key_where_there_is_no_other(tmp_path: Path):
    file = read(tmp_path, "title,key\nA,A minor\nB,C# Major\nC,D\n")
    assert column(file, "mode") == [0.0, 1.0, None]


@pytest.mark.parametrize(
    ("text", "mode"), [("1", 1.0), ("0.0", 0.0), ("Major", 1.0), ("minor", 0.0), ("dorian", None)]
)
def test_modes_are_numbers_or_names(tmp_path: Path, text: str, mode: float | None):
    assert cells(tmp_path, "mode", text) == [mode]


@pytest.mark.parametrize(
    ("header", "text", "milliseconds"),
    [
        ("duration_ms", "224720", 224_720.0),
        ("Duration (ms)", "224720", 224_720.0),
        ("duration_s", "224.5", 224_500.0),
        ("duration", "224", 224_000.0),
        ("duration", "224720", 224_720.0),
        ("length", "3:45", 225_000.0),
        ("duration", "1:02:03", 3_723_000.0),
    ],
)
def test_durations_are_put_into_milliseconds(
    tmp_path: Path, header: str, text: str, milliseconds: float
):
    assert cells(tmp_path, header, text) == [milliseconds]


@pytest.mark.parametrize(
    ("header", "text", "year"),
    [
        ("year", "2003", 2003.0),
        ("year", "2003.0", 2003.0),
        ("release_date", "2003-03-25", 2003.0),
        ("Release Date", "25/03/2003", 2003.0),
        ("year", "0", None),
    ],
)
def test_years_come_from_years_and_dates(
    tmp_path: Path, header: str, text: str, year: float | None
):
    assert cells(tmp_path, header, text) == [year]


def test_impossible_numbers_become_missing_and_are_counted(tmp_path: Path):
    values = ("0.5", "54", "inf", "-inf", "loud", "", "nan")
    lines = "\n".join(f"Song {row},{value}" for row, value in enumerate(values))
    file = read(tmp_path, f"title,energy\n{lines}\n")
    assert column(file, "energy") == [0.5] + [None] * 6
    assert [notice for notice in file.notices if "energy" in notice] == [
        "energy: 4 of 7 values are no energy in its valid range and count as missing."
    ]


@pytest.mark.parametrize(("name", "text"), [("tempo", "0"), ("time_signature", "0"), ("key", "-1")])
def test_spotifys_ways_to_say_unknown_are_missing_without_a_notice(
    tmp_path: Path, name: str, text: str
):
    file = read(tmp_path, f"title,{name}\nNumb,{text}\n")
    assert file.songs.iloc[0, -1:].isna().all()
    assert file.notices == ()


@pytest.mark.parametrize(
    ("text", "artists"),
    [
        ("Queen;David Bowie", "Queen; David Bowie"),
        ("Queen; David Bowie ;", "Queen; David Bowie"),
        ("['Queen', 'David Bowie']", "Queen; David Bowie"),
        ('["Guns N\' Roses"]', "Guns N' Roses"),
        ("Earth, Wind & Fire", "Earth, Wind & Fire"),
        ("[unknown", "[unknown"),
        ("[bunny]", "[bunny]"),
        ("Queen;Queen", "Queen"),
    ],
)
def test_artists_are_separated_by_semicolons_or_lists_only(tmp_path: Path, text: str, artists: str):
    table = pd.DataFrame({"title": ["Under Pressure"], "artists": [text]})
    write_table(table, tmp_path / "a.csv")
    assert column(read_songs(tmp_path / "a.csv"), ARTISTS) == [artists]


def test_artists_may_be_a_list_column_of_parquet(tmp_path: Path):
    table = pd.DataFrame({"title": ["A", "B"], "artists": [["Queen", "David Bowie"], None]})
    table.to_parquet(tmp_path / "songs.parquet")
    assert column(read_songs(tmp_path / "songs.parquet"), ARTISTS) == ["Queen; David Bowie", None]


@pytest.mark.parametrize(
    ("header", "text", "track_id"),
    [
        ("track_id", A_SPOTIFY_ID, f"spotify:track:{A_SPOTIFY_ID}"),
        ("uri", f"spotify:track:{A_SPOTIFY_ID}", f"spotify:track:{A_SPOTIFY_ID}"),
        (
            "spotify_id",
            f"https://open.spotify.com/intl-de/track/{A_SPOTIFY_ID}?si=1",
            f"spotify:track:{A_SPOTIFY_ID}",
        ),
        ("isrc", "us-rc1-76-07839", "isrc:USRC17607839"),
        (
            "mbid",
            "B1A9C0E9-D987-4042-AE91-78D6A3267D69",
            "mbid:b1a9c0e9-d987-4042-ae91-78d6a3267d69",
        ),
        ("id", "isrc:USRC17607839", "isrc:USRC17607839"),
        ("id", "17", track_id_of("Numb", "")),
        ("id", "../../etc/passwd", track_id_of("Numb", "")),
    ],
)
def test_ids_are_put_into_our_form(tmp_path: Path, header: str, text: str, track_id: str):
    file = read(tmp_path, f"title,{header}\nNumb,{text}\n")
    assert column(file, TRACK_ID) == [track_id]


def test_songs_without_id_get_one_of_title_and_main_artist(tmp_path: Path):
    file = read(tmp_path, "title,artists\nNumb,Linkin Park;JAY-Z\n,Nobody\n")
    assert column(file, TRACK_ID) == [track_id_of("Numb", "Linkin Park"), None]


def test_control_characters_and_line_breaks_leave_the_title(tmp_path: Path):
    file = read(tmp_path, 'title,x\n"Back\nin\x1b[31m \x85 Black",1\n')
    assert column(file, TITLE) == ["Back in [31m Black"]


@pytest.mark.parametrize(
    "content",
    [
        "title,artist\nDéjà Vu,Beyoncé\n".encode(),
        b"\xef\xbb\xbf" + "title,artist\nDéjà Vu,Beyoncé\n".encode(),
        "title,artist\nDéjà Vu,Beyoncé\n".encode("utf-16"),
        "title,artist\nDéjà Vu,Beyoncé\n".encode("cp1252"),
        "title;artist\r\nDéjà Vu;Beyoncé\r\n".encode(),
        "title,artist\rDéjà Vu,Beyoncé\r".encode(),
    ],
    ids=["utf8", "utf8-bom", "utf16", "cp1252", "semicolons", "old-mac"],
)
def test_csv_of_any_program_is_read(tmp_path: Path, content: bytes):
    file = read(tmp_path, content)
    assert column(file, TITLE) == ["Déjà Vu"]
    assert column(file, ARTISTS) == ["Beyoncé"]


def test_decimal_commas_are_read_where_semicolons_separate(tmp_path: Path):
    file = read(tmp_path, "title;energy\nNumb;0,863\n")
    assert column(file, "energy") == [0.863]


def test_quoted_separators_and_line_breaks_belong_to_the_value(tmp_path: Path):
    file = read(tmp_path, 'title,x\n"One, Two","a\nb"\nThree,c\n')
    assert column(file, TITLE) == ["One, Two", "Three"]
    assert column(file, "x") == ["a\nb", "c"]
    assert list(file.songs.index) == [2, 3]


def test_broken_rows_are_rejected_and_all_others_read(tmp_path: Path):
    content = b'title,artist\nNumb,LP\nlonely\nA,B,C\n"open,LP\nH\xc3\xa9,LP\n\xff\xfe,LP\nOne,M\n'
    file = read(tmp_path, content)
    assert column(file, TITLE) == ["Numb", "Hé", "One"]
    assert [(rejected.row, rejected.reason) for rejected in file.rejected] == [
        (3, "1 values instead of 2"),
        (4, "3 values instead of 2"),
        (5, "a quote is not closed"),
        (7, "characters that cannot be decoded"),
    ]
    assert file.n_read == 7


def test_a_quote_that_never_closes_costs_one_row_only(tmp_path: Path):
    rows = "\n".join(f"Song {number},LP" for number in range(1000))
    file = read(tmp_path, f'title,artist\n"open,LP\n{rows}\n')
    assert len(file.songs) == 1000
    assert [rejected.row for rejected in file.rejected] == [2]


def test_a_value_beyond_all_measure_costs_one_row_only(tmp_path: Path):
    file = read(tmp_path, f'title,artist\n"{"x" * 200_000}",LP\nOne,M\n')
    assert column(file, TITLE) == ["One"]
    assert len(file.rejected) == 1


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".parquet", ".CSV"])
def test_every_format_reads_back_what_was_written(tmp_path: Path, ending: str):
    path = tmp_path / f"songs{ending}"
    table = pd.DataFrame({"title": ['Ünï, \t"quoted"', "Two"], "energy": [0.25, None]})
    write_table(table, path)
    file = read_songs(path)
    assert column(file, TITLE) == ['Ünï, "quoted"', "Two"]
    assert column(file, "energy") == [0.25, None]
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_typed_parquet_columns_are_understood(tmp_path: Path):
    table = pd.DataFrame(
        {
            "track_name": ["A", "B"],
            "explicit": [True, False],
            "key": [3, -1],
            "liked": [1, 0],
            "release_date": pd.to_datetime(["2003-03-25", "1999-01-01"]),
        },
        index=pd.Index([7, 9], name="row"),
    )
    table.to_parquet(tmp_path / "songs.parquet")
    file = read_songs(tmp_path / "songs.parquet", need=frozenset({LIKED}))
    assert column(file, "explicit") == [1.0, 0.0]
    assert column(file, "key") == [3.0, None]
    assert column(file, LIKED) == [True, False]
    assert column(file, "year") == [2003.0, 1999.0]
    assert list(file.songs.index) == [2, 3]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("songs.csv", b""),
        ("songs.csv", b"\n \n"),
        ("songs.csv", b"title,artist\n"),
        ("songs.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("songs.csv", b"PK\x03\x04\x14\x06,title\nx,y\n"),
        ("songs.csv", b"colour,taste\nred,sweet\n"),
        ("songs.csv", json.dumps([{"title": "Numb"}]).encode()),
        ("songs.parquet", b"title\nNumb\n"),
        ("songs.parquet", b"PAR1 and then nothing"),
        ("songs.parquet", b""),
        ("songs.xlsx", b"title\nNumb\n"),
        ("songs", b"title\nNumb\n"),
    ],
)
def test_unusable_files_are_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes):
    with pytest.raises(BadInputError) as failure:
        read(tmp_path, content, name)
    message = str(failure.value)
    assert name in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_truncated_parquet_file_is_refused(tmp_path: Path):
    path = tmp_path / "songs.parquet"
    pd.DataFrame({"title": ["Numb"] * 100}).to_parquet(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BadInputError, match="not a Parquet file, or it is damaged"):
        read_songs(path)


def test_missing_files_and_folders_are_refused(tmp_path: Path):
    (tmp_path / "folder.csv").mkdir()
    for name in ("nothing.csv", "nothing.parquet", "folder.csv"):
        with pytest.raises(BadInputError, match="cannot be read"):
            read_songs(tmp_path / name)


def test_a_file_without_a_needed_column_is_refused_and_shows_its_columns(tmp_path: Path):
    with pytest.raises(BadInputError, match=r"no column liked; its columns are: title, mood\."):
        read(tmp_path, "title,mood\nNumb,dark\n", need=frozenset({LIKED}))


def test_an_unwritable_place_is_refused(tmp_path: Path):
    with pytest.raises(BadInputError, match="cannot be written"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "missing" / "x.csv")
