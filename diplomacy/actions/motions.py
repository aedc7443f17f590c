"""Drafting a motion: its clauses and their typed effects, and putting it before the conference or taking it back.

A draft is its sponsor's and the chair's alone, so it has no number that others could miss in the row of motions: it
goes by a private one until it is submitted. Locks are taken in the order conference, then motion.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from diplomacy import records_votes as records
from diplomacy.actions import minutes
from diplomacy.actions.consequences import fall_with
from diplomacy.actions.sealing import check_unquoted, effect_texts
from diplomacy.actions.taking import (
    PRIVATE_NUMBERS,
    held,
    held_conference,
    member_of,
    next_number,
    take,
)
from diplomacy.models import (
    Clause,
    ClauseKind,
    Complaint,
    Conference,
    ConferenceStage,
    Effect,
    MinuteKind,
    Motion,
    Resolution,
    Seat,
)
from diplomacy.rules import effects as rules
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import ComplaintStage, Finding, MotionKind, MotionStage, MotionStep
from khitomer.errors import Refused
from khitomer.models import Campaign, Membership, Role, User

MOST_CLAUSES = 60
MOST_EFFECTS = 12  # of one clause
MOST_EFFECTS_IN_ALL = 30  # of a motion

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

    campaign: Campaign
    membership: Membership

    @property
    def is_gm(self) -> bool:
        return records.is_chair(self.membership)

    @property
    def power_id(self) -> int | None:
        return self.membership.power_id


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
    repeals: Resolution | None = None,
) -> Motion:
    """A new draft before a conference. `sponsor` is a seat that `by` speaks for; None is the chair's own motion.

    `finding` is a `Finding` and needs a complaint of this conference's agenda. `Refused`, on `sponsor`, `complaint`,
    `finding` or `clauses`, for what cannot be; effects are refused in the words of `effects.parse`.
    """
    with transaction.atomic():
        conference = held_conference(conference)
        member = member_of(conference.campaign, by)
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
            repeals=_repealable(conference, repeals),
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
    repeals: Resolution | None = None,
) -> Motion:
    """Write a motion anew. Only its sponsor (the chair, of its own), and no longer once it is being voted on."""
    with transaction.atomic():
        motion = held(motion)
        take(MotionStep.EDIT, motion, by=by, now=now)
        if motion.subsidiary.exists():
            raise Refused("Others have moved something about this text: it is changed by amendment now")
        if (
            motion.kind != MotionKind.COUNTERMEASURES
        ):  # these answer a complaint that may be on another agenda
            _check_complaint(motion.conference, motion.complaint, finding)
        motion.title, motion.finding, motion.mode = _titled(title), finding, _mode(mode)
        motion.repeals = _repealable(motion.conference, repeals)
        motion.save(update_fields=["title", "finding", "mode", "repeals"])
        motion.clauses.all().delete()
        motion.sponsorships.update(signed_at=None)  # what was signed was another text
        _write(motion, list(clauses), member_of(motion.conference.campaign, by))
    return motion


def submit_motion(*, motion: Motion, by: User, now: datetime, reason: str = "") -> Motion:
    """Put a draft before the conference: it gets its number, and everyone may read it. Sent twice, it is sent once.

    A chair who does it in the sponsor's stead gives a `reason`, which is kept as an overrule.
    """
    with transaction.atomic():
        # Before the motion, as everywhere: two orders would lock each other out.
        held_conference(motion.conference)
        motion = held(motion)
        if motion.stage == MotionStage.SUBMITTED and _is_its(motion, by):
            return motion
        take(MotionStep.SUBMIT, motion, by=by, now=now, reason=reason)
        number_publicly(motion)
        motion.stage = MotionStage.SUBMITTED.value
        motion.save(update_fields=["number", "stage"])
        _note(motion, MinuteKind.MOVED, now)
    return motion


def _is_its(motion: Motion, by: User) -> bool:
    """Whether a motion is this person's to put: its sponsor's, and the chair's."""
    member = member_of(motion.conference.campaign, by)
    return records.is_chair(member) or (
        motion.sponsor is not None and records.is_voice_of(member, motion.sponsor)
    )


