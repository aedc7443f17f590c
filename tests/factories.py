"""Valid rows, quickly. Plain functions: what is not given has a sensible default, and nothing is random.

These write rows as an action would have left them, so that a test may start in the middle of the story. What a test is
about it does through the action or the page itself.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image

from diplomacy.models import (
    Admission,
    Ballot,
    ChamberLink,
    Charter,
    Citation,
    Clause,
    ClauseKind,
    Complaint,
    Conference,
    ConferenceStage,
    Effect,
    Elector,
    Exhibit,
    ExhibitKind,
    Floor,
    Hearing,
    Motion,
    Obligation,
    Resolution,
    Ruling,
    Seat,
    Speech,
    SpeechKind,
)
from diplomacy.rules.jurisdiction import Verdict
from diplomacy.rules.procedure import UNVOTED_STAGES, ComplaintStage, MotionStage
from diplomacy.rules.tally import Choice, Outcome, Status
from khitomer.access import Viewer, get_campaign_for
from khitomer.actions import archive, chronicle, disclosures, packs, pictures
from khitomer.markup import render
from khitomer.models import (
    Adherence,
    AgendaItem,
    Audience,
    Campaign,
    Clock,
    Entry,
    EntryKind,
    Event,
    Handout,
    Invitation,
    Membership,
    NoticeKind,
    Pack,
    Picture,
    Power,
    Provision,
    Role,
    Secret,
    Session,
    SessionState,
    Standing,
    Treaty,
    User,
    Webhook,
)
from khitomer.rules import changes
from khitomer.rules.dates import StoryDate
from khitomer.rules.press import Press

NOW = datetime(2026, 3, 14, 20, 0, tzinfo=UTC)
"""The evening on which everything here happens."""

TODAY = StoryDate.parse("2379-03-14")
"""The story date of the campaign."""

PASSWORD = "camp-khitomer"
"""Everybody's."""

COLOURS = ("#7fb2ff", "#ff8f7a", "#8fd694", "#f2c14e", "#e39f5b", "#c39bd3", "#5bc8c8", "#d4a5a5")
EMBLEMS = ("star", "blade", "wings", "spear", "wave", "crescent", "compass", "ring")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_numbers = count(1)


# People


def make_user(username: str = "", name: str = "", **fields: Any) -> User:
    """Someone with an account and the password of everyone here."""
    username = username or f"person-{next(_numbers)}"
    fields.setdefault("email", f"{username}@example.org")
    return User.objects.create_user(username=username, password=PASSWORD, name=name or username, **fields)


def join(campaign: Campaign, user: User, role: Role = Role.PLAYER, power: Power | None = None) -> Membership:
    """Make someone a member; a player sits for a power."""
    return Membership.objects.create(campaign=campaign, user=user, role=role, power=power, joined_at=NOW)


def viewer_of(campaign: Campaign, user: User) -> Viewer:
    """Someone looking at the campaign, as a view would meet them."""
    return get_campaign_for(user, campaign.slug)


def make_invitation(campaign: Campaign, token_hash: str = "", **fields: Any) -> Invitation:
    fields = {
        "role": Role.OBSERVER,
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=7),
        "token_hash": token_hash or f"{next(_numbers):064x}",
        **fields,
    }
    return Invitation.objects.create(campaign=campaign, **fields)


def make_webhook(campaign: Campaign, label: str = "The channel", **fields: Any) -> Webhook:
    """An address outside that is told all that everyone at the table may know, from the first row on."""
    fields = {
        "url": "https://chat.example.org/api/webhooks/1/a-secret-that-opens-it",
        "kinds": list(NoticeKind),
        "created_at": NOW,
        **fields,
    }
    return Webhook.objects.create(campaign=campaign, label=label, **fields)


# The campaign and its law


