"""A whole house for the browser: its own data folder, its own server, as a host runs it.

`python -m tests.browser.house` fills the folder that KHITOMER_DATA names; the server is uvicorn with the settings of the
house itself, not the tests'.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from khitomer.models import Campaign

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = "addresses.json"
READY_WITHIN = 60
"""Seconds in which the server must answer; two busy cores need a while to import everything."""

CAMPAIGNS = {
    "long-peace": "The Long Peace",
    "new-table": "A New Table",
    "road": "The Road",
    "plain": "The Plain Road",
    "keys": "The Keys",
    "supper": "The Supper",
    "talks": "The Talks",
    "whole": "The Whole Evening",
    "wall": "The Wall",
    "stages": "The Stages",
    "gathering": "The Gathering",
    "quick-hands": "The Quick Hands",
    "still-page": "The Still Page",
    "live-table": "The Live Table",
    "notices": "The Notices",
}
"""One rich campaign and one new one to look at, and the others to walk through; those have people and powers only,
the wall a conference with a motion of the chair's, and the gathering a piece of canon ahead. The stages are
`stages.build`'s."""

LETTER = "A letter under seal"

AHEAD = "The Tomed inquiry"
"""What canon has in store for the gathering, in the month after it begins."""


@dataclass(frozen=True)
class House:
    """Where it is served, and by route name the addresses in its rich campaign."""

    address: str
    paths: dict[str, str]


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Fill the folder and serve it on a free port; the server ends with the block."""
    inherited = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("KHITOMER_", "DATABASE_", "DJANGO_", "PYTEST_"))
    }
    environment = {**inherited, "KHITOMER_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "khitomer.settings"}
    filled = subprocess.run(
        [sys.executable, "-m", "tests.browser.house"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if filled.returncode:
        raise RuntimeError(f"The house could not be filled:\n{filled.stderr}")
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "khitomer.asgi:application", "--port", str(port)]
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--lifespan", "off", "--no-access-log"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_until_ready(server, f"http://127.0.0.1:{port}/healthz/", log)
            addresses = json.loads((folder / ADDRESSES).read_text(encoding="utf-8"))
            yield House(f"http://127.0.0.1:{port}", addresses)
        finally:
            server.terminate()
            server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    give_up = time.monotonic() + READY_WITHIN
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if server.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(
                    f"The server did not come up:\n{log.read_text(errors='replace')}"
                ) from None
            time.sleep(0.1)


def fill() -> None:
    """Migrate, gather the static files, and write the people and the campaigns."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from diplomacy.rules.procedure import MotionStage
    from tests import factories, world
    from tests.answers import ANSWERS
    from tests.browser import stages

    with transaction.atomic():
        cast = [factories.make_user(*person) for person in factories.CAST.items()]
        for slug, name in CAMPAIGNS.items():
            campaign = factories.small_campaign(slug=slug, name=name)
            factories.seat_the_cast(campaign, cast)
            if slug == "long-peace":
                filled = world.build(campaign)
            if slug == "stages":
                staged = stages.build(campaign)
            if slug == "wall":
                sitting = factories.make_conference(campaign, slug="ajilon", name="The Ajilon conference")
                factories.make_motion(sitting, MotionStage.DRAFT)
            if slug == "gathering":
                look_ahead(campaign)
            if slug == "live-table":
                sit_down(campaign)
    addresses = {name: filled.url(name) for name in ANSWERS}
    addresses |= {f"stage {name}": address for name, address in staged.items()}
    folder = Path(os.environ["KHITOMER_DATA"])
    (folder / ADDRESSES).write_text(json.dumps(addresses), encoding="utf-8")


def look_ahead(campaign: Campaign) -> None:
    """A piece of canon that waits in the month after the campaign's day: an event."""
    from khitomer.models import Future
    from khitomer.rules import changes
    from khitomer.rules.dates import StoryDate

    on, key = StoryDate.parse("2379-04"), "tomed-inquiry"
    event = changes.AddEvent(slug=key, on=on, title=AHEAD, canon_key=key)
    Future.objects.create(
        campaign=campaign, canon_key=key, on=on, title=AHEAD, changes=[changes.to_json(event)]
    )


def sit_down(campaign: Campaign) -> None:
    """An evening in play, a letter that nobody has seen, and a conference that sits."""
    from khitomer.models import SessionState
    from tests import factories

    factories.make_session(campaign, "The hearing", ["Seating"], state=SessionState.IN_PLAY)
    factories.make_handout(campaign, LETTER, text="Meet me at Narendra.")
    factories.make_conference(campaign, slug="ajilon", name="The Ajilon conference")


if __name__ == "__main__":
    fill()
