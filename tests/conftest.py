"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

UNCHECKED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("any speed", deadline=None, suppress_health_check=UNCHECKED)
settings.register_profile("repeatable", settings.get_profile("any speed"), derandomize=True)
settings.register_profile("exploring", settings.get_profile("any speed"), print_blob=True)
settings.load_profile(os.environ.get("HEADWATER_HYPOTHESIS", "repeatable"))
"""The same examples in every run, so that a failure comes from the change; set `exploring` to try new ones.

No test fails because the machine is slow, and all examples of a test share its fixtures.
"""


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with the whole files of real publications, for tests that want all of a file."""
    return SHARED


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Count tests of whole real files as slow, and leave them out where the files are absent.

    They are not skipped: rows that a test needs stand with the tests, and every reader has such a test.
    """
    real = [
        item
        for item in items
        if "shared" in getattr(item, "fixturenames", ()) or item.get_closest_marker("reference")
    ]
    for item in real:
        item.add_marker(pytest.mark.slow)
    if real and not SHARED.is_dir():
        config.hook.pytest_deselected(items=real)
        items[:] = [item for item in items if item not in real]


@pytest.fixture(scope="session")
def root() -> Path:
    """Root of the repository."""
    return ROOT


@pytest.hookimpl(tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the switch under which skips count as failures, so that nobody wonders about the exit code."""
    if os.environ.get("HEADWATER_NO_SKIPS") and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line(
            "skipped tests count as failures here (HEADWATER_NO_SKIPS is set)", red=True
        )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn skips into a failed run where the environment asks for it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("HEADWATER_NO_SKIPS") and skipped and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
