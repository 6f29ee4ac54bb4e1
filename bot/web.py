"""The bot's own web server: the one page on which a browser ends that allowed us at Spotify.

Whose browser that is nobody can know here: the state says who began the link in Discord. A page
therefore says what happened and nothing about anybody.
"""

import contextlib
import html
import logging
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Final

from aiohttp import web

from bot.failures import StartError
from bot.outside import CALLBACK
from bot.rate_limit import AddressLimit, forwarded_for
from bot.settings import Settings
from cogs._bot import now
from musicrec.accounts.link_answer import LinkAnswer
from musicrec.domain.errors import (
    LinkFailedError,
    LinkingOffError,
    MusicRecError,
    NotInvitedError,
)
from musicrec.services import AccountService

_LONGEST_LINE: Final = 4_096
"""Bytes of an address; Spotify's codes have some hundred."""
_LONGEST_FIELDS: Final = 16_384
_BURST: Final = 30
_PER_S: Final = 0.5
"""Requests of one address at once, and each second after that; linking an account takes one."""
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_PAGE: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>musicrec</title>'
    '<meta name="viewport" content="width=device-width">'
    "<style>body{{font:1.2rem/1.5 system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem}}"
    "</style><h1>{title}</h1><p>{words}</p></html>"
)
_NO_ANSWER: Final = "This page is where Spotify leads back to; there is nothing else to see here."
_LATER: Final = "Spotify did not answer me. Start again with /link spotify in a few minutes."
_TOO_FAST: Final = "You asked too often. Wait a few seconds and open the page again."
_BROKEN: Final = "Something went wrong on my side. Start again with /link spotify in Discord."

_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serving_browsers(
    settings: Settings, accounts: AccountService
) -> contextlib.AbstractAsyncContextManager[int | None]:
    """Serve the page where the operator says that browsers reach it."""
    if settings.public_url is None:
        return contextlib.nullcontext()
    return serving_web(
        accounts, settings.web_host, settings.web_port, behind_proxy=settings.web_behind_proxy
    )


@contextlib.asynccontextmanager
async def serving_web(
    accounts: AccountService, host: str, port: int, *, behind_proxy: bool = False
) -> AsyncGenerator[int]:
    """Serve the page; the port is yielded.

    Args:
        accounts: Finishes links.
        host: Address to listen at.
        port: 0 takes any free one.
        behind_proxy: Whether a server in front of this one says for whom it asks, at the end of
            ``X-Forwarded-For``.

    Raises:
        StartError: The address cannot be listened at.
    """
    runner = web.AppRunner(
        _application(accounts, behind_proxy=behind_proxy),
        access_log=None,  # addresses hold codes
        keepalive_timeout=5.0,
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_FIELDS,
        shutdown_timeout=5.0,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            msg = f"The web server cannot listen at {host}:{port}: set WEB_HOST and WEB_PORT."
            raise StartError(msg) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _application(accounts: AccountService, *, behind_proxy: bool) -> web.Application:
    limit = AddressLimit(burst=_BURST, per_s=_PER_S)

    @web.middleware
    async def limited(request: web.Request, handler: Handler) -> web.StreamResponse:
        wait_s = limit.wait_s(_address_of(request, behind_proxy=behind_proxy))
        if not wait_s:
            return await handler(request)
        retry = {"Retry-After": str(math.ceil(wait_s))}
        return _page("Too fast", _TOO_FAST, status=429, headers=retry)

    async def callback(request: web.Request) -> web.Response:
        return await _callback(accounts, request)

    app = web.Application(client_max_size=1, middlewares=[_guarded, limited])
    app.router.add_route("GET", CALLBACK, callback)
    return app


def _address_of(request: web.Request, *, behind_proxy: bool) -> str:
    told = ",".join(request.headers.getall("X-Forwarded-For", ())) if behind_proxy else ""
    return forwarded_for(told) or request.remote or ""


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer everything with the same strict headers, whatever goes wrong."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        response = web.Response(status=404 if error.status == web.HTTPNotFound.status_code else 405)
    response.headers.update(_HEADERS)
    return response


async def _callback(accounts: AccountService, request: web.Request) -> web.Response:
    answer = LinkAnswer.in_query({name: request.query.getall(name) for name in request.query})
    if answer is None:
        return _page("Nothing to do", _NO_ANSWER, status=400)
    try:
        account = await accounts.finish(answer, at=now())
    except MusicRecError as error:
        return _page("Not linked", _words(error), status=400)
    except Exception as error:  # noqa: BLE001 - a bug must not show its trace to a browser
        # Its words could hold what the browser brought.
        _log.error("A link could not be finished: %s", type(error).__name__)
        return _page("Not linked", _BROKEN, status=500)
    words = f"Your {account.kind} account is linked. You can close this page and go to Discord."
    return _page("Linked", words)


def _words(error: MusicRecError) -> str:
    """Say why; these messages have no word of what the browser brought."""
    if isinstance(error, LinkFailedError | LinkingOffError | NotInvitedError):
        return str(error)
    _log.warning("A link could not be finished: %s", error)
    return _LATER


def _page(
    title: str, words: str, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    text = _PAGE.format(title=html.escape(title), words=html.escape(words))
    return web.Response(text=text, status=status, headers=headers, content_type="text/html")
