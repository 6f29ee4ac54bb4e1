"""The page on which a visitor of the playground allows or declines."""

import html
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from bot.stand_in.exchange import Answered

ALLOW: Final = "allow"
DECLINE: Final = "decline"

_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
}
_PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Demo account</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:1.2rem/1.5 system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem}}
a{{display:inline-block;margin:1rem 1rem 0 0;padding:.6rem 1.4rem;border-radius:.4rem;
border:1px solid #888;color:inherit;text-decoration:none}}a.yes{{background:#1a7f37;color:#fff}}
</style><h1>A demo account, not Spotify</h1>
<p>This page stands in for Spotify on your own machine: the account behind it and its playlists are
made up, and nothing you do here reaches Spotify.</p>
<p>musicrec asks to see these playlists and to change them, and to see which songs are saved and
played most.</p>
<a class="yes" href="{allow}">Allow</a><a href="{decline}">Decline</a></html>
"""


def asking_page(query: Mapping[str, str]) -> Answered:
    """Make the page of a request; its links make the same request with an answer."""
    links = {
        answer: html.escape(f"/authorize?{urlencode({**query, 'answer': answer})}")
        for answer in (ALLOW, DECLINE)
    }
    return Answered(text=_PAGE.format(**links), headers=_HEADERS)