def make_campaign(name: str = "The Long Peace", slug: str = "long-peace", **fields: Any) -> Campaign:
    """An empty campaign without a GM."""
    fields = {"starts": StoryDate.parse("2378"), "today": TODAY, "created_at": NOW, **fields}
    campaign = Campaign.objects.create(name=name, slug=slug, **fields)
    archive.found_kinds(campaign)
    return campaign


def make_power(campaign: Campaign, name: str = "", **fields: Any) -> Power:
    """A power, by default one of the campaign's own, with a short name nobody else has."""
    number = campaign.powers.count()
    name = name or f"Free World {number + 1}"
    fields = {
        "slug": f"free-world-{number + 1}",
        "short": f"Z{LETTERS[number // 26]}{LETTERS[number % 26]}",
        "adjective": name,
        "colour": COLOURS[number % len(COLOURS)],
        "emblem": EMBLEMS[number % len(EMBLEMS)],
        **fields,
    }
    return Power.objects.create(campaign=campaign, name=name, **fields)


def make_powers(campaign: Campaign, number: int) -> list[Power]:
    """That many more powers, and nothing else."""
    return [make_power(campaign) for _ in range(number)]


def make_standing(one: Power, other: Power, value: int) -> Standing:
    """How two powers stand, whichever way round they are given."""
    first, second = sorted((one, other), key=lambda power: power.pk)
    return Standing.objects.create(campaign=one.campaign, first=first, second=second, value=value)


def make_treaty(campaign: Campaign, provisions: Sequence[str] = ("A first term",), **fields: Any) -> Treaty:
    """A treaty with a forum and these provisions, binding nobody yet."""
    number = campaign.treaties.count() + 1
    fields = {
        "slug": f"treaty-{number}",
        "name": f"Treaty {number}",
        "numeral": f"T{number}",
        "signed": StoryDate.parse("2368"),
        "has_forum": True,
        **fields,
    }
    treaty = Treaty.objects.create(campaign=campaign, **fields)
    for position, title in enumerate(provisions, start=1):
        text = f"{title}, in the words of the treaty."
        Provision.objects.create(
            treaty=treaty, number=position, title=title, text=text, text_html=render(text)
        )
    return treaty


def bind(treaty: Treaty, power: Power, entered: str, left: str | None = None, **fields: Any) -> Adherence:
    """A span in which the power is bound."""
    return Adherence.objects.create(
        treaty=treaty,
        power=power,
        entered=StoryDate.parse(entered),
        left=StoryDate.parse(left) if left else None,
        **fields,
    )


def small_campaign(**fields: Any) -> Campaign:
    """Five powers, the two Accords with who was bound by them when, and how the powers stand; nobody plays yet.

    The Klingons left both treaties in 2372 and came back in 2373; the Romulans are bound by the second from 2371-09,
    the Cardassians from 2370; the Ferengi by neither.
    """
    campaign = make_campaign(**fields)
    named = [
        ("federation", "United Federation of Planets", "UFP", "Federation", "#7fb2ff", "star"),
        ("klingon", "Klingon Empire", "KLI", "Klingon", "#ff8f7a", "blade"),
        ("romulan", "Romulan Star Empire", "ROM", "Romulan", "#8fd694", "wings"),
        ("cardassian", "Cardassian Union", "CAR", "Cardassian", "#f2c14e", "spear"),
        ("ferengi", "Ferengi Alliance", "FER", "Ferengi", "#e39f5b", "wave"),
    ]
    powers = {
        slug: make_power(
            campaign, name, slug=slug, short=short, adjective=adjective, colour=colour, emblem=emblem
        )
        for slug, name, short, adjective, colour, emblem in named
    }
    first = make_treaty(
        campaign,
        ["The claim to Archanis", "The neutral zone"],
        slug="first-khitomer-accords",
        name="First Khitomer Accords",
        numeral="I",
        signed=StoryDate.parse("2293"),
        has_forum=False,
    )
    second = make_treaty(
        campaign,
        [
            "Subspace weapons",
            "Biogenic weapons and mass destruction",
            "Prisoners and non-combatants",
            "The evacuation protocol",
            "The conference system",
        ],
        slug="second-khitomer-accords",
        name="Second Khitomer Accords",
        numeral="II",
    )
    second.provisions.filter(number=1).update(
        exemption="Low-yield munitions, as long as their use is not widespread.",
        exemption_limit=3,
        exemption_window_days=90,
    )
    for treaty, begun in ((first, "2293"), (second, "2368")):
        bind(treaty, powers["federation"], begun)
        bind(treaty, powers["klingon"], begun, "2372")
        bind(treaty, powers["klingon"], "2373")
    bind(second, powers["romulan"], "2371-09")
    bind(second, powers["cardassian"], "2370", note="By the armistice.")
    make_standing(powers["federation"], powers["klingon"], 2)
    make_standing(powers["federation"], powers["romulan"], -1)
    make_standing(powers["klingon"], powers["romulan"], -3)
    return campaign


