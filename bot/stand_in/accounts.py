"""The stand-in of accounts.spotify.com: who may act for whom, and for how long."""

import base64
import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.stand_in.asking import DECLINE, asking_page
from bot.stand_in.exchange import Answered, Asked
from musicrec.sources.clock import Clock

CLIENT_ID, CLIENT_SECRET = "an-application", "its-secret"
REDIRECTS = (
    "http://127.0.0.1/callback",
    "https://bot.example.invalid/spotify/callback",
    "http://127.0.0.1/spotify/callback",
)
TOKEN_S = 3_600
CODE_FOR = timedelta(minutes=10)
REFRESHABLE_FOR = timedelta(days=183)


@dataclass(frozen=True)
class Grant:
    """What a token or a code stands for.

    Attributes:
        listener: Who authorised; empty for the application itself.
        until: When it ends.
        authorised_at: When the listener did.
    """

    listener: str
    scopes: frozenset[str]
    until: datetime
    authorised_at: datetime
    redirect_uri: str = ""
    challenge: str = ""


@dataclass
class Accounts:
    """Codes and tokens.

    Attributes:
        visitor: Whose browser opens ``/authorize``; empty for one who declines.
        asks: Whether a page asks the visitor first.
        rotates: Whether a refresh hands out a new refresh token, which ends the old one.
        issued: Every token and code ever handed out.
    """

    clock: Clock
    visitor: str = ""
    asks: bool = False
    rotates: bool = False
    access: dict[str, Grant] = field(default_factory=dict[str, Grant])
    refresh: dict[str, Grant] = field(default_factory=dict[str, Grant])
    codes: dict[str, Grant] = field(default_factory=dict[str, Grant])
    issued: list[str] = field(default_factory=list[str])
    numbers: Any = field(default_factory=lambda: count(1))

    def answer(self, asked: Asked) -> Answered:
        """Answer a browser or an application."""
        if str(asked) == "GET /authorize":
            return self._authorise(asked)
        if str(asked) == "POST /api/token":
            return self._token(asked)
        return Answered(status=404, text="Not Found")

    def holder(self, headers: dict[str, str]) -> Grant | None:
        """Who a request is from; None where its token is none any more."""
        grant = self.access.get(headers.get("Authorization", "").removeprefix("Bearer "))
        return grant if grant is not None and self.clock.now() < grant.until else None

    def expire_access(self) -> None:
        """End every access token, as its hour does."""
        self.access.clear()

    def revoke(self, listener: str) -> None:
        """End whatever a listener allowed, as its page of applications does."""
        for kept in (self.access, self.refresh, self.codes):
            for name in [name for name, grant in kept.items() if grant.listener == listener]:
                del kept[name]

    def _authorise(self, asked: Asked) -> Answered:
        query = asked.query
        if query.get("client_id") != CLIENT_ID or query.get("response_type") != "code":
            return Answered(status=400, text="INVALID_CLIENT: Invalid client")
        redirect_uri = query.get("redirect_uri", "")
        if not _is_registered(redirect_uri):
            return Answered(status=400, text="INVALID_CLIENT: Invalid redirect URI")
        challenge = query.get("code_challenge", "")
        if challenge and query.get("code_challenge_method") != "S256":
            return Answered(status=400, text="code_challenge_method must be S256")
        back = {"state": query["state"]} if "state" in query else {}
        if self.asks and "answer" not in query:
            return asking_page(query)
        if not self.visitor or query.get("answer") == DECLINE:
            return _redirect(redirect_uri, {"error": "access_denied", **back})
        now, code = self.clock.now(), self._issue("code")
        scopes = frozenset(query.get("scope", "").split())
        self.codes[code] = Grant(self.visitor, scopes, now + CODE_FOR, now, redirect_uri, challenge)
        return _redirect(redirect_uri, {"code": code, **back})

    def _token(self, asked: Asked) -> Answered:
        form = {name: values[0] for name, values in parse_qs(asked.text).items()}
        has_secret = _has_secret(asked)
        if not has_secret and (form.get("client_id") != CLIENT_ID or _claims_secret(asked)):
            return _refused("invalid_client", "Invalid client")
        kind = form.get("grant_type")
        if kind == "client_credentials" and has_secret:
            now = self.clock.now()
            grant = Grant("", frozenset(), now + timedelta(seconds=TOKEN_S), now)
            return self._hand_out(grant, None)
        if kind == "authorization_code":
            return self._redeem(form, has_secret=has_secret)
        if kind == "refresh_token":
            return self._refresh(form)
        return _refused("unsupported_grant_type", "grant_type parameter is missing or unknown")

    def _redeem(self, form: dict[str, str], *, has_secret: bool) -> Answered:
        grant = self.codes.pop(form.get("code", ""), None)
        if grant is None or grant.until <= self.clock.now():
            return _refused("invalid_grant", "Invalid authorization code")
        if form.get("redirect_uri") != grant.redirect_uri:
            return _refused("invalid_grant", "Invalid redirect URI")
        if grant.challenge and challenge_of(form.get("code_verifier", "")) != grant.challenge:
            return _refused("invalid_grant", "code_verifier was incorrect")
        if not grant.challenge and not has_secret:
            return _refused("invalid_client", "Invalid client secret")
        return self._renew(grant, self._new_refresh(grant))

    def _refresh(self, form: dict[str, str]) -> Answered:
        old = form.get("refresh_token", "")
        grant = self.refresh.get(old)
        if grant is None:
            return _refused("invalid_grant", "Refresh token revoked")
        if grant.until <= self.clock.now():
            return _refused("invalid_grant", "Refresh token expired")
        if not self.rotates:
            return self._renew(grant, None)
        del self.refresh[old]
        return self._renew(grant, self._new_refresh(grant))

    def _new_refresh(self, grant: Grant) -> str:
        token = self._issue("refresh")
        self.refresh[token] = replace(grant, until=grant.authorised_at + REFRESHABLE_FOR)
        return token

    def _renew(self, grant: Grant, refresh_token: str | None) -> Answered:
        until = self.clock.now() + timedelta(seconds=TOKEN_S)
        return self._hand_out(replace(grant, until=until), refresh_token)

    def _hand_out(self, grant: Grant, refresh_token: str | None) -> Answered:
        token = self._issue("access")
        self.access[token] = grant
        document = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_S}
        if grant.listener:
            document["scope"] = " ".join(sorted(grant.scopes))
        if refresh_token is not None:
            document["refresh_token"] = refresh_token
        return Answered(document)

    def _issue(self, kind: str) -> str:
        made = hashlib.sha256(f"{kind} {next(self.numbers)}".encode()).hexdigest()
        self.issued.append(made)
        return made


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier. Source: RFC 7636, section 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _is_registered(redirect_uri: str) -> bool:
    """Loopback addresses are registered without a port, and serve with any."""
    parts = urlsplit(redirect_uri)
    if parts.hostname in ("127.0.0.1", "::1"):
        parts = parts._replace(netloc=parts.netloc.rpartition(":")[0] or parts.netloc)
    return parts.geturl() in REDIRECTS


def _has_secret(asked: Asked) -> bool:
    wanted = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    return asked.headers.get("Authorization") == f"Basic {wanted}"


def _claims_secret(asked: Asked) -> bool:
    return "Authorization" in asked.headers


def _redirect(redirect_uri: str, query: dict[str, str]) -> Answered:
    return Answered(status=302, headers={"Location": f"{redirect_uri}?{urlencode(query)}"}, text="")


def _refused(error: str, description: str) -> Answered:
    return Answered({"error": error, "error_description": description}, 400)
