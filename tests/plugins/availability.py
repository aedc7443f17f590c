"""What this machine can test: finds Chromium, knows the database, and says aloud what was left out.

Loaded by pytest before Django is set up (see pyproject.toml), so that no test can reach the data of the person who
runs it: KHITOMER_DATA points to a folder that goes away with the run.

Two markers are served here: `browser` needs Chromium, `postgres` needs DATABASE_URL to name a PostgreSQL database. A
test whose need is missing is skipped and named in the last lines; with CI=true it fails instead.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

CHROMIUM_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
CHROMIUM_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}
NO_BROWSER = "no Chromium on this machine; install it, or name one in CHROMIUM"
NO_POSTGRES = "DATABASE_URL does not name a PostgreSQL database"

_scratch = Path(tempfile.mkdtemp(prefix="khitomer-test-"))
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
os.environ["KHITOMER_DATA"] = str(_scratch)


def in_ci() -> bool:
    """Say whether CI asked for this run, in which case nothing may be missing."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def chromium_path() -> str | None:
    """Give the path of a Chromium to drive: the one CHROMIUM names, else the first found; None when there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    found = (shutil.which(name) for name in (*CHROMIUM_NAMES, *CHROMIUM_PLACES))
    return next((path for path in found if path), None)


def on_postgres() -> bool:
    """Say whether this run's database is PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith(("postgres:", "postgresql:"))


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("khitomer")
    group.addoption("--database-only", action="store_true", help="leave out tests that use no database")
    group.addoption("--counts", metavar="FILE", help="write how many tests passed, failed and were skipped")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what --database-only has no use for: a rule that reads no row is the same on every database."""
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if _uses_database(item)]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
        items[:] = kept


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and chromium_path() is None:
        _missing(NO_BROWSER)
    if item.get_closest_marker("postgres") and not on_postgres():
        _missing(NO_POSTGRES)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what this machine could not test, and keep the counts for tests/run.py."""
    missed = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    missing = [reason for reason in (NO_BROWSER, NO_POSTGRES) if any(reason in text for text in missed)]
    for reason in missing:
        count = sum(reason in text for text in missed)
        terminalreporter.write_line(f"Not tested here ({count}): {reason}.", yellow=True)
    file = config.getoption("--counts")
    if file:
        kept = {"counts": _counts(terminalreporter), "missing": missing}
        Path(file).write_text(json.dumps(kept), encoding="utf-8")


def _counts(reporter: pytest.TerminalReporter) -> dict[str, int]:
    def number(outcomes: Iterable[str]) -> int:
        return sum(len(reporter.stats.get(outcome, [])) for outcome in outcomes)

    return {
        "passed": number(["passed", "xfailed"]),
        "failed": number(["failed", "error", "xpassed"]),
        "skipped": number(["skipped"]),
    }


def _missing(reason: str) -> None:
    if in_ci():
        pytest.fail(f"CI tests everything, but {reason}", pytrace=False)
    pytest.skip(reason)


def _uses_database(item: pytest.Item) -> bool:
    # Django is imported here, not above: it must not be set up before KHITOMER_DATA is.
    from django.test import SimpleTestCase

    if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    owner = getattr(item, "cls", None)
    return (
        isinstance(owner, type)
        and issubclass(owner, SimpleTestCase)
        and bool(getattr(owner, "databases", ()))
    )