def seat_the_cast(campaign: Campaign, cast: Iterable[User]) -> None:
    """Make each of the cast a member as their sign-in name says: GM, co-GM, observer, or a power's player."""
    powers = {power.slug: power for power in campaign.powers.all()}
    roles = {"gm": Role.GM, "co_gm": Role.CO_GM, "observer": Role.OBSERVER}
    for user in cast:
        join(campaign, user, roles.get(user.username, Role.PLAYER), powers.get(user.username))


CAST = {
    "gm": "Miriam",
    "co_gm": "Colm",
    "federation": "Fiona",
    "klingon": "Kofi",
    "romulan": "Rosa",
    "observer": "Olga",
}
"""Everybody at the table: sign-in names and names."""


# Archive, chronicle, sessions


def make_entry(campaign: Campaign, name: str = "", *, told: Iterable[Power] = (), **fields: Any) -> Entry:
    """A page of the archive, open to all unless an audience or `told` powers are given."""
    name = name or f"Station {next(_numbers)}"
    text = fields.pop("text", "A page of the archive.")
    fields = {"slug": slugify(name), "kind": EntryKind.NOTE, "audience": Audience.ALL, **fields}
    fields["kind"] = archive.kind_of(campaign, fields["kind"])
    return _tell(Entry(campaign=campaign, name=name, text=text, text_html=render(text), **fields), told)


def make_secret(
    entry: Entry, text: str = "A secret.", *, told: Iterable[Power] = (), **fields: Any
) -> Secret:
    """A secret on an entry, the GM's alone unless an audience or `told` powers are given."""
    return _tell(Secret(entry=entry, text=text, text_html=render(text), **fields), told)


def make_handout(
    campaign: Campaign, title: str = "", *, told: Iterable[Power] = (), **fields: Any
) -> Handout:
    """A handout that the GM alone sees, unless an audience or `told` powers are given."""
    title = title or f"Handout {next(_numbers)}"
    text = fields.pop("text", "What it says.")
    fields = {"slug": slugify(title), "created_at": NOW, **fields}
    return _tell(Handout(campaign=campaign, title=title, text=text, text_html=render(text), **fields), told)


def make_pack(campaign: Campaign) -> Pack:
    """A pack that the GM asked for, made, with a file that is no PDF."""
    gm, now = campaign.memberships.get(role=Role.GM), timezone.now()
    given = {"sort": "conference", "refers": "ajilon", "press": Press(), "now": now}
    (pack,) = packs.ask(by=gm, wanted=[packs.Wanted("The pack", "gm")], **given)
    packs.begin(pack=pack, of=1, now=now)
    packs.finish(pack=pack, data=b"%PDF-", pages=1, now=now)
    return pack


