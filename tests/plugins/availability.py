"""What this machine can test: finds Chromium, knows the database, and says aloud what was left out.

Loaded by pytest before Django is set up (see pyproject.toml), so that no test can reach the data of the person who
runs it: KHITOMER_DATA points to a folder that goes away with the run.

Four markers name a need: `browser` Chromium, `postgres` a DATABASE_URL that names a PostgreSQL database, `pdf` the Pango
library, `looks` poppler. A test whose need is missing is skipped and named in the last lines; with CI=true it fails
instead. `one_database` marks what reads rows and yet is the same whatever keeps them: --database-only leaves it out.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
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
NO_PANGO = "no Pango on this machine; install it, and WeasyPrint makes PDF files"
NO_POPPLER = "no pdftoppm on this machine; install poppler"

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


def can_print() -> bool:
    """Say whether WeasyPrint finds what it draws with."""
    from khitomer import printing

    return printing.available()


NEEDS: tuple[tuple[str, str, Callable[[], object]], ...] = (
    ("browser", NO_BROWSER, chromium_path),
    ("postgres", NO_POSTGRES, on_postgres),
    ("pdf", NO_PANGO, can_print),
    ("looks", NO_POPPLER, lambda: shutil.which("pdftoppm")),
)
"""Each marker, what is said where its need is missing, and what tells whether it is there."""


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
    for marker, reason, is_there in NEEDS:
        if item.get_closest_marker(marker) and not is_there():
            _missing(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what this machine could not test, and keep the counts for tests/run.py."""
    missed = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    missing = [reason for _, reason, _ in NEEDS if any(reason in text for text in missed)]
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

    if item.get_closest_marker("one_database"):
        return False
    if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    owner = getattr(item, "cls", None)
    return (
        isinstance(owner, type)
        and issubclass(owner, SimpleTestCase)
        and bool(getattr(owner, "databases", ()))
    )
