"""Local mode from outside: the real process and its page in a real browser."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ROOT = Path(__file__).parents[2]
PRIVACY_URL = "https://example.org/privacy"
SCREENSHOTS = ROOT / "build" / "screenshots"
ADDRESS = re.compile(r"^http://127\.0\.0\.1:\d+/\S*$", re.MULTILINE)
PATIENCE_MS = 60_000
"""Training takes seconds alone and much longer beside other tests."""


class Playground:
    """The process of ``make run`` in a folder of its own, with hardly anything set."""

    def __init__(self, folder: Path) -> None:
        self._log_path = folder / "log.txt"
        self._output_path = folder / "output.txt"
        with self._log_path.open("w") as log, self._output_path.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=folder,
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(ROOT),
                    "HOME": str(folder),
                    "LOCAL_PORT": "0",
                    "PRIVACY_URL": PRIVACY_URL,
                },
                stdout=output,
                stderr=log,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self._output_path.read_text()

    @property
    def log(self) -> str:
        return self._log_path.read_text()

    def address(self) -> str:
        wait_until(lambda: ADDRESS.search(self.output) or self._process.poll() is not None)
        found = ADDRESS.findall(self.output)
        assert len(found) == 1, self.output + self.log
        return found[0]

    def end(self, number: signal.Signals) -> int:
        """Send the signal; return the exit code once every process of it is gone."""
        self._process.send_signal(number)
        code = self._process.wait(timeout=20)
        wait_until(lambda: not self._has_processes())
        return code

    def kill_all(self) -> None:
        if self._has_processes():
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _has_processes(self) -> bool:
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return False
        return True


class Channel:
    """The page as a person uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.messages = page.locator("#channel-timeline")

    def rate(self, emoji: str, *, nth_rating: int) -> None:
        """Press the button of the newest card; wait for the answer."""
        self.page.get_by_role("button", name=emoji, exact=True).last.click()
        self.expect(rf"\b{nth_rating} ratings?\b")
        expect(self.page.locator("#action-status")).to_have_text("Callback completed")

    def command(self, name: str) -> None:
        """Choose a command in the slash picker and send it without options."""
        self.page.get_by_role("textbox", name="Message").last.press_sequentially(f"/{name}")
        self.page.get_by_role("option", name=re.compile(rf"^.{name}\b")).first.click()
        self.page.get_by_role("button", name="Send", exact=True).click()
        expect(self.page.locator("#action-status")).to_have_text("Action completed")

    def expect(self, pattern: str) -> None:
        expect(self.messages).to_contain_text(re.compile(pattern))

    def expect_picture(self) -> None:
        """Wait until the newest picture is not only there but loaded."""
        picture = self.messages.get_by_role("img").last
        expect(picture).to_be_visible()
        handle = picture.element_handle()
        self.page.wait_for_function("it => it.naturalWidth > 0", arg=handle)

    def screenshot(self, name: str) -> None:
        """Save the page, scrolled so that the newest message shows from its beginning."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        newest = self.page.locator("#channel-message-list > :last-child")
        newest.evaluate("it => it.scrollIntoView({block: 'start'})")
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@contextmanager
def playground(folder: Path) -> Generator[Playground]:
    running = Playground(folder)
    try:
        yield running
    finally:
        running.kill_all()


@contextmanager
def channel_of(browser: Browser, address: str) -> Generator[Channel]:
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    try:
        page.goto(address)
        yield Channel(page)
    finally:
        page.close()


def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def open_browser(path: str) -> Generator[Browser]:
    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync"]
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        try:
            yield browser
        finally:
            browser.close()


def wait_until(condition: Callable[[], object], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
