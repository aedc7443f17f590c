"""`python -m benchmarks.live`: hundreds of open pages on a server of their own, told of what is written meanwhile.

    python -m benchmarks.live [--streams 500] [--events 40] [--only sqlite|postgres|many|restart]

Each trial has a data folder, a server and a process with all the pages, and lets go of all three. It checks that each
page heard what it may hear, whole, once and in order, measures how long that took and what memory the server had, and
prints a table in Markdown. The exit code is 1 when something was lost, came twice or out of order, or went to a page
that it was not for.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import IO, Any

from benchmarks.live_server import ROOT, Server, surroundings
from tests.postgres import NoServer, throwaway_server

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

OPEN_WITHIN = 120.0
HEARD_WITHIN = 60.0
DONE_WITHIN = 180.0

AGAIN = 3.0
"""Seconds after which a page comes back whose stream has ended; browsers take about as many."""

RESTARTED_OVER = 14.0
DOWN_AFTER = 2.0
"""Seconds over which events are written where the server is started again, and after which it is stopped."""

FILES_EACH = 2
FILES_BESIDE = 200
"""Open files that a page costs at the most, and what each process needs besides."""


@dataclass(frozen=True)
class Trial:
    """What is tried: so many pages on so many processes, told of events over so many seconds; on SQLite, unless a
    database is given."""

    key: str
    name: str
    streams: int
    events: int
    over: float = 8.0
    workers: int = 1
    database: str = ""
    restarts: bool = False


@dataclass(frozen=True)
class Result:
    """What came of it. Times are in seconds, memory is in MB and was the most of any process of the server."""

    trial: Trial
    opened: int
    opened_in: float
    expected: int
    lost: int
    doubled: int
    unordered: int
    strange: int
    anew: int
    refused: int
    latencies: list[float]
    memory: float | None
    stopped_in: float | None = None
    back_in: float | None = None
    all_back_in: float | None = None

    @property
    def is_whole(self) -> bool:
        wrong = self.lost or self.doubled or self.unordered or self.strange or self.anew or self.refused
        return not wrong and self.opened == self.trial.streams


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    arguments.add_argument("--streams", type=int, default=500, help="how many pages are open")
    arguments.add_argument("--events", type=int, default=40, help="how many events they are told of")
    arguments.add_argument(
        "--only", choices=("sqlite", "postgres", "many", "restart"), help="one trial alone"
    )
    chosen = arguments.parse_args()
    streams, events = chosen.streams, chosen.events
    trials = [
        Trial("sqlite", "one process, SQLite", streams, events),
        Trial("postgres", "two processes, PostgreSQL", streams, events, workers=2),
        Trial("many", "one process, SQLite", streams * 4, events),
        Trial("restart", "one process, SQLite, restarted", streams, events, RESTARTED_OVER, restarts=True),
    ]
    results = []
    for trial in trials:
        if chosen.only in (None, trial.key):
            try:
                results.append(run(trial))
            except NoServer as reason:
                print(f"Not tried with {trial.name}: {reason}.", file=sys.stderr)
    if results:
        print(table(results))
    return 0 if all(each.is_whole for each in results) else 1


def run(trial: Trial) -> Result:
    """Try it, in a folder that goes away afterwards; `NoServer` where its database cannot be had."""
    with contextlib.ExitStack() as stack:
        if trial.key == "postgres":
            trial = replace(trial, database=stack.enter_context(throwaway_server()))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="khitomer-live-")))
        environment = surroundings(folder, trial.database)

        def write(port: int | None) -> Any:
            return asked(environment, "write", trial.events, trial.over, *[port] * bool(port))

        return watch(trial, folder, environment, asked(environment, "fill"), write)


def watch(
    trial: Trial,
    folder: Path,
    environment: dict[str, str],
    filled: dict[str, Any],
    write: Callable[[int | None], list[dict[str, Any]]],
) -> Result:
    """Serve a table that is filled, open its pages, have the events written, and see what was heard of them."""
    allow_files(trial.streams)
    people = list(islice(cycle(filled["people"]), trial.streams))
    server = Server(trial.workers, folder / "server.log", environment)
    with contextlib.ExitStack() as stack:
        stack.callback(server.stop)
        server.start()
        pages = stack.enter_context(open_pages())
        tell(
            pages,
            port=server.port,
            path=filled["path"],
            cookies=[person["cookie"] for person in people],
            again=AGAIN if trial.restarts else None,
            within=OPEN_WITHIN,
        )
        opened, down = hear(pages), None
        writer = stack.enter_context(ThreadPoolExecutor(1))
        writing = writer.submit(write, None if trial.restarts else server.port)
        if trial.restarts:
            time.sleep(DOWN_AFTER)
            down = server.restart()
        written = writing.result()
        tell(pages, position=written[-1]["position"], within=HEARD_WITHIN)
        return judged(trial, opened, people, written, hear(pages), server.memory(), down)


def judged(
    trial: Trial,
    opened: dict[str, Any],
    people: list[dict[str, Any]],
    written: list[dict[str, Any]],
    heard: list[dict[str, Any]],
    memory: float | None,
    down: tuple[float, float, float] | None,
) -> Result:
    """Hold what each page heard against what was written for it."""
    committed = {event["position"]: event["committed"] for event in written}
    wrong, latencies, expected = Counter[str](), list[float](), 0
    for person, page in zip(people, heard, strict=True):
        should = {event["position"] for event in written if may_hear(person, event)}
        places = [place for place, _ in page["heard"]]
        expected += len(should)
        wrong["lost"] += len(should - set(places))
        wrong["strange"] += len(set(places) - should)
        wrong["doubled"] += len(places) - len(set(places))
        wrong["unordered"] += sum(later < earlier for earlier, later in pairwise(places))
        wrong["anew"] += page["anew"]
        wrong["refused"] += page["refused"]
        latencies += [moment - committed[place] for place, moment in page["heard"] if committed.get(place)]
    stopped = down[0] if down else 0.0
    returns = [min((at for at in page["opened"] if at > stopped), default=float("inf")) for page in heard]
    return Result(
        trial=trial,
        opened=opened["open"],
        opened_in=opened["took"],
        expected=expected,
        latencies=latencies,
        memory=memory,
        stopped_in=down and down[1] - stopped,
        back_in=down and down[2] - stopped,
        all_back_in=down and max(returns) - stopped,
        **{name: wrong[name] for name in ("lost", "doubled", "unordered", "strange", "anew", "refused")},
    )


def may_hear(person: dict[str, Any], event: dict[str, Any]) -> bool:
    """Whether an event is for somebody, said here once more: the server's own answer is what is on trial."""
    if person["runs"] or event["audience"] == "all":
        return True
    return event["audience"] == "powers" and (
        person["member"] in event["persons"] or person["power"] in event["powers"]
    )


