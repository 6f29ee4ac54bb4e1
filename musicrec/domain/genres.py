"""Genres as people write them: names for the same one, for a near one, and families of them.

Written by hand. Sources and listeners spell genres in many ways; a catalogue keeps what it was
given, and everybody who looks for a genre goes through these tables.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from musicrec.domain.identity import fold

_SAME: Final = (
    ("hip hop", "hiphop", "hip hop/rap", "rap/hip hop", "rap", "rap music"),
    ("r&b", "rnb", "r-n-b", "rhythm and blues", "r&b music"),
    ("drum and bass", "drum & bass", "drum n bass", "drumnbass", "dnb", "d&b"),
    ("rock and roll", "rock & roll", "rock n roll"),
    ("rock", "rock music"),
    ("pop", "pop music"),
    ("jazz", "jazz music"),
    ("blues", "blues music"),
    ("soul", "soul music"),
    ("punk", "punk rock", "punk music"),
    ("synth-pop", "synthpop"),
    ("electropop", "electro pop"),
    ("electronic", "electronica", "electronic music"),
    ("edm", "electronic dance music"),
    ("deep house", "deephouse"),
    ("dubstep", "dub step"),
    ("k-pop", "kpop", "korean pop"),
    ("j-pop", "jpop", "japanese pop"),
    ("singer-songwriter", "singer/songwriter", "singer & songwriter"),
    ("trip hop", "triphop"),
    ("lo-fi", "lofi", "low fidelity"),
    ("dancehall", "dance hall"),
    ("reggaeton", "reggaetón", "regueton"),
    ("bossa nova", "bossanova"),
    ("latin", "latin music", "latino"),
    ("classical", "classical music", "klassik"),
    ("country", "country music"),
    ("folk", "folk music"),
    ("metal", "metal music"),
    ("soundtrack", "soundtracks", "ost", "film score"),
    ("children", "children's music", "kids"),
)
"""Names for the same genre, the usual one first; capitals, accents and hyphens never matter."""

_NEAR: Final = (
    ("r&b", "contemporary r&b"),
    ("alternative rock", "alt rock", "alternative"),
    ("indie rock", "indie", "indie pop"),
    ("electronic", "electro"),
    ("edm", "dance", "dance music"),
    ("heavy metal", "metal"),
    ("c-pop", "cpop", "mandopop", "cantopop"),
    ("soundtrack", "films/games", "score"),
    ("reggae", "roots reggae"),
    ("latin", "latin american"),
    ("brazil", "brazilian music", "mpb"),
    ("afrobeat", "afrobeats"),
    ("soul", "soul & funk"),
    ("comedy", "spoken & comedy", "humour"),
)
"""Names for about the same; only used for what is not itself a genre of the catalogue."""

_FAMILIES: Final = {
    "rock": """
        rock, alternative rock, indie rock, hard rock, punk, pop punk, grunge, psychedelic rock,
        progressive rock, classic rock, rock and roll, rockabilly, garage rock, post-rock, emo,
        post-punk, shoegaze, soft rock, southern rock, blues rock, folk rock, j-rock, new wave,
        britpop, surf rock, glam rock, latin rock, rock en espanol
    """,
    "metal": """
        metal, heavy metal, thrash metal, death metal, black metal, doom metal, power metal,
        nu metal, metalcore, deathcore, progressive metal, folk metal, hair metal, speed metal,
        industrial metal, symphonic metal, gothic metal, sludge metal, grindcore, hardcore
    """,
    "electronic": """
        electronic, edm, house, deep house, tech house, progressive house, electro house,
        tropical house, chicago house, techno, detroit techno, minimal techno, trance, psytrance,
        dubstep, drum and bass, jungle, breakbeat, breakcore, hardstyle, garage, uk garage, ambient,
        idm, downtempo, trip hop, chillout, synthwave, electro, industrial, disco, club, future bass
    """,
    "hip hop": """
        hip hop, trap, drill, grime, gangsta rap, conscious hip hop, boom bap, cloud rap, lo-fi,
        east coast hip hop, west coast hip hop, southern hip hop, desi hip hop, phonk, crunk
    """,
    "pop": """
        pop, dance pop, electropop, synth-pop, indie pop, power pop, art pop, teen pop, europop,
        k-pop, j-pop, c-pop, bedroom pop, dream pop, hyperpop, schlager, chanson, opm
    """,
    "soul": "r&b, soul, neo soul, funk, motown, gospel, quiet storm, doo wop, new jack swing",
    "jazz": """
        jazz, bebop, swing, big band, smooth jazz, free jazz, jazz fusion, acid jazz, latin jazz,
        bossa nova, vocal jazz, dixieland
    """,
    "blues": "blues, delta blues, chicago blues, electric blues, country blues, blues rock",
    "country": """
        country, bluegrass, honky tonk, americana, alternative country, outlaw country,
        country rock, country pop, western swing, red dirt
    """,
    "folk": """
        folk, singer-songwriter, indie folk, celtic, traditional folk, freak folk, world music,
        klezmer, fado, flamenco, acoustic
    """,
    "latin": """
        latin, reggaeton, salsa, bachata, merengue, cumbia, tango, samba, mpb, sertanejo, brazil,
        forro, bolero, ranchera, mariachi, banda, norteno, latin pop, pagode, axe
    """,
    "reggae": "reggae, dub, dancehall, ska, rocksteady, roots reggae, lovers rock",
    "african": """
        afrobeat, afrobeats, amapiano, highlife, afro house, soukous, kwaito, mbalax, gqom, juju
    """,
    "south asian": "bollywood, bhangra, punjabi, filmi, ghazal, qawwali, indian pop, hindustani",
    "classical": """
        classical, opera, baroque, romantic, chamber music, choral, piano, contemporary classical,
        minimalism, orchestral
    """,
}
"""Genres that somebody who likes one of them may try, by the name of their family."""


def genre_key(genre: str) -> str:
    """Return equal strings for names of the same genre."""
    return _key_of(genre)


def family_of(genre: str) -> str | None:
    """Return the name of a genre's family; None where it has none."""
    return _family_by_key().get(genre_key(genre))


