"""A conference's desk as one viewer meets it: the agenda with the next steps, the motions, the room, the ballots due.

Drawn in a constant number of queries, whatever the length of the agenda. What the viewer may not see is left out by
the query; what was cast in an open vote is known here for the caster alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from diplomacy import records
from diplomacy import records_votes as votes
from diplomacy.models import (
    Ballot,
    Charter,
    Clause,
    Complaint,
    Conference,
    ConferenceStage,
    Elector,
    Hearing,
    Motion,
    Seat,
)
from diplomacy.records_sitting import quorum_lacking
from diplomacy.rules.procedure import (
    DECIDED_STAGES,
    UNVOTED_STAGES,
    Actor,
    ComplaintStage,
    ComplaintStep,
    Finding,
    MotionStage,
    MotionStep,
    complaint_step,
    motion_step,
)
from diplomacy.rules.tally import Base, Kind, Status, Tie
from khitomer.access import Viewer

# What the desk shows --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing to do from the desk: a link, or with `post` a button that `sends` these fields to the address."""

    label: str
    path: str
    post: bool = False
    sends: tuple[tuple[str, str], ...] = ()
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class MotionRow:
    """A motion as the desk shows it. `voted` of `voters` seats have voted; nothing here knows what they cast."""

    motion: Motion
    acts: tuple[Act, ...] = ()
    why_not: str = ""
    voters: int = 0
    voted: int = 0
    tag: str = ""
    tone: str = ""
    draft: bool = False
    settled: bool = False


@dataclass(frozen=True, kw_only=True)
class Item:
    """A complaint on the agenda, its motions, and the steps that this viewer may take with it now."""

    hearing: Hearing
    complaint: Complaint
    motions: tuple[MotionRow, ...]
    acts: tuple[Act, ...]
    why_not: str = ""
    tone: str = ""
    current: bool = False

    @property
    def done(self) -> bool:
        return self.complaint.stage in _OVER


@dataclass(frozen=True, kw_only=True)
class BallotDue:
    """A ballot that this viewer may cast, with the choice cast so far, or ""."""

    motion: Motion
    seat: Seat
    choice: str