def make_picture(
    campaign: Campaign, *, of: Any = None, size: tuple[int, int] = (64, 48), **fields: Any
) -> Picture:
    """A small picture in files of its own under the run's data folder, borne by an entry or a handout if given."""
    upload = BytesIO()
    Image.new("RGB", size, "#7fb2ff").save(upload, "PNG")
    gm = campaign.memberships.get(role=Role.GM).user
    picture = pictures.add_picture(campaign=campaign, data=upload.getvalue(), by=gm, now=NOW, **fields)
    if of is not None:
        of.picture = picture
        of.save(update_fields=["picture"])
    return picture


def make_clock(campaign: Campaign, name: str = "", *, told: Iterable[Power] = (), **fields: Any) -> Clock:
    """A clock everyone sees, unless an audience or `told` powers are given."""
    name = name or f"Clock {next(_numbers)}"
    fields = {"slug": slugify(name), "size": 6, "filled": 2, "audience": Audience.ALL, **fields}
    return _tell(Clock(campaign=campaign, name=name, **fields), told)


def make_event(campaign: Campaign, title: str = "", *, told: Iterable[Power] = (), **fields: Any) -> Event:
    """An event of today that everyone knows of, unless an audience or `told` powers are given."""
    title = title or f"Event {next(_numbers)}"
    text = fields.pop("text", "What happened.")
    fields = {"slug": slugify(title), "on": TODAY, "audience": Audience.ALL, **fields}
    return _tell(Event(campaign=campaign, title=title, text=text, text_html=render(text), **fields), told)


def make_session(
    campaign: Campaign, title: str = "An evening", agenda: Iterable[str] = (), **fields: Any
) -> Session:
    """An evening at the table, planned unless a state is given."""
    fields = {"number": campaign.sessions.count() + 1, "on": date(2026, 3, 14), **fields}
    if fields.get("state", SessionState.PLANNED) != SessionState.PLANNED:
        fields.setdefault("began_at", NOW)
    session = Session.objects.create(campaign=campaign, title=title, **fields)
    for position, item in enumerate(agenda, start=1):
        AgendaItem.objects.create(session=session, position=position, title=item)
    return session


def _tell(row: Any, told: Iterable[Power]) -> Any:
    powers = list(told)
    if powers:
        row.audience = Audience.POWERS
    row.save()
    row.powers.set(powers)
    disclosures.keep_record(row, by=None, now=NOW)
    return row


# The docket

_AFTER_RULING = tuple(ComplaintStage)[tuple(ComplaintStage).index(ComplaintStage.ADMITTED) :]
_ON_AGENDA = {
    ComplaintStage.SCHEDULED,
    ComplaintStage.HEARD,
    ComplaintStage.BREACH,
    ComplaintStage.NO_BREACH,
    ComplaintStage.NO_DECISION,
}
GROUND = {"question": "Is the treaty in force?", "answer": "yes", "because": "It was signed in 2368."}


