"""Which genre of the catalogue a tag means. Tags are anybody's words: most mean none."""

from collections.abc import Iterable, Sequence
from typing import Final

from musicrec.domain.identity import fold

_SAME: Final = (
    ("r&b", "rnb", "r-n-b", "r'n'b", "rhythm and blues", "contemporary r&b"),
    ("drum and bass", "drum & bass", "drum n bass", "drum'n'bass", "dnb", "d&b"),
    ("hip hop", "hiphop", "hip hop/rap", "rap/hip hop", "rap"),
    ("alternative rock", "alt rock", "alternative"),
    ("indie rock", "indie", "indie pop"),
    ("electronic", "electronica", "electro", "electronic music"),
    ("edm", "electronic dance music", "dance", "dance music"),
    ("synth-pop", "synthpop", "synth pop"),
    ("electropop", "electro pop"),
    ("rock and roll", "rock & roll", "rock'n'roll", "rock n roll"),
    ("heavy metal", "metal"),
    ("k-pop", "kpop", "korean pop"),
    ("j-pop", "jpop", "japanese pop"),
    ("c-pop", "cpop", "mandopop", "cantopop"),
    ("singer-songwriter", "singer/songwriter", "singer & songwriter"),
    ("soundtrack", "soundtracks", "film score", "films/games", "score"),
    ("trip hop", "triphop"),
    ("lo-fi", "lofi", "low fidelity"),
    ("reggae", "roots reggae"),
    ("dancehall", "dance hall"),
    ("latin", "latin music", "latino", "latin american"),
    ("brazil", "brazilian music", "mpb"),
    ("bossa nova", "bossanova"),
    ("afrobeat", "afrobeats", "afro beat"),
    ("classical", "classical music", "klassik"),
    ("country", "country music"),
    ("folk", "folk music"),
    ("soul", "soul & funk", "soul music"),
    ("children", "children's music", "kids"),
    ("comedy", "spoken & comedy", "humour"),
)
"""Words for about the same. Only used for what is not itself a genre of the catalogue."""


class GenreVocabulary:
    """The catalogue's genres, found under the names that others have for them."""

    def __init__(self, genres: Sequence[str]) -> None:
        own = {fold(genre): genre for genre in reversed(genres)}
        self._by_name = {**_others(own), **own}

    def pick(self, tags: Iterable[str]) -> str | None:
        """Return the genre that the first tag with a meaning means, spelt as in the catalogue."""
        return next((found for tag in tags if (found := self._by_name.get(fold(tag)))), None)


def _others(own: dict[str, str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for group in _SAME:
        meant = next((own[name] for name in map(fold, group) if name in own), None)
        if meant is not None:
            names |= dict.fromkeys(map(fold, group), meant)
    return names