@dataclass(frozen=True, kw_only=True)
class CharterWords:
    """The charter as the table reads it."""

    adopted_by: str
    quorum: str
    tie: str
    veto: str


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A conference as one viewer meets it."""

    conference: Conference
    seats: list[Seat]
    items: list[Item]
    others: list[MotionRow]
    ballots: list[BallotDue]
    board: list[tuple[str, str, str, str]]
    board_of: Motion | None
    quorum: str
    charter: CharterWords
    admitted: list[Complaint] = field(default_factory=list)
    may_move: bool = False

    @property
    def current(self) -> Item | None:
        return next((item for item in self.items if item.current), None)

    @property
    def done(self) -> int:
        return sum(item.done for item in self.items)

    @property
    def opens_below(self) -> bool:
        """Whether the item in hand already offers to open the sitting."""
        now = self.current
        return now is not None and any(act.path.endswith("/stage/") for act in now.acts)

    @property
    def go(self) -> Act | None:
        """The one step that stands out: of the complaint in hand first, and of its motion before its own."""
        if self.ballots:
            return None  # the ballot is the step
        items = sorted(self.items, key=lambda item: not item.current)
        acts = [act for item in items for row in item.motions for act in row.acts]
        acts += [act for item in items for act in item.acts]
        acts += [act for row in self.others for act in row.acts]
        now = self.current
        if now is not None:
            acts = [act for row in now.motions for act in row.acts] + [*now.acts, *acts]
        return next((act for act in acts if act.tone == "go"), None)

    @property
    def members(self) -> list[Seat]:
        return [seat for seat in self.seats if not seat.observer]

    @property
    def present(self) -> int:
        return sum(seat.present for seat in self.members)

    @property
    def resolutions(self) -> list[Motion]:
        """The motions that were adopted, as resolutions, the latest first."""
        rows = [row.motion for item in self.items for row in item.motions] + [
            row.motion for row in self.others
        ]
        adopted = [motion for motion in rows if getattr(motion, "resolution", None)]
        return sorted(adopted, key=lambda motion: -motion.resolution.number)


_OVER = (
    *DECIDED_STAGES,
    ComplaintStage.COMPLIANCE,
    ComplaintStage.COMPLIED,
    ComplaintStage.WITHDRAWN,
    ComplaintStage.SETTLED,
    ComplaintStage.INADMISSIBLE,
)
_TONES = {
    MotionStage.VOTING: "lilac",
    MotionStage.ADOPTED: "moss",
    MotionStage.REJECTED: "brick",
    MotionStage.VETOED: "brick",
    MotionStage.TIED: "amber",
    MotionStage.VOID: "amber",
    MotionStage.SUBMITTED: "sky",
}
_COMPLAINT_TONES = {
    ComplaintStage.SCHEDULED: "sky",
    ComplaintStage.HEARD: "lilac",
    ComplaintStage.BREACH: "brick",
    ComplaintStage.NO_BREACH: "moss",
    ComplaintStage.NO_DECISION: "amber",
}


def visible_motions(viewer: Viewer, conference: Conference) -> QuerySet[Motion]:
    """The motions before a conference: a draft is its sponsor's and the chair's alone."""
    motions = conference.motions.all()
    if viewer.is_gm:
        return motions
    own = Q(sponsor__power=viewer.power_id) if viewer.power_id else Q(pk__in=())
    return motions.filter(own | ~Q(stage=MotionStage.DRAFT.value))


def desk_of(viewer: Viewer, conference: Conference) -> Desk:
    """The conference's desk for this viewer."""
    seats = list(conference.seats.select_related("power", "delegate__user"))
    # One object for the conference, so that the steps of every motion and hearing read the same seats and charter.
    conference._prefetched_objects_cache = {"seats": conference.seats.all()}
    conference._prefetched_objects_cache["seats"]._result_cache = seats
    motions = _motions(viewer, conference)
    cast = _ballots(motions)
    lacking = quorum_lacking(seats, conference.charter.quorum)
    rows = [_motion_row(viewer, motion, cast, seats) for motion in motions]
    may_move = viewer.is_gm or any(
        votes.is_voice_of(viewer.membership, seat) and not seat.observer for seat in seats
    )
    items = _items(viewer, conference, rows, lacking, may_move)
    board_of = next((row.motion for row in rows if row.motion.stage == MotionStage.VOTING), None)
    return Desk(
        conference=conference,
        seats=seats,
        items=items,
        others=[row for row in rows if row.motion.complaint_id not in {item.complaint.pk for item in items}],
        ballots=_due(viewer, rows, cast, seats),
        board=_board(seats, board_of, cast),
        board_of=board_of,
        quorum=lacking,
        charter=charter_words(conference.charter, seats),
        admitted=_admitted(viewer, conference),
        may_move=may_move and conference.stage != ConferenceStage.CLOSED,
    )


def charter_words(charter: Charter, seats: Sequence[Seat]) -> CharterWords:
    """What the charter says, in words: the share of the votes cast, the quorum, a tie, and whose veto."""
    share = _SHARES.get(charter.threshold, f"{charter.threshold}")
    base = {
        Base.CAST: "of the votes cast",
        Base.PRESENT: "of those present",
        Base.MEMBERSHIP: "of the members",
    }
    needed = f"{'at least' if charter.at_least else 'more than'} {share} {base[Base(charter.base)]}"
    if charter.kind != Kind.MAJORITY:
        needed = charter.get_kind_display().lower()
    holders = [seat.power.name for seat in seats if seat.veto and not seat.observer]
    return CharterWords(
        adopted_by=needed,
        quorum=f"{_SHARES.get(charter.quorum, str(charter.quorum))} of the members"
        if charter.quorum
        else "none",
        tie=_TIES[Tie(charter.tie)],
        veto=(", ".join(holders) or "allowed; no seat holds one yet") if charter.veto else "nobody has one",
    )


