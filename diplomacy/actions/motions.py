"""Drafting a motion: its clauses and their typed effects, and putting it before the conference or taking it back.

A draft is its sponsor's and the chair's alone, so it has no number that others could miss in the row of motions: it
goes by a private one until it is submitted. Locks are taken in the order motion, then conference.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from diplomacy import records_votes as records
from diplomacy.models import (
    Clause,
    ClauseKind,
    Complaint,
    Conference,
    ConferenceStage,
    Effect,
    Motion,
    Seat,
)
from diplomacy.rules import effects as rules
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import ComplaintStage, Finding, MotionStage, MotionStep, motion_step
from khitomer.errors import Refused
from khitomer.models import Campaign, Membership, User

PRIVATE_NUMBERS = range(20_000, 32_768)
"""The numbers of drafts. What is before the conference counts 1, 2, 3 without a gap."""

MOST_CLAUSES = 60
MOST_EFFECTS = 12  # of one clause

# A complaint about which something may still be found.
_OPEN_TO_MOTIONS = (ComplaintStage.SCHEDULED, ComplaintStage.HEARD, ComplaintStage.NO_DECISION)


@dataclass(frozen=True, kw_only=True)
class ClauseText:
    """One clause as it was drafted: its kind (a `ClauseKind`), phrase and text, and the payloads of its effects."""

    kind: str = ClauseKind.OPERATIVE.value
    phrase: str
    text: str
    effects: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class _Eyes:
    """A member as `visible_to` asks for them."""

    is_gm: bool
    power_id: int | None


def draft_motion(
    *,
    conference: Conference,
    title: str,
    clauses: Iterable[ClauseText],
    by: User,
    now: datetime,
    complaint: Complaint | None = None,
    sponsor: Seat | None = None,
    finding: str = Finding.NONE.value,
    mode: str = Mode.ROLL_CALL.value,
) -> Motion:
    """A new draft before a conference. `sponsor` is a seat that `by` speaks for; None is the chair's own motion.

    `finding` is a `Finding` and needs a complaint of this conference's agenda. `Refused`, on `sponsor`, `complaint`,
    `finding` or `clauses`, for what cannot be; effects are refused in the words of `effects.parse`.
    """
    with transaction.atomic():
        conference = _lock_conference(conference)
        member = _member(conference.campaign, by)
        if conference.stage == ConferenceStage.CLOSED:
            raise Refused("The conference is closed", allowed="The chair may open the sitting again")
        _check_sponsor(conference, sponsor, member)
        _check_complaint(conference, complaint, finding)
        motion = Motion.objects.create(
            conference=conference,
            number=_private_number(conference),
            complaint=complaint,
            title=_titled(title),
            finding=finding,
            sponsor=sponsor,
            mode=_mode(mode),
            created_by=by,
        )
        _write(motion, list(clauses), member)
    return motion


def edit_motion(
    *,
    motion: Motion,
    title: str,
    clauses: Iterable[ClauseText],
    finding: str,
    mode: str,
    by: User,
    now: datetime,
) -> Motion:
    """Write a motion anew. Only its sponsor (the chair, of its own), and no longer once it is being voted on."""
    with transaction.atomic():
        motion = _lock(motion)
        _demand(MotionStep.EDIT, motion, by)
        _check_complaint(motion.conference, motion.complaint, finding)
        motion.title, motion.finding, motion.mode = _titled(title), finding, _mode(mode)
        motion.save(update_fields=["title", "finding", "mode"])
        motion.clauses.all().delete()
        _write(motion, list(clauses), _member(motion.conference.campaign, by))
    return motion


def submit_motion(*, motion: Motion, by: User, now: datetime) -> Motion:
    """Put a draft before the conference: it gets its number, and everyone may read it. Sent twice, it is sent once."""
    with transaction.atomic():
        # Before the motion, as everywhere: two orders would lock each other out.
        _lock_conference(motion.conference)
        motion = _lock(motion)
        if motion.stage == MotionStage.SUBMITTED:
            return motion
        _demand(MotionStep.SUBMIT, motion, by)
        number_publicly(motion)
        motion.stage = MotionStage.SUBMITTED.value
        motion.save(update_fields=["number", "stage"])
    return motion


def withdraw_motion(*, motion: Motion, by: User, now: datetime) -> Motion | None:
    """Take a motion back before the vote. A draft that nobody else has read is thrown away: None is returned."""
    with transaction.atomic():
        motion = _lock(motion)
        _demand(MotionStep.WITHDRAW, motion, by)
        if motion.stage == MotionStage.DRAFT:
            motion.delete()
            return None
        motion.stage = MotionStage.WITHDRAWN.value
        motion.save(update_fields=["stage"])
    return motion


def number_publicly(motion: Motion) -> None:
    """Give a draft its place in the row of motions, without saving it. Anything numbered already keeps its number.

    Call it under the motion's lock, when the motion comes before the conference.
    """
    if motion.number not in PRIVATE_NUMBERS:
        return
    conference = _lock_conference(motion.conference)
    public = conference.motions.filter(number__lt=PRIVATE_NUMBERS.start)
    motion.number = (public.aggregate(last=Max("number"))["last"] or 0) + 1


def _private_number(conference: Conference) -> int:
    """A number that says nothing, not even how many drafts there are."""
    taken = set(conference.motions.filter(number__gte=PRIVATE_NUMBERS.start).values_list("number", flat=True))
    while True:
        number = secrets.choice(PRIVATE_NUMBERS)
        if number not in taken:
            return number


# Under the lock -------------------------------------------------------------------------------------------------------


def _lock(motion: Motion) -> Motion:
    rows = Motion.objects.select_related(
        "conference__campaign", "conference__charter", "complaint", "sponsor__power", "resolution"
    )
    found = rows.select_for_update(of=("self",)).filter(pk=motion.pk).first()
    if found is None:
        raise Refused("This draft has been thrown away")
    return found


def _lock_conference(conference: Conference) -> Conference:
    rows = Conference.objects.select_related("campaign", "charter").select_for_update(of=("self",))
    return rows.get(pk=conference.pk)


def _member(campaign: Campaign, by: User) -> Membership | None:
    return campaign.memberships.select_related("power").filter(user=by).first()


def _demand(name: MotionStep, motion: Motion, by: User) -> None:
    """`Refused` in the procedure's words unless this person may take the step.

    What belongs to the sponsor is the sponsor's: there is nowhere yet to keep the reason of an overrule.
    """
    actor = records.actor_at(
        motion.conference, _member(motion.conference.campaign, by), sponsor=motion.sponsor
    )
    step = motion_step(name, records.motion_state(motion), actor)
    if step.overrule:
        raise Refused(
            f"This is for the sponsor, {motion.sponsor.power}" if motion.sponsor else "This is for the chair",
            allowed="Take the delegate off the seat to speak for it yourself",
        )
    if not step.allowed:
        raise Refused(step.reason)


def _check_sponsor(conference: Conference, sponsor: Seat | None, member: Membership | None) -> None:
    if sponsor is None:
        if not records.is_chair(member):
            raise Refused("A delegate moves a motion from its own seat", field="sponsor")
        return
    if sponsor.conference_id != conference.pk or not records.is_voice_of(member, sponsor):
        raise Refused("You do not speak for that seat", field="sponsor", allowed="Choose a seat of your own")
    if sponsor.observer:
        raise Refused("An observer moves no motions", field="sponsor")


def _check_complaint(conference: Conference, complaint: Complaint | None, finding: str) -> None:
    if finding not in [each.value for each in Finding]:
        raise Refused("A motion finds a breach, no breach, or nothing", field="finding")
    if complaint is None:
        if finding != Finding.NONE.value:
            raise Refused("A finding is about a complaint", field="finding", allowed="Choose the complaint")
        return
    hearing = conference.hearings.select_related("complaint").filter(complaint=complaint).first()
    if hearing is None:
        raise Refused("That complaint is not on this conference's agenda", field="complaint")
    complaint = hearing.complaint  # as it stands now, whatever the caller has read before
    if finding != Finding.NONE.value and complaint.stage not in _OPEN_TO_MOTIONS:
        raise Refused(
            f"Complaint No. {complaint.number} stands at “{complaint.stage}”: there is nothing left to find",
            field="finding",
            allowed="A motion without a finding may still speak of it",
        )


def _titled(title: str) -> str:
    title = title.strip()
    if not title:
        raise Refused("The motion needs a title", field="title")
    if len(title) > 120:
        raise Refused(f"The title has {len(title)} characters", field="title", allowed="The limit is 120")
    return title


def _mode(mode: str) -> str:
    if mode not in list(Mode):
        raise Refused("A vote is by roll call or open", field="mode")
    return mode


# Clauses --------------------------------------------------------------------------------------------------------------


def _write(motion: Motion, clauses: Sequence[ClauseText], member: Membership | None) -> None:
    if len(clauses) > MOST_CLAUSES:
        raise Refused(f"A motion has at most {MOST_CLAUSES} clauses", field="clauses")
    known = _Known(motion.conference.campaign, member)
    rows = Clause.objects.bulk_create(
        Clause(
            motion=motion,
            position=position,
            kind=clause.kind,
            phrase=clause.phrase[:40],
            text=clause.text[:800],
        )
        for position, clause in enumerate(clauses, start=1)
    )
    Effect.objects.bulk_create(
        Effect(clause=row, ordinal=ordinal, payload=payload)
        for row, clause in zip(rows, clauses, strict=True)
        for ordinal, payload in enumerate(_payloads(clause, row.position, known), start=1)
    )


def _payloads(clause: ClauseText, position: int, known: "_Known") -> list[dict[str, Any]]:
    """The clause's effects as they are kept; `Refused` on `clauses` naming the clause."""
    if clause.kind not in ClauseKind.values:
        raise Refused(f"Clause {position} is neither preambular nor operative", field="clauses")
    if not clause.text.strip() or not clause.phrase.strip():
        raise Refused(f"Clause {position} is empty", field="clauses", allowed="Write it, or remove it")
    if clause.effects and clause.kind != ClauseKind.OPERATIVE:
        raise Refused(
            f"Clause {position} is preambular; only operative clauses have effects", field="clauses"
        )
    if len(clause.effects) > MOST_EFFECTS:
        raise Refused(f"Clause {position} has more than {MOST_EFFECTS} effects", field="clauses")
    try:
        effects = [rules.parse(dict(payload)) for payload in clause.effects]
        for effect in effects:
            known.check(effect)
    except ValueError as error:
        raise Refused(f"Clause {position}: {error}", field="clauses") from error
    return [rules.to_json(effect) for effect in effects]


