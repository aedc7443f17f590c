"""The table of the load test: fills an empty database with it, and writes what its open pages are to be told.

    python -m benchmarks.live_table fill
    python -m benchmarks.live_table write EVENTS SECONDS [PORT]

Both print JSON. The database is the one that KHITOMER_DATA and DATABASE_URL name.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from typing import Any
from urllib.parse import urlencode

SLUG = "load"
PEOPLE = 100
TOKEN = "x" * 32
"""What a form sends along as a proof that it is ours; a browser is given one, and any will do."""

NUMBERED_WITHIN = 30.0
"""Seconds in which a server must have given what was written its place in the order."""

FOR_WHOM = ("all", "power", "all", "gm", "form", "all", "person", "all")
"""Whom one event after another is for; a form is the GM's, for all to hear, and comes over HTTP."""


def fill() -> dict[str, Any]:
    """Migrate, and seat everybody: the cookie of each, and by what they hear what is not for all."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.hashers import make_password
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import transaction

    from khitomer.models import Role, User
    from tests import factories

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        campaign = factories.small_campaign(slug=SLUG, name="A full table")
        factories.make_session(campaign)
        powers = [*campaign.powers.order_by("pk"), None]
        people = []
        for number in range(PEOPLE):
            user = User.objects.create(
                username=f"page-{number}", name=f"Page {number}", password=make_password(None)
            )
            power = powers[number % len(powers)] if number > 1 else None
            role = (Role.GM, Role.CO_GM)[number] if number < 2 else Role.PLAYER if power else Role.OBSERVER
            member = factories.join(campaign, user, role, power)
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.create()
            people.append(
                {
                    "cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}",
                    "member": member.pk,
                    "power": power and power.pk,
                    "runs": number < 2,
                }
            )
    return {"path": f"/c/{SLUG}/live/", "people": people}


def write(events: int, seconds: float, port: int | None) -> list[dict[str, Any]]:
    """Write so many events, one at a time; gives each as the pages should hear it, in the order of their places.

    Without a port there are no forms; what would be one is written as the others are. The last is for all. `committed`
    is the moment from which it could be read, or None where a form was answered, and that moment is not known.
    """
    from khitomer.models import Activity, Campaign

    campaign = Campaign.objects.get(slug=SLUG)
    begun, committed = time.time(), dict[int, float]()
    for number in range(events):
        time.sleep(max(0.0, begun + number * seconds / events - time.time()))
        whom = "all" if number == events - 1 else FOR_WHOM[number % len(FOR_WHOM)]
        if whom == "form" and port is not None:
            _send_form(port, number)
        else:
            written = _record(campaign, whom, number)
            committed[written] = time.time()
    rows = Activity.objects.filter(campaign=campaign)
    give_up = time.monotonic() + NUMBERED_WITHIN
    while rows.filter(position=None).exists():
        if time.monotonic() > give_up:
            raise SystemExit("What was written got no place in the order: no server reads it.")
        time.sleep(0.1)
    return [
        {
            "position": row.position,
            "committed": committed.get(row.pk),
            "audience": row.audience,
            "powers": [each.pk for each in row.powers.all()],
            "persons": [each.pk for each in row.persons.all()],
        }
        for row in rows.order_by("position").prefetch_related("powers", "persons")
    ]


def _record(campaign: Any, whom: str, number: int) -> int:
    from django.db import transaction
    from django.utils import timezone

    from khitomer.actions import activity
    from khitomer.models import ActivityKind, Audience

    powers, members = campaign.powers.order_by("pk"), campaign.memberships.order_by("pk")
    given: dict[str, Any] = {"kind": ActivityKind.FILED, "number": number}
    match whom:
        case "power":
            given = {"kind": ActivityKind.DISCLOSED, "powers": [powers[number % powers.count()]]}
        case "person":
            given = {"kind": ActivityKind.DISCLOSED, "powers": [], "persons": [members[number % PEOPLE]]}
        case "gm":
            given = {"kind": ActivityKind.STATE, "audience": Audience.GM}
    with transaction.atomic():
        row = activity.record(campaign=campaign, now=timezone.now(), **given)
    return row.pk


def _send_form(port: int, number: int) -> None:
    """A point for the agenda, by the GM, as a browser sends it."""
    from django.conf import settings
    from django.contrib.sessions.models import Session

    from khitomer.models import Role, User

    gm = str(User.objects.get(memberships__role=Role.GM).pk)
    session = next(
        each for each in Session.objects.all() if each.get_decoded().get("_auth_user_id") == gm
    ).session_key
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN}
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    sent = {"csrfmiddlewaretoken": TOKEN, "token": f"load-{number}", "title": f"Point {number}"}
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        server.request("POST", f"/c/{SLUG}/sessions/1/agenda/", urlencode(sent), headers)
        if (status := server.getresponse().status) not in (302, 303):
            raise SystemExit(f"The form was answered with {status}.")
    finally:
        server.close()


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    match arguments:
        case ["fill"]:
            print(json.dumps(fill()))
        case ["write", events, seconds, *port]:
            print(json.dumps(write(int(events), float(seconds), int(port[0]) if port else None)))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
