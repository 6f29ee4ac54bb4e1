"""What holds for every test: no line that it logs shows a secret."""

import logging
from collections.abc import Iterator

import pytest

from tests.log_guard import LogGuard


@pytest.fixture(scope="session", autouse=True)
def log_guard(pytestconfig: pytest.Config) -> Iterator[LogGuard]:
    """Listen to everything that an operator would read, from the product's usual level up."""
    reporting = pytestconfig.pluginmanager.get_plugin("logging-plugin")
    assert reporting is not None
    reporting.report_handler.setLevel(logging.WARNING)
    guard, root = LogGuard(), logging.getLogger()
    level = root.level
    root.addHandler(guard)
    root.setLevel(logging.INFO)
    yield guard
    root.removeHandler(guard)
    root.setLevel(level)
    assert guard.take() == []


@pytest.fixture(autouse=True)
def _no_secret_is_logged(log_guard: LogGuard, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.handler.setLevel(logging.WARNING)  # as if nobody listened but the test
    yield
    assert log_guard.take() == []
