"""One rich campaign in which every address has something behind it, and what stands at each.

The matrix of roles, the headers and the browser's tour all walk through this one.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from diplomacy.models import Complaint, Hearing
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.actions import bin, proposals, territory, treaties, versions
from khitomer.models import (
    Campaign,
    DatePoll,
    Future,
    Kind,
    ListedName,
    NameList,
    PollDate,
    Role,
    SessionState,
    Treaty,
    User,
)
from khitomer.rules.dates import StoryDate
from tests import factories, parley_rows

ROLES = ("anonymous", "outsider", "observer", "klingon", "federation", "co_gm", "gm")
"""Who asks. What is kept from some is the Federation's; the Klingons are "a player of another power"."""


@dataclass(frozen=True)
class Route:
    """One address of the URLconf: its name, its path as written there, and the view behind it."""

    name: str
    path: str
    view: Callable[..., Any]

    def __str__(self) -> str:
        return self.name

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.path)


@dataclass(frozen=True)
class World:
    """The campaign, and by route name what fills its address."""

    campaign: Campaign
    addresses: dict[str, dict[str, Any]]

    def url(self, route: str, **instead: Any) -> str:
        """The address of a route; `instead` puts other values in their places."""
        return reverse(route, kwargs={**self.addresses[route], **instead})