def withdraw_motion(*, motion: Motion, by: User, now: datetime, reason: str = "") -> Motion | None:
    """Take a motion back before the vote (GA rule 80). A draft is thrown away: None is returned.

    What others had moved of it falls with it; while one of those is being voted on, or once it was amended, it stays.
    A chair who does it in the sponsor's stead gives a `reason`, which is kept as an overrule.
    """
    with transaction.atomic():
        motion = held(motion)
        if motion.stage == MotionStage.WITHDRAWN:
            return motion
        if motion.stage == MotionStage.DRAFT:
            _check_own_draft(motion, by)
        take(MotionStep.WITHDRAW, motion, by=by, now=now, reason=reason)
        if motion.stage == MotionStage.DRAFT:
            motion.delete()
            return None
        voting = motion.subsidiary.filter(
            stage__in=(MotionStage.VOTING.value, MotionStage.TIED.value)
        ).first()
        if voting:
            raise Refused(f"Motion {voting.number}, which is about it, is being voted on")
        motion.stage = MotionStage.WITHDRAWN.value
        motion.save(update_fields=["stage"])
        fall_with(motion, f"Motion {motion.number} was withdrawn.")
        _note(motion, MinuteKind.WITHDRAWN, now)
    return motion


def _check_own_draft(motion: Motion, by: User) -> None:
    """What was never before the conference is its mover's to throw away, and nobody overrules that in the minutes."""
    member = member_of(motion.conference.campaign, by)
    if motion.sponsor and not records.is_voice_of(member, motion.sponsor):
        raise Refused(
            f"This is for the sponsor, {motion.sponsor.power}",
            allowed="Take the delegate off the seat to speak for it yourself",
        )


def _note(motion: Motion, kind: MinuteKind, now: datetime) -> None:
    minutes.note(
        conference=motion.conference,
        kind=kind,
        now=now,
        power=motion.sponsor.power if motion.sponsor else None,
        motion=motion,
        complaint=motion.complaint,
        number=motion.number,
        title=motion.title,
    )


def number_publicly(motion: Motion) -> None:
    """Give a draft its place in the row of motions, without saving it. Anything numbered already keeps its number.

    Call it under the motion's lock, when the motion comes before the conference.
    """
    if motion.number not in PRIVATE_NUMBERS:
        return
    motion.number = next_number(held_conference(motion.conference))


def _private_number(conference: Conference) -> int:
    """A number that says nothing, not even how many drafts there are."""
    taken = set(conference.motions.filter(number__gte=PRIVATE_NUMBERS.start).values_list("number", flat=True))
    while True:
        number = secrets.choice(PRIVATE_NUMBERS)
        if number not in taken:
            return number


# Under the lock -------------------------------------------------------------------------------------------------------


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


def _repealable(conference: Conference, repeals: Resolution | None) -> Resolution | None:
    """The resolution that a motion would repeal: one of the campaign's, and in force."""
    if repeals is None:
        return None
    found = conference.campaign.resolutions.filter(pk=repeals.pk, enacted_at__isnull=False)
    found = found.filter(undone_at=None, repealed_by=None)
    if not found.exists():
        raise Refused(
            f"Resolution {repeals.number} is not in force, so nothing can repeal it", field="repeals"
        )
    return repeals


def _titled(title: str) -> str:
    title = title.strip()
    if not title:
        raise Refused("The motion needs a title", field="title")
    if len(title) > 120:
        raise Refused(f"The title has {len(title)} characters", field="title", allowed="The limit is 120")
    return title


def _mode(mode: str) -> str:
    if mode not in list(Mode):
        raise Refused("A vote is open, by roll call, by show of hands or secret", field="mode")
    return mode


# Clauses --------------------------------------------------------------------------------------------------------------


def _write(motion: Motion, clauses: Sequence[ClauseText], member: Membership | None) -> None:
    if len(clauses) > MOST_CLAUSES:
        raise Refused(f"A motion has at most {MOST_CLAUSES} clauses", field="clauses")
    if motion.sponsor is not None:
        # The clauses as one text, too: a sentence that is cut in two is the same sentence.
        words = [" ".join(clause.text for clause in clauses)]
        words += [text for clause in clauses for text in (clause.text, *effect_texts(clause.effects))]
        check_unquoted(
            motion.sponsor.power, [("title", motion.title), *(("clauses", text) for text in words)]
        )
    if sum(len(clause.effects) for clause in clauses) > MOST_EFFECTS_IN_ALL:
        raise Refused(f"A motion has at most {MOST_EFFECTS_IN_ALL} effects", field="clauses")
    known = Known(motion.conference.campaign, member)
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
        for ordinal, payload in enumerate(payloads_of(clause, row.position, known), start=1)
    )


def payloads_of(clause: ClauseText, position: int, known: "Known") -> list[dict[str, Any]]:
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


class Known:
    """What the drafter may name. What is kept from them is answered as what does not exist."""

    def __init__(self, campaign: Campaign, member: Membership | None) -> None:
        self.campaign = campaign
        # Who is no member sees what a bare observer would.
        self.eyes: Any = _Eyes(campaign, member or Membership(campaign=campaign, role=Role.OBSERVER))
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