_SHARES = {
    Fraction(1, 3): "a third",
    Fraction(1, 2): "half",
    Fraction(2, 3): "two thirds",
    Fraction(1): "all",
}
_TIES = {
    Tie.CASTING: "the chair gives a casting vote",
    Tie.REJECT: "the motion is rejected",
    Tie.SECOND_VOTE: "the conference votes once more",
}


# Rows -----------------------------------------------------------------------------------------------------------------

_Cast = dict[tuple[int, int], str]  # the choice by motion and seat


def _motions(viewer: Viewer, conference: Conference) -> list[Motion]:
    electors = Elector.objects.select_related("seat__power", "seat__delegate")
    rows = visible_motions(viewer, conference).select_related(
        "sponsor__power", "resolution", "complaint__complainant", "complaint__respondent"
    )
    found = list(
        rows.prefetch_related(
            Prefetch("clauses", queryset=Clause.objects.only("motion_id", "kind", "position")),
            Prefetch("electors", queryset=electors),
        )
    )
    for motion in found:
        motion.conference = conference
    return found


def _ballots(motions: Sequence[Motion]) -> _Cast:
    """Who has cast what in the open votes. The choices are for their own casters alone."""
    voting = [motion.pk for motion in motions if motion.stage == MotionStage.VOTING]
    rows = Ballot.objects.filter(motion__in=voting).values_list("motion_id", "seat_id", "choice")
    return {(motion, seat): choice for motion, seat, choice in rows}


def _admitted(viewer: Viewer, conference: Conference) -> list[Complaint]:
    """Complaints that wait for a place on an agenda such as this one. The chair's business, so nobody else's query."""
    if not viewer.is_gm or conference.stage == ConferenceStage.CLOSED:
        return []
    return list(admitted_under(viewer, conference).order_by("number"))


def admitted_under(viewer: Viewer, conference: Conference) -> QuerySet[Complaint]:
    """Admitted complaints that cite the conference's treaty."""
    return (
        viewer.campaign.complaints.visible_to(viewer)
        .at(ComplaintStage.ADMITTED)
        .filter(citations__provision__treaty=conference.treaty_id)
        .with_parties()
        .distinct()
    )


def _board(seats: Sequence[Seat], motion: Motion | None, cast: _Cast) -> list[tuple[str, str, str, str]]:
    """The horseshoe: who has voted in the open vote, or else who is in the room. Never a choice."""
    if motion is None:
        return [_place(seat, "present" if seat.present else "absent") for seat in seats]
    electors = [elector for elector in motion.electors.all() if elector.status != Status.OBSERVER]
    return [_place(elector.seat, _vote_state(elector, cast)) for elector in electors]


def _place(seat: Seat, state: str) -> tuple[str, str, str, str]:
    return seat.power.name, seat.power.short, seat.power.colour, state


def _vote_state(elector: Elector, cast: _Cast) -> str:
    if elector.status == Status.RECUSED:
        return "recused"
    if not elector.present:
        return "absent"
    return "sealed" if (elector.motion_id, elector.seat_id) in cast else "waiting"


def _due(viewer: Viewer, rows: Sequence[MotionRow], cast: _Cast, seats: Sequence[Seat]) -> list[BallotDue]:
    own = {seat.pk: seat for seat in seats if seat.delegate_id == viewer.membership.pk}
    return [
        BallotDue(
            motion=row.motion,
            seat=own[elector.seat_id],
            choice=cast.get((row.motion.pk, elector.seat_id), ""),
        )
        for row in rows
        if row.motion.stage == MotionStage.VOTING
        for elector in row.motion.electors.all()
        if elector.seat_id in own and votes.may_vote(elector)
    ]


# Motions --------------------------------------------------------------------------------------------------------------


