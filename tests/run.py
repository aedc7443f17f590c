"""Runs every test there is: on SQLite, in a browser, and on PostgreSQL. `make test` calls this.

    python tests/run.py [pytest arguments]

What follows is handed to each of the three runs, so `python tests/run.py -k ballot` tries the ballots everywhere. What
this machine cannot test is named at the end; with CI=true that is a failure. The last line counts all three runs.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.plugins.availability import in_ci, on_postgres  # noqa: E402
from tests.postgres import NoServer, throwaway_server  # noqa: E402

NOTHING_COLLECTED = 5
WORKERS = ["--numprocesses", os.environ.get("TEST_PROCESSES", "2")]


@dataclass(frozen=True)
class Outcome:
    """What one run came to: its name, a line for people, how many tests ended how, and whether all is well."""

    name: str
    line: str
    counts: Counter[str]
    good: bool


def main(arguments: list[str]) -> int:
    """Run all three and report; give the exit code, 0 when every test that could run passed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    outcomes = [
        run("SQLite", ["-m", "not browser and not postgres", *WORKERS], arguments),
        run("browser", ["-m", "browser", *WORKERS], arguments),
        on_a_postgres(arguments),
    ]
    return report(outcomes)


def on_a_postgres(arguments: list[str]) -> Outcome:
    """Run what touches the database on PostgreSQL: the one DATABASE_URL names, else a throw-away server."""
    selection = ["-m", "not browser", "--database-only", *WORKERS]
    if on_postgres():
        return run("PostgreSQL", selection, arguments, database=os.environ["DATABASE_URL"])
    try:
        with throwaway_server() as url:
            return run("PostgreSQL", selection, arguments, database=url)
    except NoServer as reason:
        missed = Counter(failed=1) if in_ci() else Counter[str]()
        return Outcome("PostgreSQL", f"not tested: {reason}", missed, good=not in_ci())


def run(name: str, selection: list[str], arguments: list[str], database: str | None = None) -> Outcome:
    """Run pytest once in a process of its own, on SQLite unless a database is given, and count what it did."""
    print(f"\n== {name} ==", flush=True)
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    if database:
        environment["DATABASE_URL"] = database
    with tempfile.TemporaryDirectory(prefix="khitomer-counts-") as folder:
        file = Path(folder) / "counts.json"
        command = [sys.executable, "-m", "pytest", "--counts", str(file), *selection, *arguments]
        code = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode
        kept = (
            json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"counts": {}, "missing": []}
        )
    counts = Counter[str](kept["counts"])
    if code == NOTHING_COLLECTED and (arguments or not in_ci()):
        return Outcome(name, "no test matched", counts, good=True)
    # In CI, where every test is asked for, an empty run means that a whole kind of them is gone.
    if code and not counts["failed"]:
        # Nothing ran, or pytest itself broke: that counts as a failure, or the last line would hide it.
        counts["failed"] = 1
    line = "; ".join([counted(counts), *kept["missing"]])
    return Outcome(name, line, counts, good=code == 0)


def report(outcomes: list[Outcome]) -> int:
    """Print a line for each run and the sum of all; give the exit code."""
    print()
    for outcome in outcomes:
        print(f"{outcome.name:12}{outcome.line}")
    total = sum((outcome.counts for outcome in outcomes), Counter[str]())
    if not total["passed"]:
        print("No test passed, so nothing was shown to work.")
    print(counted(total), flush=True)
    return 0 if total["passed"] and all(outcome.good for outcome in outcomes) else 1


def counted(counts: Counter[str]) -> str:
    text = f"{counts['passed']} passed, {counts['failed']} failed"
    return f"{text}, {counts['skipped']} skipped" if counts["skipped"] else text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
