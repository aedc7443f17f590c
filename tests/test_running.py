"""The runner and the finder of what this machine can test (tests/run.py, tests/plugins/availability.py)."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from django.conf import settings

from tests import run
from tests.plugins import availability
from tests.postgres import NoServer


def outcome(passed: int = 0, failed: int = 0, *, good: bool = True) -> run.Outcome:
    return run.Outcome("a run", "a line", Counter(passed=passed, failed=failed), good)


@pytest.mark.parametrize(
    ("outcomes", "code", "last_line"),
    [
        ([outcome(passed=2), outcome(passed=3)], 0, "5 passed, 0 failed"),
        ([outcome(passed=2), outcome(passed=1, failed=1, good=False)], 1, "3 passed, 1 failed"),
        ([outcome(passed=2), outcome(good=False)], 1, "2 passed, 0 failed"),
        ([outcome(), outcome()], 1, "0 passed, 0 failed"),
    ],
)
def test_the_last_line_counts_all_runs(
    outcomes: list[run.Outcome], code: int, last_line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.report(outcomes) == code
    assert capsys.readouterr().out.splitlines()[-1] == last_line


@pytest.mark.parametrize(("ci", "failures", "good"), [("", 0, True), ("true", 1, False)])
def test_a_missing_postgresql_is_said_aloud_and_fails_only_in_ci(
    ci: str, failures: int, good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_server() -> None:
        raise NoServer("nothing installed")

    monkeypatch.setenv("CI", ci)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(run, "throwaway_server", no_server)
    missed = run.on_a_postgres([])
    assert missed.line == "not tested: nothing installed"
    assert (missed.counts["failed"], missed.good) == (failures, good)


@pytest.mark.parametrize(
    ("ci", "arguments", "failures"), [("", [], 0), ("true", ["-k", "none"], 0), ("true", [], 1)]
)
def test_a_run_that_finds_no_test_fails_where_all_were_asked_for(
    ci: str, arguments: list[str], failures: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    nothing = CompletedProcess([], returncode=run.NOTHING_COLLECTED)
    monkeypatch.setattr(run.subprocess, "run", lambda *_, **__: nothing)
    empty = run.run("browser", ["-m", "browser"], arguments)
    assert (empty.counts["failed"], empty.good) == (failures, failures == 0)


@pytest.mark.parametrize(("ci", "ending"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_a_missing_need_skips_here_and_fails_in_ci(
    ci: str, ending: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(ending, match="no Chromium"):
        availability._missing(availability.NO_BROWSER)


def test_the_browser_that_is_named_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = tmp_path / "my-browser"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(browser))
    assert availability.chromium_path() == str(browser)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "absent"))
    assert availability.chromium_path() is None


def test_no_test_can_reach_the_testers_own_data() -> None:
    own = run.ROOT / "var"
    for place in (settings.DATA_DIR, settings.MEDIA_ROOT, settings.STATIC_ROOT):
        assert Path(tempfile.gettempdir()).resolve() in Path(place).resolve().parents
        assert own not in Path(place).resolve().parents