def _motion_row(viewer: Viewer, motion: Motion, cast: _Cast, seats: Sequence[Seat]) -> MotionRow:
    actor = votes.actor_at(motion.conference, viewer.membership, sponsor=motion.sponsor)
    acts, why_not = _motion_acts(viewer, motion, actor, cast)
    voters = [elector for elector in motion.electors.all() if votes.may_vote(elector)]
    voted = sum((motion.pk, elector.seat_id) in cast for elector in voters)
    voting = motion.stage == MotionStage.VOTING
    return MotionRow(
        motion=motion,
        acts=tuple(acts),
        why_not=why_not,
        voters=len(voters),
        voted=voted,
        tag=f"{voted} of {len(voters)} voted" if voting else motion.get_stage_display(),
        tone=_TONES.get(MotionStage(motion.stage), ""),
        draft=motion.stage == MotionStage.DRAFT,
        settled=motion.stage not in (*UNVOTED_STAGES, MotionStage.VOTING, MotionStage.TIED, MotionStage.VOID),
    )


def _motion_acts(viewer: Viewer, motion: Motion, actor: Actor, cast: _Cast) -> tuple[list[Act], str]:
    """What this viewer may do with a motion, the next step of the procedure first; and why not the chair's."""
    state = votes.motion_state(motion)
    steps = {name: motion_step(name, state, actor) for name in MotionStep}

    def may(name: MotionStep) -> bool:
        return steps[name].allowed and not steps[name].overrule

    def act(label: str, name: str, **more: Any) -> Act:
        path = _path(viewer, name, conference=motion.conference.slug, number=motion.number)
        return Act(label=label, path=path, **more)

    acts, why_not = [], ""
    if may(MotionStep.SUBMIT) and not viewer.is_gm:
        acts.append(act("Submit the motion", "motion-submit", post=True, tone="go"))
    if may(MotionStep.OPEN_VOTE):
        why_not = _not_heard(motion)
        if not why_not:
            sends = (("mode", motion.mode),)
            acts.append(act("Open the vote", "vote-open", post=True, sends=sends, tone="go"))
    elif viewer.is_gm and motion.stage in (MotionStage.DRAFT, MotionStage.SUBMITTED, MotionStage.VOID):
        why_not = steps[MotionStep.OPEN_VOTE].reason
    if may(MotionStep.CLOSE_VOTE):
        waiting = _gm_ballots(motion, cast)
        if waiting:
            label = "Cast the GM’s ballot" if waiting == 1 else f"Cast the GM’s {waiting} ballots"
            acts.append(act(label, "motion", tone="alt"))
        acts.append(act("Close the vote", "vote-close", post=True, tone="go"))
    if may(MotionStep.CASTING_VOTE):
        acts.append(act("Give the casting vote", "motion", tone="go"))
    if may(MotionStep.SECOND_VOTE):
        acts.append(act("Open the second vote", "vote-open", post=True, tone="go"))
    acts += _enactment(viewer, motion, may(MotionStep.ENACT))
    if may(MotionStep.EDIT):
        acts.append(act("Edit", "motion-edit"))
    return acts, why_not


def _enactment(viewer: Viewer, motion: Motion, may_enact: bool) -> list[Act]:
    resolution = getattr(motion, "resolution", None)
    if resolution is None:
        return []
    path = _path(viewer, "resolution", number=resolution.number)
    if may_enact:
        return [Act(label="Preview and enact", path=path, tone="go")]
    return [Act(label=f"Resolution {resolution.number}", path=path)]


def _not_heard(motion: Motion) -> str:
    """Why a finding cannot be voted on yet."""
    if motion.complaint is None or motion.finding == Finding.NONE.value:
        return ""
    if motion.complaint.stage == ComplaintStage.SCHEDULED:
        return "The parties are heard before anything is found: open the hearing first."
    if motion.complaint.stage not in (ComplaintStage.HEARD, ComplaintStage.NO_DECISION):
        return f"The complaint stands at “{motion.complaint.stage}”: nothing is left to find."
    return ""


def _gm_ballots(motion: Motion, cast: _Cast) -> int:
    """How many seats without a delegate have not voted yet."""
    return sum(
        elector.seat.delegate_id is None and (motion.pk, elector.seat_id) not in cast
        for elector in motion.electors.all()
        if votes.may_vote(elector)
    )


