"""What may fail where listeners ask for songs from somewhere.

BadInputError
└── CountryNotFoundError  no song comes from there
MusicRecError
└── NothingNewError       there is no place left that the listener has not been to
"""

from musicrec.domain.errors import BadInputError


class CountryNotFoundError(BadInputError):
    """No song comes from there.

    Attributes:
        asked_for: What was typed.
        known: Codes of countries with songs, those with the most songs first.
    """

    def __init__(self, asked_for: str, known: tuple[str, ...]) -> None:
        self.asked_for = asked_for
        self.known = known
        super().__init__(
            f"No song comes from {asked_for[:40]!r}: write a country's two letters, as in "
            f"{', '.join(known)}."
            if known
            else "It is not known of any song which country its artist comes from."
        )
