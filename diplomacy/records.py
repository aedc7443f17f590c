"""Rows to rule values: what the rules must know of a complaint and of whoever asks, drawn in few queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from diplomacy.models import Complaint, ConferenceStage, Hearing, Obligation, TreatyCharter
from diplomacy.rules import jurisdiction
from diplomacy.rules.charters import PRESETS, Knobs
from diplomacy.rules.jurisdiction import Exemption, Party, Reservation, Span, Verdict
from diplomacy.rules.limits import has_run
from diplomacy.rules.procedure import (
    Actor,
    Charter,
    ComplaintStage,
    ComplaintState,
    Finding,
    MotionKind,
    MotionStage,
)
from diplomacy.rules.tally import Outcome
from khitomer.models import (
    Adherence,
    Campaign,
    Membership,
    Power,
    Provision,
    RecordedUse,
    Role,
    Treaty,
    User,
)
from khitomer.models import Reservation as ReservationRow
from khitomer.rules.dates import Answer, StoryDate

# Last words of names that take an article in a sentence: "the Klingon Empire", but "Bajor".
_WITH_ARTICLE = frozenset(
    "alliance assembly association authority bloc coalition collective combine commonwealth compact confederacy"
    " confederation conclave consortium corporate council directorate dominion empire federation hegemony houses"
    " imperium kingdom league nations order pact planets primacy protectorate republic state states syndicate"
    " systems union worlds".split()
)


def called(power: Power) -> str:
    """A power's name as it stands in a sentence: "the Klingon Empire", "Bajor". Also its key in the rules."""
    words = power.name.lower().split()
    article = words[0] != "the" and (words[-1] in _WITH_ARTICLE or "of" in words)
    return f"the {power.name}" if article else power.name


# Who asks -----------------------------------------------------------------------------------------------------------


def unspoken_powers(campaign: Campaign) -> Collection[Power]:
    """The powers for which no player sits, so that the chair speaks for them."""
    return campaign.powers.exclude(memberships__role=Role.PLAYER)


def voice(campaign: Campaign, user: User) -> Actor:
    """An account as the procedure knows it: someone who is no member of the campaign only watches."""
    membership = campaign.memberships.select_related("power").filter(user=user).first()
    return actor_of(membership, campaign) if membership else Actor(is_chair=False, power=None, observer=True)


def actor_of(membership: Membership, campaign: Campaign) -> Actor:
    """A member as the procedure knows them. One query for a chair, none for anyone else."""
    chair = membership.role in (Role.GM, Role.CO_GM)
    return Actor(
        is_chair=chair,
        power=called(membership.power) if membership.power else None,
        observer=membership.role == Role.OBSERVER,
        stands_in_for=frozenset(map(called, unspoken_powers(campaign))) if chair else frozenset(),
    )


# The complaint ------------------------------------------------------------------------------------------------------

WANTED = {
    "respondent": "a respondent",
    "provisions": "a provision of a treaty",
    "act_on": "the day of the act",
    "title": "a title",
    "statement": "a statement",
}
"""What a complaint needs to be filed, in words."""


def missing(complaint: Complaint) -> dict[str, str]:
    """What a draft lacks before it can be filed: the field, and the words for it."""
    return {field: words for field, words in WANTED.items() if not _has(complaint, field)}


def _has(complaint: Complaint, field: str) -> bool:
    if field == "provisions":
        return bool(complaint.citations.all())
    return bool(getattr(complaint, field))


def complaint_state(complaint: Complaint) -> ComplaintState:
    """All that the steps of this complaint depend on."""
    hearing = hearing_of(complaint)
    conference = hearing.conference if hearing else None
    finding, outcome = _latest_finding(complaint)
    today = complaint.campaign.today
    return ComplaintState(
        stage=ComplaintStage(complaint.stage),
        complainant=called(complaint.complainant),
        respondents=tuple(map(called, complaint.respondents)),
        third_parties=tuple(map(called, complaint.third_parties)),
        features=charter_of(complaint, hearing).features,
        missing=tuple(missing(complaint).values()),
        verdict=verdict_of(complaint),
        on_agenda=hearing is not None,
        sitting=conference is not None and conference.stage == ConferenceStage.OPEN,
        finding=finding,
        outcome=outcome,
        appealed=_appealed(complaint),
        due=_anything_due(complaint, today),
        parley_over=parley_over(complaint, today),
        may_object=complaint.objection_due is not None and not has_run(complaint.objection_due, today),
    )