# The agenda -----------------------------------------------------------------------------------------------------------


def _items(
    viewer: Viewer, conference: Conference, rows: Sequence[MotionRow], lacking: str, may_move: bool
) -> list[Item]:
    hearings = list(
        conference.hearings.select_related(
            "complaint__complainant", "complaint__respondent"
        ).prefetch_related("complaint__citations__provision__treaty", "complaint__citations__ruling")
    )
    for hearing in hearings:
        hearing.conference = hearing.complaint.hearing.conference = conference
    current = _current(hearings)
    chair = records.actor_for(viewer)
    found = []
    for hearing in hearings:
        complaint = hearing.complaint
        own = tuple(row for row in rows if row.motion.complaint_id == complaint.pk)
        acts, why_not = _item_acts(viewer, hearing, own, chair, lacking, may_move)
        found.append(
            Item(
                hearing=hearing,
                complaint=complaint,
                motions=own,
                acts=tuple(acts),
                why_not=why_not,
                tone=_COMPLAINT_TONES.get(ComplaintStage(complaint.stage), ""),
                current=hearing is current,
            )
        )
    return found


def _current(hearings: Sequence[Hearing]) -> Hearing | None:
    """The item in hand: the one that is being heard, or else the next to be."""
    for stage in (ComplaintStage.HEARD, ComplaintStage.SCHEDULED):
        for hearing in hearings:
            if hearing.complaint.stage == stage:
                return hearing
    return None


def _item_acts(
    viewer: Viewer,
    hearing: Hearing,
    motions: Sequence[MotionRow],
    chair: Actor,
    lacking: str,
    may_move: bool,
) -> tuple[list[Act], str]:
    conference, complaint = hearing.conference, hearing.complaint
    acts, why_not = [], ""
    if viewer.is_gm and complaint.stage == ComplaintStage.SCHEDULED:
        step = complaint_step(ComplaintStep.HEAR, records.complaint_state(complaint), chair)
        planned = conference.stage == ConferenceStage.PLANNED
        if conference.stage == ConferenceStage.CLOSED:
            acts.append(opening_act(viewer, conference))
            why_not = step.reason
        elif lacking:
            why_not = f"{lacking}. Call the roll again when more seats are in the room."
        elif step.allowed or planned:
            path = _path(viewer, "hearing-open", conference=conference.slug, number=complaint.number)
            label = "Open the sitting and the hearing" if planned else "Open the hearing"
            sends = (("sitting", "open"),) if planned else ()
            acts.append(Act(label=label, path=path, post=True, sends=sends, tone="go"))
        else:
            why_not = step.reason
    # The step of a motion in hand is the step of its complaint.
    in_hand = [row for row in motions if not row.settled]
    open_to_motions = complaint.stage in (
        ComplaintStage.HEARD,
        ComplaintStage.SCHEDULED,
        ComplaintStage.NO_DECISION,
    )
    if may_move and open_to_motions and conference.stage != ConferenceStage.CLOSED:
        first = complaint.stage == ComplaintStage.HEARD and not in_hand
        path = f"{_path(viewer, 'motion-new', conference=conference.slug)}?complaint={complaint.number}"
        label = "Draft another motion" if in_hand else "Draft a motion"
        acts.append(Act(label=label, path=path, tone="go" if first else ""))
    return acts, why_not


def opening_act(viewer: Viewer, conference: Conference) -> Act:
    """The button that opens the sitting, for the first time or again."""
    again = "" if conference.stage == ConferenceStage.PLANNED else " again"
    return Act(
        label=f"Open the sitting{again}",
        path=_path(viewer, "conference-stage", conference=conference.slug),
        post=True,
        sends=(("to", ConferenceStage.OPEN.value),),
        tone="go",
    )


def _path(viewer: Viewer, name: str, **where: object) -> str:
    return reverse(name, kwargs={"campaign": viewer.campaign.slug, **where})
