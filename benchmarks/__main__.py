"""`python -m benchmarks`: measure the main pages and print a table in Markdown.

    python -m benchmarks [--seconds 1.5] [--least 20]

Each page is asked for in this process through Django's test client, after a few times that do not count, until both
`--least` requests and `--seconds` have passed; the median counts. What matters is the ratio to the bare view: it moves
with the code and hardly with the machine. The data folder is a temporary one.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

WARM_UP = 3
SIZES = (1, 50, 300)


@dataclass(frozen=True)
class Page:
    """A page to measure: its name, its address, and who asks."""

    name: str
    url: str
    signed_in: bool = True


@dataclass(frozen=True)
class Measured:
    """What came of it: median and 95th percentile in milliseconds, queries, and size in bytes before compression."""

    page: Page
    median: float
    slow: float
    queries: int
    size: int


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("--seconds", type=float, default=1.5, help="how long each page is measured")
    arguments.add_argument("--least", type=int, default=20, help="how many requests at the least")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="khitomer-bench-") as folder:
        os.environ["KHITOMER_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "khitomer.settings"
        prepare()
        measured = [measure(page, chosen.seconds, chosen.least) for page in pages()]
    print(table(measured))


def prepare() -> None:
    """An empty database with the cast, and static files as a host has them."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.ROOT_URLCONF = "benchmarks.urls"
    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def pages() -> Iterator[Page]:
    """The bare view first, then the main pages with what they show written as they are reached."""
    from django.db import transaction
    from django.urls import reverse

    from tests import factories

    yield Page("bare view", reverse("bare"), signed_in=False)
    cast = [factories.make_user(*person) for person in factories.CAST.items()]
    yield Page("bare view, signed in", reverse("bare-signed-in"))
    yield Page("landing", reverse("home"), signed_in=False)
    treaty = {"kind": "treaties", "key": "second-khitomer-accords"}
    yield Page("library: a treaty", reverse("library-entry", kwargs=treaty), signed_in=False)
    for size in SIZES:
        with transaction.atomic():
            campaign = fill(cast, size)
        inside = {"campaign": campaign.slug}
        rows = f", {size} row{'s' if size > 1 else ''}"
        yield Page(f"docket{rows}", reverse("docket", kwargs=inside))
        yield Page(f"GM dashboard{rows}", reverse("desk", kwargs=inside))
        yield Page(f"archive{rows}", reverse("archive", kwargs=inside))
    yield Page("complaint", reverse("complaint", kwargs={**inside, "number": 1}))
    for seats in (4, 24):
        with transaction.atomic():
            conference = factories.make_conference(campaign, seats=seats)
            motion = factories.make_motion(conference, "voting", ballots={"federation": "yes"})
        where = {**inside, "conference": conference.slug}
        yield Page(f"conference, {seats} seats", reverse("conference", kwargs=where))
        yield Page(f"motion, {seats} seats", reverse("motion", kwargs={**where, "number": motion.number}))


def fill(cast: list[object], size: int) -> object:
    """A campaign with that many complaints, in all the stages that the docket shows, and as many archive pages."""
    from diplomacy.rules.procedure import ComplaintStage
    from tests import factories

    campaign = factories.small_campaign(slug=f"bench-{size}", name=f"A campaign of {size}")
    factories.seat_the_cast(campaign, cast)
    conference = factories.make_conference(campaign)
    stages = (
        ComplaintStage.RULING,
        ComplaintStage.ADMITTED,
        ComplaintStage.SCHEDULED,
        ComplaintStage.HEARD,
        ComplaintStage.BREACH,
    )
    for number, stage in enumerate(islice(cycle(stages), size), start=1):
        factories.make_complaint(
            campaign, stage, conference=conference, title=f"The matter of colony {number}"
        )
        factories.make_entry(campaign, f"Colony {number}")
    return campaign


def measure(page: Page, seconds: float, least: int) -> Measured:
    """Ask for the page again and again, and say how long it took."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from khitomer.models import User

    client = Client(headers={"accept-encoding": "gzip"})
    if page.signed_in:
        gm = User.objects.get(username="gm")
        client.force_login(gm, backend="django.contrib.auth.backends.ModelBackend")
    for _ in range(WARM_UP):
        answer = client.get(page.url)
        if answer.status_code != 200:
            raise SystemExit(f"{page.name}: {page.url} answered {answer.status_code}")
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < least or time.perf_counter() < end:
        begun = time.perf_counter()
        client.get(page.url)
        times.append((time.perf_counter() - begun) * 1000)
    with CaptureQueriesContext(connection) as queries:
        client.get(page.url)
    asked = len(queries)  # now: the next request clears the log
    plain = client.get(page.url, headers={"accept-encoding": "identity"})
    return Measured(
        page=page,
        median=statistics.median(times),
        slow=statistics.quantiles(times, n=20)[-1],
        queries=asked,
        size=len(plain.content),
    )


def table(measured: list[Measured]) -> str:
    """The table, with the machine that it was measured on."""
    import django

    bare = measured[0].median
    lines = [
        f"Python {platform.python_version()}, Django {django.get_version()}, SQLite, {os.cpu_count()} cores.",
        "",
        "| page | times the bare view | median, ms | 95 of 100 within, ms | queries | size, kB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.page.name} | {one.median / bare:.1f} | {one.median:.2f} | {one.slow:.2f} "
        f"| {one.queries} | {one.size / 1000:.1f} |"
        for one in measured
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