# The other processes


def allow_files(streams: int) -> None:
    """Raise the number of files that a process may have open, as far as this machine lets us."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = streams * FILES_EACH + FILES_BESIDE
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < streams + FILES_BESIDE:
        print(f"This machine allows {hard} open files: too few for {streams} pages.", file=sys.stderr)


def files_allowed() -> str:
    """How many files a process may have open here, in words."""
    if resource is None:
        return "open files are not counted here"
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return "any number of open files" if hard == resource.RLIM_INFINITY else f"at most {hard:,} open files"


def asked(environment: dict[str, str], *words: object) -> Any:
    """What the table answers, in a process that may take its time but not for ever."""
    command = [sys.executable, "-m", "benchmarks.live_table", *map(str, words)]
    answer = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, timeout=DONE_WITHIN
    )
    if answer.returncode:
        raise RuntimeError(f"The table could not {words[0]}.")
    return json.loads(answer.stdout)


@contextlib.contextmanager
def open_pages() -> Iterator[subprocess.Popen[str]]:
    """The process of the pages; it ends with the block, whatever it was doing, and at the latest after some minutes."""
    pages = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.live_pages"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    overdue = threading.Timer(OPEN_WITHIN + HEARD_WITHIN + DONE_WITHIN, pages.kill)
    overdue.daemon = True
    overdue.start()
    try:
        yield pages
    finally:
        overdue.cancel()
        pages.kill()
        pages.communicate()


def tell(pages: subprocess.Popen[str], **orders: object) -> None:
    assert pages.stdin is not None
    pages.stdin.write(json.dumps(orders) + "\n")
    pages.stdin.flush()


def hear(pages: subprocess.Popen[str]) -> Any:
    output: IO[str] | None = pages.stdout
    assert output is not None
    line = output.readline()
    if not line:
        raise RuntimeError("The pages are gone.")
    return json.loads(line)


# The table


def table(results: list[Result]) -> str:
    """What was measured, with the machine that it was measured on."""
    import django

    lines = [
        f"Python {platform.python_version()}, Django {django.get_version()}, {os.cpu_count()} cores, "
        f"{files_allowed()}.",
        "",
        "| trial | pages | opened in, s | to be heard | lost | twice | out of order | not theirs "
        "| p50, ms | p95, ms | p99, ms | memory, MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in results:
        times = [f"{1000 * each:.0f}" for each in percentiles(one.latencies)]
        if one.trial.restarts:
            times = ["–"] * 3
        cells = [one.trial.name, one.opened, f"{one.opened_in:.1f}", one.expected]
        cells += [one.lost, one.doubled, one.unordered, one.strange, *times]
        cells.append("not told here" if one.memory is None else f"{one.memory:.0f}")
        lines.append(f"| {' | '.join(map(str, cells))} |")
    for one in results:
        if one.stopped_in is not None:
            lines += [
                "",
                f"Restarted: gone {one.stopped_in:.1f} s after it was told, answering after {one.back_in:.1f} s, "
                f"and every page back after {one.all_back_in:.1f} s.",
            ]
        if one.anew or one.refused:
            lines += [
                "",
                f"{one.trial.name}: told to look anew {one.anew} times, refused {one.refused} times.",
            ]
    return "\n".join(lines)


def percentiles(values: list[float]) -> tuple[float, float, float]:
    """The 50th, the 95th and the 99th."""
    if len(values) < 2:
        return (values[0],) * 3 if values else (float("nan"),) * 3  # type: ignore[return-value]
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


if __name__ == "__main__":
    sys.exit(main())