def build(campaign: Campaign) -> World:
    """Fill the cast's campaign with one of everything; what can be kept from someone is kept from all but the
    Federation, and drafts are the Federation's."""
    gm = campaign.memberships.get(role=Role.GM).user
    powers = {power.slug: power for power in campaign.powers.all()}
    federation, klingon = powers["federation"], powers["klingon"]
    second = campaign.treaties.get(numeral="II")

    conference = factories.make_conference(campaign, slug="ajilon", name="The Ajilon conference")
    ruling = factories.make_complaint(campaign, ComplaintStage.RULING)
    admitted = factories.make_complaint(campaign, ComplaintStage.ADMITTED)
    scheduled = factories.make_complaint(campaign, ComplaintStage.SCHEDULED, conference=conference)
    Hearing.objects.filter(complaint=scheduled).update(opened_at=None)
    heard = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)
    decided = factories.make_complaint(campaign, ComplaintStage.BREACH, conference=conference)
    unmet = factories.make_complaint(campaign, ComplaintStage.NON_COMPLIANT)
    draft = factories.make_complaint(campaign, ComplaintStage.DRAFT)
    filed = factories.make_complaint(campaign, ComplaintStage.FILED, number=None, title="Not docketed yet")
    parley, settled, satisfied = _parleys(campaign)
    exhibits = [factories.make_exhibit(complaint) for complaint in (ruling, draft)]

    own_seat = conference.seats.get(power=federation)
    voting = factories.make_motion(conference, MotionStage.VOTING)
    drafted = factories.make_motion(conference, MotionStage.DRAFT, sponsor=own_seat)
    submitted = factories.make_motion(conference, MotionStage.SUBMITTED, complaint=heard)
    tied = factories.make_motion(conference, MotionStage.TIED)
    effects = [factories.standing_effect()]
    adopted = factories.make_motion(conference, MotionStage.ADOPTED, complaint=decided, effects=effects)
    carried = factories.make_motion(conference, MotionStage.ADOPTED, effects=effects)
    waiting = factories.make_resolution(campaign, adopted)
    enacted = factories.make_resolution(campaign, carried, enacted=True)
    obligation = factories.make_obligation(enacted, klingon)

    entry = factories.make_entry(campaign, "Sealed orders", told=[federation])
    secret = factories.make_secret(entry, told=[federation])
    picture = factories.make_picture(campaign, of=entry)
    handout = factories.make_handout(campaign, "An intercept", told=[federation])
    pack = factories.make_pack(campaign)
    thrown, proposed = _kept(campaign, gm, entry, secret)
    kind = Kind.objects.create(
        campaign=campaign, key="starbase", name="Starbase", plural="Starbases", position=8
    )
    event = factories.make_event(campaign, "A quiet handover", told=[federation])
    clock = factories.make_clock(campaign, "The fleet gathers", told=[federation])
    session = factories.make_session(
        campaign, "An evening", ["The roll", "The vote"], state=SessionState.IN_PLAY
    )
    planned = factories.make_session(campaign, "Another evening")
    poll = DatePoll.objects.create(session=planned, opened_at=factories.NOW)
    evening = PollDate.objects.create(poll=poll, on=date(2026, 4, 1))
    names = NameList.objects.create(campaign=campaign, title="Klingons")
    name = ListedName.objects.create(list=names, name="Kurn")
    scene, staged, line, recap = _evening(session, entry, federation)
    future = Future.objects.create(
        campaign=campaign, canon_key="a-later-treaty", on=StoryDate.parse("2380"), title="A later treaty"
    )
    invitation = factories.make_invitation(campaign, created_by=gm)
    webhook = factories.make_webhook(campaign, power=federation)
    use, reservation = _law(campaign, second)
    sector, zone = _land(campaign, federation, klingon)
    observer = campaign.memberships.get(role=Role.OBSERVER)
    speech, screen = factories.make_speech(own_seat), factories.make_screen(conference)
    factories.put_in_hand(voting)

    shared = {
        "campaign": campaign.slug,
        "power": "federation",
        "other": "klingon",
        "treaty": second.slug,
        "conference": conference.slug,
        "entry": entry.slug,
        "event": event.slug,
        "handout": handout.slug,
        "clock": clock.slug,
        "territory": sector.slug,
        "zone": zone.slug,
        "letter": exhibits[0].letter,
        "sequence": campaign.ledger.order_by("-sequence").values_list("sequence", flat=True)[0],
        "position": 1,
        "sort": "pages",
        "token": draft.token,
        "kind": "treaties",
        "key": "second-khitomer-accords",
    }
    particular = {
        "invitation": {"token": "no-such-invitation"},
        "email-confirm": {"token": "no-such-token"},
        "password-reset-confirm": {"uidb64": "MQ", "token": "no-such-token"},
        "invitation-revoke": {"pk": invitation.pk},
        "member-edit": {"pk": observer.pk},
        "webhook-edit": {"pk": webhook.pk},
        "member-remove": {"pk": observer.pk},
        "span-edit": {"pk": second.adherences.get(power__slug="cardassian").pk},
        "use-strike": {"pk": use.pk},
        "reservation-end": {"pk": reservation.pk},
        "future": {"pk": future.pk},
        "secret-edit": {"pk": secret.pk},
        "session-dates": {"number": planned.number, "pk": evening.pk},
        "name-use": {"pk": name.pk},
        "name-list-remove": {"pk": names.pk},
        "picture": {"token": picture.token, "size": "whole"},
        "version-restore": {"number": 1},
        "secret-version-restore": {"number": 1},
        "bin-take-out": {"pk": thrown.pk},
        "proposal": {"token": proposed.token},
        "kind-edit": {"kind": kind.key},
        "handout-make": {"kind": "letter"},
        "pack-pdf": {"token": pack.token},
        "complaint": {"number": ruling.number},
        "complaint-schedule": {"number": admitted.number},
        "complaint-docket": {"token": filed.token},
        "summons": {"number": admitted.number},
        "parley": {"number": parley.number},
        "offer-accept": {"number": parley.number, "offer": 2},
        "offer-take-back": {"number": parley.number, "offer": 1},
        "settlement-enact": {"number": settled.number},
        "settlement-undo": {"number": satisfied.number},
        "seat-player": {"pk": conference.seats.get(power__slug="cardassian").pk},
        "hearing-open": {"number": scheduled.number},
        "party-heard": {"number": heard.number},
        "speech-step": {"pk": speech.pk},
        "chamber-revoke": {"pk": screen.pk},
        "chamber": {"token": factories.WALL},
        "motion": {"number": voting.number},
        "motion-edit": {"number": drafted.number},
        "vote-open": {"number": submitted.number},
        "vote-casting": {"number": tied.number},
        "recount": {"number": tied.number},
        "resolution": {"number": waiting.number},
        "resolution-undo": {"number": enacted.number},
        "obligation-met": {"number": enacted.number, "pk": obligation.pk},
        "obligation": {"pk": obligation.pk},
        "complaint-compliance": {"number": unmet.number},
        "countermeasures-new": {"number": unmet.number},
        "session": {"number": session.number},
        "scene-edit": {"number": session.number, "pk": scene.pk},
        "reveal": {"number": session.number, "pk": scene.pk, "reveal": staged.pk},
        "log-edit": {"number": session.number, "pk": line.pk},
        "recap-edit": {"number": session.number, "pk": recap.pk},
        "session-present": {"number": session.number, "pk": observer.pk},
        "stage": {"sort": "entry", "pk": entry.pk},
        "provision": {"number": 1},
        "disclose": {"sort": "entry", "key": entry.slug},
    }
    same = {
        "span-edit": ["span-leave", "span-strike"],
        "secret-edit": ["secret-remove", "secret-history", "secret-version-restore"],
        "bin-take-out": ["bin-delete"],
        "webhook-edit": ["webhook-test", "webhook-remove"],
        "proposal": ["proposal-edit", "proposal-withdraw", "proposal-approve", "proposal-return"],
        "kind-edit": ["kind-remove"],
        "complaint": [
            "complaint-appeal",
            "exhibit",
            "complaint-rule",
            "complaint-return",
            "complaint-withdraw",
            "complaint-refer",
            "complaint-object",
            "complaint-supplement",
            "complaint-join",
        ],
        "complaint-docket": ["filed-return", "filed-withdraw"],
        "summons": ["summons-pdf"],
        "pack-pdf": ["pack-cancel"],
        "hearing-open": ["hearing-move"],
        "speech-step": ["speech-back", "speech-point", "speech-appeal"],
        "parley": ["parley-note", "offer-new"],
        "offer-accept": ["offer-refuse"],
        "motion": [
            "motion-amend",
            "motion-step",
            "ballot",
            "ballots-empty",
            "vote-close",
            "vote-hands",
            "pledge",
            "receipt",
        ],
        "motion-edit": ["motion-submit", "motion-withdraw"],
        "resolution": ["resolution-enact", "resolution-print", "resolution-pdf"],
        "session": [
            "session-edit",
            "session-state",
            "session-dice",
            "session-calendar",
            "session-pools",
            "session-plan",
            "session-answer",
            "session-carry",
            "session-recap",
            "agenda-add",
            "agenda-done",
            "agenda-remove",
            "agenda-edit",
            "agenda-move",
            "scene-new",
            "log-add",
        ],
        "session-dates": ["session-dates-propose", "session-date-choose", "session-dates-again"],
        "scene-edit": ["scene-done", "scene-move", "scene-remove", "scene-stage", "scene-entry"],
        "reveal": ["reveal-remove"],
        "log-edit": ["log-remove"],
        "recap-edit": ["recap-remove"],
        "provision": ["provision-edit", "use-new", "use-strike", "reservation-new", "reservation-end"],
    }
    for route, others in same.items():
        for other in others:
            particular[other] = {**particular[route], **particular.get(other, {})}
    addresses = {
        route.name: {
            name: {**shared, **particular.get(route.name, {})}.get(name) for name in route.parameters
        }
        for route in routes()
    }
    return World(campaign, addresses)


