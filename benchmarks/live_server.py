"""The server of the load test: a process of its own, which ends with the test."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 60.0
ENDED_WITHIN = 30.0


class Server:
    """Uvicorn on a free port of this machine, as `manage.py serve` runs it."""

    def __init__(self, workers: int, log: Path, environment: dict[str, str]) -> None:
        self.workers, self.log, self.environment = workers, log, environment
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait until it answers."""
        words = [sys.executable, "-m", "uvicorn", "khitomer.asgi:application", "--port", str(self.port)]
        words += ["--workers", str(self.workers), "--timeout-graceful-shutdown", "5"]
        words += ["--lifespan", "off", "--no-access-log", "--log-level", "warning"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(words, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        give_up = time.monotonic() + READY_WITHIN
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz/", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None or time.monotonic() > give_up:
                    said = self.log.read_text(errors="replace")
                    raise RuntimeError(f"The server did not come up:\n{said}") from None
                time.sleep(0.05)

    def restart(self) -> tuple[float, float, float]:
        """Stop it, as a host does, and start it again; gives the moments when it was told, was gone, and answered."""
        assert self.process is not None
        told = time.time()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(ENDED_WITHIN)
        gone = time.time()
        self.start()
        return told, gone, time.time()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        ours = [self.process.pid, *self.children()]
        self.process.terminate()
        try:
            self.process.wait(ENDED_WITHIN)
        except subprocess.TimeoutExpired:
            for process in ours:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            self.process.wait()

    def children(self) -> list[int]:
        """The processes that it started; none are found where there is no /proc."""
        assert self.process is not None
        found = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(child) for file in found for child in file.read_text().split()]

    def memory(self) -> float | None:
        """The most memory that any of its processes ever had, in MB; None where /proc does not tell."""
        assert self.process is not None
        peaks = []
        for process in (self.process.pid, *self.children()):
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/{process}/status").read_text().splitlines():
                    if line.startswith("VmHWM:"):
                        peaks.append(int(line.split()[1]) * 1024 / 1_000_000)
        return max(peaks, default=None)


def surroundings(folder: Path, database: str) -> dict[str, str]:
    """The environment of a house of its own, with nothing of yours in it."""
    ours = ("KHITOMER_", "DATABASE_", "DJANGO_", "PYTEST_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    kept |= {"KHITOMER_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "khitomer.settings"}
    return kept | ({"DATABASE_URL": database} if database else {})