def make_complaint(
    campaign: Campaign,
    stage: ComplaintStage = ComplaintStage.RULING,
    *,
    complainant: Power | None = None,
    respondent: Power | None = None,
    provisions: Iterable[Provision] | None = None,
    conference: Conference | None = None,
    verdict: Verdict = Verdict.BOUND,
    **fields: Any,
) -> Complaint:
    """A complaint at this stage with all that its stage says has happened: number, ruling, admission, hearing.

    By default the Federation complains of the Klingons, on II·3. A complaint on an agenda gets a conference of its own
    unless one is given.
    """
    stage = ComplaintStage(stage)
    drafted = stage is ComplaintStage.DRAFT
    fields = {
        "title": "Prisoners of Ajilon",
        "act_on": StoryDate.parse("2379-02-20"),
        "place": "Ajilon Prime",
        "statement": "The prisoners were *not* returned.",
        "asks_for": "Their return.",
        "number": None if drafted else _next(campaign.complaints, "number"),
        "filed_on": None if drafted else campaign.today,
        "filed_at": None if drafted else NOW,
        **fields,
    }
    complaint = Complaint.objects.create(
        campaign=campaign,
        stage=stage,
        complainant=complainant or campaign.powers.get(slug="federation"),
        respondent=respondent or campaign.powers.get(slug="klingon"),
        statement_html=render(fields["statement"]),
        **fields,
    )
    if provisions is None:
        provisions = Provision.objects.filter(treaty__campaign=campaign, treaty__numeral="II", number=3)
    ruled = stage is ComplaintStage.RULING or stage in _AFTER_RULING
    for provision in provisions:
        citation = Citation.objects.create(complaint=complaint, provision=provision)
        if ruled:
            for respondent in complaint.respondents:
                Ruling.objects.create(
                    citation=citation,
                    respondent=respondent,
                    verdict=verdict,
                    grounds=[GROUND],
                    computed_at=NOW,
                )
    if stage in _AFTER_RULING and stage is not ComplaintStage.WITHDRAWN:
        Admission.objects.create(
            complaint=complaint,
            admitted=stage is not ComplaintStage.INADMISSIBLE,
            reason="" if verdict is Verdict.BOUND else "The chair has weighed it.",
            at=NOW,
            on=campaign.today,
        )
    if stage in _ON_AGENDA:
        conference = conference or make_conference(campaign)
        Hearing.objects.create(
            conference=conference,
            complaint=complaint,
            position=_next(conference.hearings, "position"),
            opened_at=None if stage is ComplaintStage.SCHEDULED else NOW,
        )
    return complaint


def make_exhibit(complaint: Complaint, title: str = "A picture of the camp", **fields: Any) -> Exhibit:
    """The next exhibit: a small picture in a file of its own under the run's data folder."""
    picture = BytesIO()
    Image.new("RGB", (32, 24), "#7fb2ff").save(picture, "WEBP")
    letter = LETTERS[complaint.exhibits.count()]
    exhibit = Exhibit(
        complaint=complaint,
        title=title,
        **{
            "letter": letter,
            "kind": ExhibitKind.PICTURE,
            "width": 32,
            "height": 24,
            "added_at": NOW,
            **fields,
        },
    )
    exhibit.file.save(f"{uuid.uuid4().hex}.webp", ContentFile(picture.getvalue()), save=False)
    exhibit.save()
    return exhibit


# Conferences, motions, resolutions


def make_conference(
    campaign: Campaign,
    seats: int | Iterable[Power] = 4,
    *,
    stage: ConferenceStage = ConferenceStage.OPEN,
    charter: dict[str, Any] | None = None,
    **fields: Any,
) -> Conference:
    """A conference that sits, under the quick charter, on the treaty numbered II.

    `seats` are the powers that have one, or how many do: the five known ones in their order, and new ones where it
    has too few. A power's only player is its delegate; the GM speaks for the others.
    """
    number = campaign.conferences.count() + 1
    fields = {
        "slug": f"conference-{number}",
        "name": f"Conference {number}",
        "place": "Khitomer",
        "on": campaign.today,
        **fields,
    }
    treaty = fields.pop("treaty", None) or campaign.treaties.get(numeral="II")
    conference = Conference.objects.create(campaign=campaign, treaty=treaty, stage=stage, **fields)
    Charter.objects.create(conference=conference, **(charter or {}))
    for power in _seated(campaign, seats):
        make_seat(conference, power)
    return conference


_SEATED_FIRST = ("federation", "klingon", "romulan", "cardassian", "ferengi")


def _seated(campaign: Campaign, seats: int | Iterable[Power]) -> list[Power]:
    if not isinstance(seats, int):
        return list(seats)
    powers = list(campaign.powers.order_by("pk"))
    powers += make_powers(campaign, max(0, seats - len(powers)))
    known = {slug: place for place, slug in enumerate(_SEATED_FIRST)}
    return sorted(powers, key=lambda power: known.get(power.slug, len(known)))[:seats]


