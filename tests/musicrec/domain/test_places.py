from musicrec.domain.ids import TrackId
from musicrec.domain.passport import passport_of
from musicrec.domain.places import News, Place, PlaceKind, Travels, Visit
from musicrec.domain.track import Track

ROCK = Place(PlaceKind.GENRE, "rock")
SWEDEN = Place(PlaceKind.COUNTRY, "SE")
NORWAY = Place(PlaceKind.COUNTRY, "NO")


def song(genre: str | None = None, country: str | None = None, year: int | None = None) -> Track:
    features = {} if year is None else {"year": float(year)}
    return Track(TrackId("x"), "Song", ("Band",), genre=genre, country=country, features=features)


def travels(*rated: tuple[Track, bool]) -> Travels:
    return Travels.of(rated)


def test_songs_count_for_their_genre_and_their_country():
    been = travels((song("Hip Hop", "SE"), True), (song("rap", "SE"), False), (song(), True))
    assert been.visit(Place(PlaceKind.GENRE, "hip-hop")) == Visit(rated=2, liked=1)
    assert been.visit(SWEDEN) == Visit(rated=2, liked=1)
    assert been.visit(NORWAY) == Visit()
    assert been.n_songs == 3
    assert been.unplaced == {PlaceKind.GENRE: 1, PlaceKind.COUNTRY: 1}


def test_three_rated_songs_make_a_stamp():
    two = travels(*[(song("rock"), False)] * 2)
    three = travels(*[(song("rock"), False)] * 3)
    assert (two.visit(ROCK).to_go, two.visit(ROCK).is_stamped, two.is_new(ROCK)) == (1, False, True)
    assert (three.visit(ROCK).to_go, three.visit(ROCK).is_stamped) == (0, True)
    assert not three.is_new(ROCK)


def test_news_are_what_was_hardly_rated():
    been = travels(*[(song("rock", "SE", 1975), True)] * 3)
    assert been.news_of(song("rock", "SE", 1979)) == News()
    assert been.news_of(song("jazz", "NO", 1981)) == News("jazz", "NO", 1980)
    assert been.news_of(song()) == News()


def test_a_passport_lists_places_with_most_songs_first():
    been = travels(
        *[(song("rock", "NO"), True)] * 4, (song("jazz", "SE"), True), (song("jazz"), False)
    )
    jazz = Place(PlaceKind.GENRE, "jazz")
    passport = passport_of(been, {NORWAY: 9, SWEDEN: 8, ROCK: 7, jazz: 6})
    assert [each.place for each in passport.stamped(PlaceKind.COUNTRY)] == [NORWAY]
    assert [each.place for each in passport.begun(PlaceKind.COUNTRY)] == [SWEDEN]
    assert [each.place for each in passport.stamped(PlaceKind.GENRE)] == [ROCK]
    assert passport.open_countries == {"NO", "SE"}
    assert passport.unplaced[PlaceKind.COUNTRY] == 1


def test_the_next_stamp_is_the_nearest_that_can_be_had():
    been = travels((song("jazz", "SE"), True), (song("jazz"), False))
    jazz = Place(PlaceKind.GENRE, "jazz")
    assert _next(been, {NORWAY: 9, SWEDEN: 8, jazz: 7}) == jazz
    assert _next(been, {NORWAY: 9, SWEDEN: 8, jazz: 2}) == SWEDEN
    assert _next(Travels(), {NORWAY: 9, SWEDEN: 8}) == NORWAY
    assert _next(Travels(), {NORWAY: 1}) is None


def _next(been: Travels, places: dict[Place, int]) -> Place | None:
    entry = passport_of(been, places).next
    return None if entry is None else entry.place