def names_of(genres: Iterable[str]) -> dict[str, str]:
    """Return the genres of a catalogue by every folded name under which somebody may look for one.

    Args:
        genres: As the catalogue spells them; of names for the same one the first is meant.
    """
    last_first = list(genres)[::-1]
    by_key = {genre_key(genre): genre for genre in last_first}
    names: dict[str, str] = {}
    for group in chain(_NEAR, _SAME):
        meant = next((by_key[key] for key in map(genre_key, group) if key in by_key), None)
        if meant is not None:
            names |= dict.fromkeys(map(fold, group), meant)
    return {**names, **{fold(genre): genre for genre in last_first}}


def relatives_of(genre: str, genres: Sequence[str]) -> list[str]:
    """Return those of a catalogue's genres that are of the same family, or are its family."""
    family = family_of(genre)
    if family is None:
        return []
    return [other for other in genres if family_of(other) == family]


def distinct(genres: Iterable[str]) -> list[str]:
    """Leave out names of a genre that came before."""
    first: dict[str, str] = {}
    for genre in genres:
        first.setdefault(genre_key(genre), genre)
    return list(first.values())


@lru_cache(maxsize=100_000)
def _key_of(genre: str) -> str:
    folded = fold(genre)
    return _usual_names().get(folded, folded)


@lru_cache(maxsize=1)
def _usual_names() -> dict[str, str]:
    return {fold(name): fold(group[0]) for group in _SAME for name in group}


@lru_cache(maxsize=1)
def _family_by_key() -> dict[str, str]:
    """Return families by key; a genre of several belongs to the first."""
    pairs = [
        (genre_key(member), family)
        for family, members in _FAMILIES.items()
        for member in (family, *members.split(","))
    ]
    return dict(reversed(pairs))