def _kept(campaign: Campaign, gm: User, entry: Any, secret: Any) -> tuple[Any, Any]:
    """The entry and the secret in a second version; an entry in the bin, and a page that the Federation proposes."""
    for thing in (entry, secret):
        with versions.versioned(thing, by=gm, now=factories.NOW):
            thing.text = "Written anew."
            thing.save(update_fields=["text"])
    thrown = factories.make_entry(campaign, "Thrown away")
    bin.throw_away(thing=thrown, by=gm, now=timezone.now())
    author = campaign.memberships.get(power__slug="federation")
    proposed = proposals.propose(
        by=author, kind="note", name="A letter home", text="Dear all.", now=factories.NOW
    )
    return thrown, proposed


def _parleys(campaign: Campaign) -> tuple[Complaint, Complaint, Complaint]:
    """A parley of the Federation and the Romulans, sealed from the Klingons; a settlement, and one in effect."""
    federation, romulan = (campaign.powers.get(slug=slug) for slug in ("federation", "romulan"))
    parley, settled, satisfied = (
        factories.make_complaint(campaign, ComplaintStage.RULING, respondent=romulan) for _ in range(3)
    )
    parley_rows.make_message(parley, romulan)
    parley_rows.make_offer(parley, federation)
    parley_rows.make_offer(parley, romulan, effects=[factories.standing_effect(other="romulan", by=1)])
    effects = [factories.standing_effect(other="romulan", by=1)]
    parley_rows.make_settlement(settled, effects)
    parley_rows.give_effect(parley_rows.make_settlement(satisfied, effects))
    return parley, settled, satisfied


