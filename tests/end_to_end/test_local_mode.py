"""A newcomer's way through local mode: rate, train, get recommendations, restart."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.end_to_end.playground import (
    PRIVACY_URL,
    Channel,
    channel_of,
    find_browser,
    open_browser,
    playground,
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        message = "there is no Chromium on this machine (Debian: apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with open_browser(path) as opened:
        yield opened


def test_a_newcomer_rates_gets_recommendations_and_finds_the_labels_after_restarts(
    browser: Browser, tmp_path: Path
):
    with playground(tmp_path) as first, channel_of(browser, first.address()) as channel:
        assert "Playground" in first.output
        meet_the_bot(channel)
        rate_songs(channel)
        get_recommendations(channel)
        see_the_training(channel)
        assert first.end(signal.SIGTERM) == 0
        assert "Traceback" not in first.log
    with playground(tmp_path) as second, channel_of(browser, second.address()) as channel:
        find_ratings(channel, likes=6, dislikes=6)
        # Counted only if this click's id differs from all of the earlier run.
        channel.command("rate")
        channel.rate("👍", nth_rating=13)
        second.end(signal.SIGKILL)
    with playground(tmp_path) as third, channel_of(browser, third.address()) as channel:
        find_ratings(channel, likes=7, dislikes=6)
        assert third.end(signal.SIGINT) == 0


def meet_the_bot(channel: Channel) -> None:
    channel.expect("/rate")
    expect(channel.page.get_by_text(re.compile("playground", re.IGNORECASE)).first).to_be_visible()
    expect(channel.page.get_by_role("button", name="👍", exact=True)).to_have_count(1)
    channel.screenshot("1-before-rating")


def rate_songs(channel: Channel) -> None:
    for nth in range(1, 13):
        channel.rate("👍" if nth % 2 else "👎", nth_rating=nth)
        if nth == 1:
            channel.screenshot("2-after-rating")
    channel.screenshot("3-after-12-ratings")


def get_recommendations(channel: Channel) -> None:
    channel.command("recommend")
    channel.expect("For you")
    channel.expect(r"\d+ ?%")
    channel.screenshot("4-recommend")


def see_the_training(channel: Channel) -> None:
    channel.command("train")
    channel.expect_picture()
    channel.screenshot("5-train")


def find_ratings(channel: Channel, *, likes: int, dislikes: int) -> None:
    channel.command("privacy show")
    channel.expect(f"{likes} 👍 and {dislikes} 👎")
    link = channel.messages.get_by_role("link", name="Data statement")
    expect(link.last).to_have_attribute("href", PRIVACY_URL)