def parley_over(complaint: Complaint, today: StoryDate) -> bool:
    """Whether the parley's limit has run, or the one for an answer without one (DSU art. 4.3 and 4.7)."""
    unanswered = complaint.answered_on is None and has_run(complaint.answer_due, today)
    return unanswered or complaint.parley_due is None or has_run(complaint.parley_due, today)


def _anything_due(complaint: Complaint, today: StoryDate) -> bool:
    """Whether something that was to be done is due, or said to be done. Asked only where compliance is watched."""
    if complaint.stage != ComplaintStage.COMPLIANCE:
        return False
    return Obligation.objects.of_compliance_with(complaint).said_or_due(today).exists()


def _appealed(complaint: Complaint) -> bool:
    """Whether an appeal from the ruling is before a conference, or was decided. One query where there may be one.

    What a conference has decided on appeal is its own ruling, and no longer the chair's.
    """
    if complaint.stage not in (ComplaintStage.ADMITTED, ComplaintStage.INADMISSIBLE):
        return False
    ended = (MotionStage.WITHDRAWN.value, MotionStage.RULED_OUT.value)
    return complaint.motions.filter(kind=MotionKind.APPEAL.value).exclude(stage__in=ended).exists()


def hearing_of(complaint: Complaint) -> Hearing | None:
    """The complaint's place on an agenda, or None."""
    try:
        return complaint.hearing
    except Hearing.DoesNotExist:
        return None


def knobs_of(treaty: Treaty) -> Knobs:
    """The charter that a treaty gives its conferences and complaints: the quick one unless it was set."""
    try:
        return treaty.charter.knobs  # type: ignore[no-any-return]
    except TreatyCharter.DoesNotExist:
        return PRESETS[Charter.QUICK]


def charter_of(complaint: Complaint, hearing: Hearing | None = None) -> Knobs:
    """The charter a complaint goes by: that of the conference that has it; before that, its treaty's.

    Where it cites several treaties, the first one with a forum counts.
    """
    hearing = hearing or hearing_of(complaint)
    charter = getattr(hearing.conference, "charter", None) if hearing else None
    if charter is not None:
        return charter.knobs  # type: ignore[no-any-return]
    treaties = [citation.provision.treaty for citation in complaint.citations.all()]
    forum = next((treaty for treaty in treaties if treaty.has_forum), None)
    return knobs_of(forum) if forum else PRESETS[Charter.QUICK]


def _latest_finding(complaint: Complaint) -> tuple[Finding, Outcome | None]:
    """What the latest closed vote on this complaint said. Only a complaint that was heard has one."""
    if complaint.stage not in (ComplaintStage.HEARD, ComplaintStage.NO_DECISION):
        return Finding.NONE, None
    motion = complaint.motions.exclude(outcome="").exclude(finding="").order_by("-closed_at").first()
    return (Finding(motion.finding), Outcome(motion.outcome)) if motion else (Finding.NONE, None)


def verdict_of(complaint: Complaint) -> Verdict | None:
    """The stored rulings taken together, or None before they were computed."""
    rulings = [list(citation.rulings.all()) for citation in complaint.citations.all()]
    if not rulings or not all(rulings):
        return None
    return jurisdiction.overall(Verdict(ruling.verdict) for found in rulings for ruling in found)


# Jurisdiction -------------------------------------------------------------------------------------------------------

Dates = tuple[StoryDate, StoryDate | None]


