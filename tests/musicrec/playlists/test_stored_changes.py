import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.domain.playlist import Playlist, PlaylistChange
from musicrec.domain.playlist_json import change_from_json, change_to_json
from musicrec.playlists.formats.files import PlaylistFormat, read_playlist, write_playlist
from tests.musicrec.playlists.lists import PLAYLISTS


@given(before=PLAYLISTS, kind=st.sampled_from([PlaylistFormat.CSV, PlaylistFormat.JSPF]))
@settings(deadline=None, max_examples=25)
def test_a_stored_change_is_the_same_change(before: Playlist, kind: PlaylistFormat):
    from_file = read_playlist(write_playlist(before, kind), "list").playlist
    for playlist in (before, from_file, replace(from_file, description="d")):
        change = PlaylistChange.removing(playlist, [1])
        assert change_from_json(json.loads(json.dumps(change_to_json(change)))) == change


@pytest.mark.parametrize("data", [{}, {"before": {"items": []}, "order": []}])
def test_foreign_data_is_no_change(data: dict[str, object]):
    with pytest.raises((KeyError, TypeError, ValueError)):
        change_from_json(data)