class _Known:
    """What the drafter may name. What is kept from them is answered as what does not exist."""

    def __init__(self, campaign: Campaign, member: Membership | None) -> None:
        self.campaign = campaign
        self.eyes: Any = _Eyes(records.is_chair(member), member.power_id if member else None)
        self._slugs: dict[str, set[str]] = {}

    def check(self, effect: rules.Effect) -> None:
        """Raise ValueError when the effect names something that is not there for this drafter."""
        for what in ("power", "other", "treaty", "clock", "entry", "territory", "zone"):
            slug = getattr(effect, what, None)
            if slug is not None:
                self._demand("power" if what == "other" else what, slug)
        # A territory passes to nobody where it passes to no power.
        for slug in (getattr(effect, "to", ""), *getattr(effect, "powers", ())):
            if slug:
                self._demand("power", slug)

    def _demand(self, kind: str, slug: str) -> None:
        if slug not in self._known(kind):
            raise ValueError(f"There is no {kind} “{slug}”.")

    def _known(self, kind: str) -> set[str]:
        if kind not in self._slugs:
            campaign: Any = self.campaign
            rows = {
                "power": campaign.powers.all(),
                "treaty": campaign.treaties.all(),
                "clock": campaign.clocks.visible_to(self.eyes),
                "entry": campaign.entries.visible_to(self.eyes),
                "territory": campaign.territories.all(),
                "zone": campaign.zones.all(),
            }[kind]
            self._slugs[kind] = set(rows.values_list("slug", flat=True))
        return self._slugs[kind]