@dataclass(frozen=True)
class Record:
    """What the campaign has on record of some powers and provisions: keys are the rows' own."""

    spans: Mapping[tuple[int, int], tuple[Dates, ...]]  # by treaty and power
    reservations: Mapping[tuple[int, int], tuple[Dates, ...]]  # by provision and power
    uses: Mapping[
        int, tuple[StoryDate, ...]
    ]  # by provision: anyone's, for the text speaks of the use as such
    uses_of: Mapping[tuple[int, int], tuple[StoryDate, ...]]  # by provision and power: whose each was

    def bound(self, treaty: Treaty, power: Power) -> tuple[Dates, ...]:
        """The power's spans in the treaty, earliest first."""
        return self.spans.get((treaty.pk, power.pk), ())

    def party(self, provision: Provision, power: Power) -> Party:
        """One side of a complaint, as the rules weigh it for the provision."""
        reserved = self.reservations.get((provision.pk, power.pk), ())
        return Party(
            power=called(power),
            spans=tuple(Span(*dates) for dates in self.bound(provision.treaty, power)),
            reservations=tuple(Reservation(*dates) for dates in reserved),
        )


def draw(
    powers: Collection[Power], provisions: Collection[Provision], treaties: Collection[Treaty]
) -> Record:
    """The record of these powers under these provisions and treaties, in three queries."""
    spans, reserved, uses = defaultdict(list), defaultdict(list), defaultdict(list)
    uses_of = defaultdict(list)
    bound = {*(treaty.pk for treaty in treaties), *(each.treaty_id for each in provisions)}
    for span in Adherence.objects.filter(treaty__in=bound, power__in=powers).order_by("entered"):
        spans[span.treaty_id, span.power_id].append((span.entered, span.left))
    for row in ReservationRow.objects.filter(provision__in=provisions, power__in=powers).order_by("entered"):
        reserved[row.provision_id, row.power_id].append((row.entered, row.left))
    for use in RecordedUse.objects.filter(provision__in=provisions):
        uses[use.provision_id].append(use.on)
        uses_of[use.provision_id, use.power_id].append(use.on)
    return Record(
        spans={key: tuple(found) for key, found in spans.items()},
        reservations={key: tuple(found) for key, found in reserved.items()},
        uses={key: tuple(found) for key, found in uses.items()},
        uses_of={key: tuple(found) for key, found in uses_of.items()},
    )


def weigh(
    record: Record,
    provision: Provision,
    *,
    complainant: Power,
    respondent: Power,
    act: StoryDate,
    filed: StoryDate,
) -> jurisdiction.Ruling:
    """The ruling on one provision cited, on the record as it stands."""
    limit, window = provision.exemption_limit, provision.exemption_window_days
    return jurisdiction.assess(
        complainant=record.party(provision, complainant),
        respondent=record.party(provision, respondent),
        act=act,
        filed=filed,
        has_forum=provision.treaty.has_forum,
        accrued_rights_survive=provision.treaty.accrued_rights_survive,
        exemption=None if limit is None or window is None else Exemption(limit, window),
        uses=record.uses.get(provision.pk, ()),
    )


def act_among_uses(
    record: Record, provision: Provision, *, respondent: Power, act: StoryDate
) -> Answer | None:
    """Whether the act itself is one of the recorded uses that an exemption counts; None without such a limit."""
    if provision.exemption_limit is None or provision.exemption_window_days is None:
        return None
    days = record.uses_of.get((provision.pk, respondent.pk), ())
    if act in days:
        return Answer.YES
    near = any(day.first <= act.last and act.first <= day.last for day in days)
    return Answer.DOUBT if near else Answer.NO


# The strip ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Strip:
    """One treaty's adherence, ready for the `adherence_strip` tag."""

    treaty: Treaty
    parties: tuple[tuple[str, str, str, tuple[Dates, ...]], ...]
    start: StoryDate
    end: StoryDate
    act: StoryDate | None


def strip(
    record: Record, treaty: Treaty, powers: Collection[Power], *, act: StoryDate | None, today: StoryDate
) -> Strip:
    """The powers' adherence from the treaty's signing (or the act, if earlier) to the end of the year of today."""
    years = [treaty.signed.year, today.year, *([act.year] if act else [])]
    return Strip(
        treaty=treaty,
        parties=tuple(
            (power.name, power.short, power.colour, record.bound(treaty, power)) for power in powers
        ),
        start=StoryDate(min(years)),
        end=StoryDate(max(years)),
        act=act,
    )
