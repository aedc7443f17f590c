"""A PostgreSQL server that lives as long as one test run: its own data, its own socket, no port, no trace."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

# A crash loses a data folder that is thrown away anyway, so nothing here waits for the disk.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # The races open a connection for each of their threads, in each of pytest's processes.
    "max_connections": "250",
    "shared_buffers": "128MB",
    "log_min_messages": "fatal",
}
READY_WITHIN = 60.0
STOPPED_WITHIN = 20.0


class NoServer(Exception):
    """No PostgreSQL server can be had here; the text says why."""


@contextlib.contextmanager
def throwaway_server() -> Iterator[str]:
    """Run a fresh server and give the DATABASE_URL of an empty database on it; stop and delete it afterwards.

    The server listens on a Unix socket in a folder of its own. PostgreSQL refuses to run as root, so there it runs as
    the user `postgres`, or `nobody`. Raises NoServer when its programs are not installed or it does not come up.
    """
    programs = find_programs()
    account = _account()
    # A socket's path may be no longer than about a hundred characters, so not the tester's own TMPDIR.
    home = Path(tempfile.mkdtemp(prefix="khitomer-pg-", dir="/tmp"))
    if account:
        shutil.chown(home, account)
    try:
        _initialise(programs, home, account)
        server = _start(programs, home, account)
        try:
            _wait_until_ready(programs, home, server)
            yield f"postgres://khitomer@{quote(str(home), safe='')}/postgres"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def find_programs() -> Path:
    """Give the folder that holds initdb, postgres and pg_isready; raises NoServer when there is none."""
    if os.name == "nt":
        raise NoServer("name a PostgreSQL database in DATABASE_URL to test on it")
    places = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for pattern in (
        "usr/lib/postgresql/*/bin",
        "usr/pgsql-*/bin",
        "opt/homebrew/opt/postgresql*/bin",
        "usr/local/opt/postgresql*/bin",
    ):
        places += sorted(Path("/").glob(pattern), key=_version, reverse=True)
    for place in places:
        if all((place / program).exists() for program in ("initdb", "postgres", "pg_isready")):
            return place
    raise NoServer("no PostgreSQL server on this machine; install it, or name a database in DATABASE_URL")


def _version(place: Path) -> int:
    return int("".join(character for character in place.parent.name if character.isdigit()) or 0)


def _account() -> str | None:
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _initialise(programs: Path, home: Path, account: str | None) -> None:
    command = [programs / "initdb", "--pgdata", home / "data", "--username", "khitomer", "--auth", "trust"]
    command += ["--encoding", "UTF8", "--no-locale", "--no-sync"]
    made = subprocess.run(command, user=account, cwd=home, capture_output=True, text=True)
    if made.returncode:
        raise NoServer(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")


def _start(programs: Path, home: Path, account: str | None) -> subprocess.Popen[bytes]:
    settings = [f"--{name}={value}" for name, value in SERVER_SETTINGS.items()]
    command = [programs / "postgres", "-D", home / "data", "-k", home, *settings]
    with (home / "log").open("wb") as log:
        # A session of its own: Ctrl-C is for pytest, which still needs its database while it stops.
        return subprocess.Popen(
            command, user=account, cwd=home, stdout=log, stderr=log, start_new_session=True
        )


def _wait_until_ready(programs: Path, home: Path, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + READY_WITHIN
    ask = [
        programs / "pg_isready",
        "--quiet",
        "--host",
        home,
        "--username",
        "khitomer",
        "--dbname",
        "postgres",
    ]
    while subprocess.run(ask, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        if server.poll() is not None or time.monotonic() > give_up:
            raise NoServer(
                f"PostgreSQL did not come up: {(home / 'log').read_text(errors='replace').strip()}"
            )
        time.sleep(0.1)


def _stop(server: subprocess.Popen[bytes]) -> None:
    # SIGINT asks PostgreSQL to drop its clients and stop; SIGQUIT does not ask.
    for request in (signal.SIGINT, signal.SIGQUIT):
        server.send_signal(request)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOPPED_WITHIN)
            return
    server.kill()
    server.wait()
