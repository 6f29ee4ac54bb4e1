"""What /explore says, whatever songs and places are called."""

from datetime import UTC, datetime

from cogs._format import MAX_LAYOUT_TEXT
from cogs.explore.render import exploration_layout, outlook_layout
from cogs.explore.text import news_words, place_name, song_words
from musicrec.domain.ids import ListenerId, ShortlistId, TrackId
from musicrec.domain.places import News, Place, PlaceKind
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.track import Track
from musicrec.services import Exploration, ExploredSong, Outlook, ProposedPlace

LONG = "@everyone **" + "x" * 300


def song(name: str, *, near: int = 2, is_country_weak: bool = True) -> ExploredSong:
    track = Track(
        TrackId("spotify:track:60a0Rd6pjrkxjPbaKzXjfq"), name, (name, name), genre=name,
        country="GS",
    )  # fmt: skip
    entry = ShortlistEntry(1, track.id, 0.71, name)
    return ExploredSong(track, entry, (track,) * near, News(name, "GS", 1970), is_country_weak)


def exploration(*songs: ExploredSong) -> Exploration:
    shortlist = Shortlist(
        ListenerId(1), ShortlistKind.EXPLORE, datetime(2026, 11, 23, tzinfo=UTC), "v", 0,
        tuple(each.entry for each in songs), id=ShortlistId(7),
    )  # fmt: skip
    return Exploration(shortlist, songs, SongFilter(LONG, "GS"), False, 0.5, 40)


def test_songs_say_why_and_what_is_new():
    said = song_words(song("Blue", is_country_weak=False), "de")
    assert "71% · Blue · [listen](https://open.spotify.com/" in said
    assert "Sounds most like **Blue** (Blue) and **Blue** (Blue), which you like." in said
    assert "New to you: the genre Blue, Südgeorgien und die Südlichen Sandwich" in said
    assert "and the 1970s." in said
    assert "Sounds most like" not in song_words(song("Blue", near=0), "en")


def test_a_country_by_an_isrc_is_told_as_a_guess():
    assert "Sweden (by its ISRC" in news_words(News(country="SE"), "en", is_weak=True)
    assert "Sweden." in news_words(News(country="SE"), "en", is_weak=False)
    assert news_words(News(), "en", is_weak=False).startswith("Nothing")


def test_places_carry_their_flag():
    assert place_name(Place(PlaceKind.COUNTRY, "SE"), "fr") == "🇸🇪 Suède"
    assert place_name(Place(PlaceKind.GENRE, "folk"), "fr") == "folk"


def test_hostile_names_fit_into_a_message_and_ping_nobody():
    shown = exploration_layout(exploration(*[song(LONG)] * 5), "de")
    place = Place(PlaceKind.GENRE, LONG)
    proposed = ProposedPlace(place, 0.5, 1, song(LONG).track)
    proposals = outlook_layout(Outlook((proposed,) * 5, 0.5, 40, is_everywhere=True), "de")
    for layout in (shown, proposals):
        assert layout.content_length() <= MAX_LAYOUT_TEXT
        assert layout.total_children_count <= 40
        text = "\n".join(str(getattr(item, "content", "")) for item in layout.walk_children())
        assert "@everyone" not in text
