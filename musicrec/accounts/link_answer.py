"""What Spotify's page answers, as a browser or a listener brings it."""

from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

from musicrec.domain.errors import LinkFailedError

_MOST_FIELDS: Final = 20
_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What came back: untrusted.

    Attributes:
        state: Which link it answers.
        code: Buys the tokens; empty where nothing was allowed.
        error: Why not; empty otherwise.
    """

    state: str
    code: str = ""
    error: str = ""

    @classmethod
    def in_address(cls, address: str) -> Self:
        """Read it from the address of a page.

        Raises:
            LinkFailedError: It is no such address.
        """
        try:
            query = urlsplit(address.strip().strip("<>")).query
            found = cls.in_query(parse_qs(query, max_num_fields=_MOST_FIELDS))
        except ValueError:
            found = None
        if found is None:
            msg = (
                "That is not the address I need. Copy all of it from the page that Spotify led "
                "you to, which may show an error: it has “code=” and “state=” in it."
            )
            raise LinkFailedError(msg)
        return found

    @classmethod
    def in_query(cls, query: dict[str, list[str]]) -> Self | None:
        """Read it from the parameters of an address; None where they are no answer."""
        state, code, error = (
            (query.get(name) or [""])[0][:_LONGEST] for name in ("state", "code", "error")
        )
        return cls(state, code, error) if state and (code or error) else None

    @property
    def refusal(self) -> str | None:
        """Why nothing was allowed, in a sentence that has no word of the answer."""
        if self.error == "access_denied":
            return "You declined at Spotify, so nothing is linked. /link spotify asks again."
        if self.error or not self.code:
            return (
                "Spotify reported a problem instead of an answer, so nothing is linked. Start "
                "again with /link spotify."
            )
        return None