def _law(campaign: Campaign, treaty: Treaty) -> tuple[Any, Any]:
    provision = treaty.provisions.get(number=1)
    romulan = campaign.powers.get(slug="romulan")
    given = {"campaign": campaign, "provision": provision, "power": romulan, "now": factories.NOW}
    gm = campaign.memberships.get(role=Role.GM).user
    treaties.record_use(on=StoryDate.parse("2379-01"), by=gm, token="use", **given)
    treaties.make_reservation(on=StoryDate.parse("2379-02"), by=gm, token="reservation", **given)
    return provision.uses.get(), provision.reservations.get()


def _evening(session: Any, entry: Any, federation: Any) -> tuple[Any, Any, Any, Any]:
    """A scene with something staged, a line of the GM's log, and what the Federation alone is told of the evening."""
    scene = session.scenes.create(position=1, title="The aide comes in")
    scene.entries.add(entry)
    staged = scene.reveals.create(entry=entry, audience="all")
    gm = session.campaign.memberships.get(role=Role.GM)
    line = session.log.create(at=factories.NOW, text="Krell left early", by=gm)
    recap = session.recaps.create(text="You alone.", audience="powers", published_at=factories.NOW)
    recap.powers.add(federation)
    return scene, staged, line, recap


def _land(campaign: Campaign, holder: Any, other: Any) -> tuple[Any, Any]:
    gm = campaign.memberships.get(role=Role.GM).user
    given = {"campaign": campaign, "by": gm, "now": factories.NOW}
    sector = territory.add_territory(
        slug="archanis-sector", name="Archanis Sector", holder=holder, token="sector", **given
    )
    zone = territory.set_up_zone(slug="buffer", name="Buffer", powers=[holder, other], token="zone", **given)
    return sector, zone


def routes() -> list[Route]:
    """Every route of the URLconf."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: Iterable[URLPattern | URLResolver], above: str) -> Iterator[Route]:
    for pattern in patterns:
        path = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            yield Route(name=pattern.name or path, path=path, view=pattern.callback)


@dataclass(frozen=True)
class Table:
    """The rich campaign and a browser's client for each role."""

    world: World
    clients: dict[str, Client]


def lay_table() -> Table:
    """Make the cast, its campaign and all that is in it."""
    cast = [factories.make_user(*person) for person in factories.CAST.items()]
    campaign = factories.small_campaign()
    factories.seat_the_cast(campaign, cast)
    users = {user.username: user for user in [*cast, factories.make_user("outsider")]}
    return Table(build(campaign), {role: _client(users.get(role)) for role in ROLES})


def _client(user: User | None) -> Client:
    client = Client(raise_request_exception=False, headers={"accept-encoding": "identity"})
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@contextmanager
def as_if_not_done(client: Client) -> Iterator[None]:
    """What the request does to the rows and to the client's session is taken back."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies
