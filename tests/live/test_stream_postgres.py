"""PostgreSQL wakes the streams: nobody has to look from time to time for what another process wrote."""

import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.db import connection

from benchmarks.live_server import ROOT, surroundings
from khitomer.actions import activity
from khitomer.live import tail
from tests.live.streams import Stream, act, database, run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ANOTHER = """
import django
django.setup()
from django.db import transaction
from django.utils import timezone
from khitomer.actions import activity
from khitomer.models import ActivityKind, Campaign
with transaction.atomic():
    for kind in (ActivityKind.FILED, ActivityKind.BEGUN):
        activity.record(campaign=Campaign.objects.get(), kind=kind, now=timezone.now())
"""


def wake() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {activity.CHANNEL}")


def test_what_another_process_wrote_wakes_the_streams(campaign, as_gm, as_klingon, monkeypatch):
    monkeypatch.setattr(tail, "LOOKS_ANYHOW", 600.0)
    url = f"/c/{campaign.slug}/live/"
    write = [sys.executable, "-c", ANOTHER]
    environment = surroundings(settings.DATA_DIR, database())

    async def story():
        async with Stream(url, as_gm) as one, Stream(url, as_klingon) as other:
            for told in (["docket", "session"], ["docket", "session"] * 2):
                await act(subprocess.run, write, cwd=ROOT, env=environment, check=True)
                await one.hears(*told)
                await other.hears(*told)
        await act(wake)  # the tail is over, and hears so

    run(story)
    for thread in threading.enumerate():
        if thread.name == "tail":
            thread.join(20)
            assert not thread.is_alive()


def test_a_database_that_went_away_is_heard_again(campaign, as_klingon, monkeypatch):
    """What cuts the tail off from it, a restart or a failover, is over for every page once it is back."""
    backends, look = set(), tail._Reader.look

    def noted(self, ears):
        found = look(self, ears)
        backends.add(connection.connection.info.backend_pid)
        return found

    monkeypatch.setattr(tail._Reader, "look", noted)
    write = [sys.executable, "-c", ANOTHER]
    environment = surroundings(settings.DATA_DIR, database())

    def cut_off() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [list(backends)])

    async def story():
        async with Stream(f"/c/{campaign.slug}/live/", as_klingon) as page:
            await act(subprocess.run, write, cwd=ROOT, env=environment, check=True)
            await page.hears("docket", "session")
            await act(cut_off)
            await act(subprocess.run, write, cwd=ROOT, env=environment, check=True)
            await page.hears(*["docket", "session"] * 2)
        await act(wake)

    run(story)
    assert len(backends) == 2