def make_seat(conference: Conference, power: Power, **fields: Any) -> Seat:
    """A power's seat, with its only player as delegate."""
    players = list(power.memberships.filter(role=Role.PLAYER)[:2])
    delegate = players[0] if len(players) == 1 else None
    return Seat.objects.create(conference=conference, power=power, **{"delegate": delegate, **fields})


WALL = "the-secret-of-a-wall-screen"
"""The secret in the link of the screens that `make_screen` hangs up."""


def make_screen(conference: Conference, token: str = WALL, **fields: Any) -> ChamberLink:
    """A wall screen's link, open, made by the GM."""
    chair = conference.campaign.memberships.filter(role=Role.GM).first()
    given = {"token_hash": hashlib.sha256(token.encode()).hexdigest(), "label": "The wall", "made_at": NOW}
    given["made_by"] = chair.user if chair else None
    return ChamberLink.objects.create(conference=conference, **{**given, **fields})


def make_speech(seat: Seat, kind: SpeechKind = SpeechKind.SPEECH, **fields: Any) -> Speech:
    """A seat that waits for the floor, at the end of the list."""
    position = seat.conference.speeches.count() + 1
    given = {"kind": kind, "position": position, "asked_at": NOW, **fields}
    return Speech.objects.create(conference=seat.conference, seat=seat, **given)


def put_in_hand(motion: Motion, **fields: Any) -> Floor:
    """The conference's floor, with this motion in hand."""
    floor, _ = Floor.objects.update_or_create(
        conference=motion.conference, defaults={"motion": motion, **fields}
    )
    return floor


_UNOPENED = (*UNVOTED_STAGES, MotionStage.RULED_OUT, MotionStage.WITHDRAWN)
_OUTCOMES = {
    MotionStage.ADOPTED: Outcome.ADOPTED,
    MotionStage.REJECTED: Outcome.REJECTED,
    MotionStage.VETOED: Outcome.VETOED,
    MotionStage.TIED: Outcome.TIED,
    MotionStage.VOID: Outcome.NO_QUORUM,
}


def make_motion(
    conference: Conference,
    stage: MotionStage = MotionStage.SUBMITTED,
    *,
    complaint: Complaint | None = None,
    effects: Iterable[dict[str, Any]] = (),
    ballots: dict[str, Choice | str] | None = None,
    **fields: Any,
) -> Motion:
    """A motion of two clauses at this stage; the operative one carries the effects, given as their payloads.

    From VOTING on its rule and electorate are frozen, as `open_vote` freezes them. `ballots` are choices by a power's
    slug; a decided motion without any has the votes that decide it so.
    """
    stage = MotionStage(stage)
    fields = {
        "title": "On the prisoners of Ajilon",
        "finding": "breach" if complaint else "",
        "number": _next(conference.motions, "number"),
        **fields,
    }
    motion = Motion.objects.create(conference=conference, complaint=complaint, stage=stage, **fields)
    make_clause(motion, ClauseKind.PREAMBULAR, "Recalling", "the Second Khitomer Accords")
    operative = make_clause(motion, ClauseKind.OPERATIVE, "Finds", "that the prisoners were not returned")
    for ordinal, payload in enumerate(effects):
        Effect.objects.create(clause=operative, ordinal=ordinal, payload=payload)
    if stage not in _UNOPENED:
        _open(motion)
        _cast(motion, ballots or {})
    if stage in _OUTCOMES:
        _close(motion, _OUTCOMES[stage], given=bool(ballots))
    return motion


def make_clause(motion: Motion, kind: ClauseKind, phrase: str, text: str) -> Clause:
    return Clause.objects.create(
        motion=motion, position=_next(motion.clauses, "position"), kind=kind, phrase=phrase, text=text
    )


def _open(motion: Motion) -> None:
    charter = motion.conference.charter
    motion.rule = {
        "kind": str(charter.kind),
        "threshold": str(charter.threshold),
        "at_least": charter.at_least,
        "base": str(charter.base),
        "quorum": str(charter.quorum),
        "veto": charter.veto,
        "tie": str(charter.tie),
    }
    motion.opened_at = NOW
    motion.save()
    parties = set()
    if motion.complaint and motion.finding:
        parties = {motion.complaint.complainant_id, motion.complaint.respondent_id}
    for seat in motion.conference.seats.all():
        status = Status.RECUSED if seat.power_id in parties else Status.ELIGIBLE
        Elector.objects.create(
            motion=motion,
            seat=seat,
            weight=seat.weight,
            veto=seat.veto,
            present=seat.present,
            status=Status.OBSERVER if seat.observer else status,
        )


def _cast(motion: Motion, ballots: dict[str, Choice | str]) -> None:
    for slug, choice in ballots.items():
        make_ballot(motion, motion.conference.seats.get(power__slug=slug), choice)


def make_ballot(motion: Motion, seat: Seat, choice: Choice | str = Choice.YES, **fields: Any) -> Ballot:
    by = seat.delegate.user if seat.delegate else None
    return Ballot.objects.create(
        motion=motion, seat=seat, choice=str(choice), **{"by": by, "at": NOW, **fields}
    )


def _close(motion: Motion, outcome: Outcome, *, given: bool) -> None:
    eligible = list(motion.electors.filter(status=Status.ELIGIBLE, present=True).select_related("seat"))
    if not given and outcome is not Outcome.NO_QUORUM:
        for place, elector in enumerate(eligible):
            tied = outcome is Outcome.TIED and place % 2
            against = outcome is Outcome.REJECTED or tied
            make_ballot(motion, elector.seat, Choice.NO if against else Choice.YES)
    counted = [
        motion.ballots.filter(choice=choice).count() for choice in (Choice.YES, Choice.NO, Choice.ABSTAIN)
    ]
    motion.yes, motion.no, motion.abstain = counted
    motion.not_voting = len(eligible) - sum(counted)
    motion.outcome = outcome
    motion.reason = f"{motion.yes} yes, {motion.no} no."
    motion.closed_at = NOW + timedelta(minutes=5)
    motion.save()


def standing_effect(power: str = "federation", other: str = "klingon", by: int = -2) -> dict[str, Any]:
    """The payload of an effect on how two powers, named by their slugs, stand."""
    return {"kind": "standing", "power": power, "other": other, "by": by}


def make_resolution(
    campaign: Campaign, motion: Motion | None = None, *, enacted: bool = False, **fields: Any
) -> Resolution:
    """An adopted resolution; enacted, it has set the Federation and the Klingons two further apart in the ledger."""
    if motion is None:
        conference = campaign.conferences.first() or make_conference(campaign)
        motion = make_motion(conference, MotionStage.ADOPTED, effects=[standing_effect()])
    fields = {
        "number": _next(campaign.resolutions, "number"),
        "title": motion.title,
        "adopted_on": campaign.today,
        "adopted_at": NOW,
        "enacted_at": NOW if enacted else None,
        **fields,
    }
    resolution = Resolution.objects.create(campaign=campaign, motion=motion, **fields)
    if enacted:
        chronicle.apply(
            campaign=campaign,
            changes=[changes.ChangeStanding(power="federation", other="klingon", by=-2)],
            by=None,
            why="Adopted.",
            source=resolution.source,
            now=NOW,
        )
    return resolution


def make_obligation(resolution: Resolution, power: Power, **fields: Any) -> Obligation:
    fields = {"text": "Return the prisoners", "due_on": StoryDate.parse("2379-03-20"), **fields}
    clause = resolution.motion.clauses.filter(kind=ClauseKind.OPERATIVE).get()
    return Obligation.objects.create(resolution=resolution, clause=clause, power=power, **fields)


def _next(rows: Any, field: str) -> int:
    return (rows.aggregate(last=Max(field))["last"] or 0) + 1
