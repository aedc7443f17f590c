"""The motions before a conference as its desk shows them, each with the steps that this viewer may take with it now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from diplomacy import records_votes as votes
from diplomacy.models import Ballot, Clause, Conference, Elector, Motion, Seat, Voter
from diplomacy.records_motions import LIVE_STAGES, live_motions
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import (
    UNVOTED_STAGES,
    Actor,
    MotionKind,
    MotionStage,
    MotionState,
    MotionStep,
    Step,
    motion_step,
)
from diplomacy.rules.tally import Status
from diplomacy.sitting.acts import AT_DESK, FEW, Act, closing_act, path_of
from khitomer.access import Viewer

Cast = dict[tuple[int, int], str]
"""The choice by motion and seat."""

TO_ENACT = "Preview and enact"

TONES = {
    MotionStage.VOTING: "lilac",
    MotionStage.ADOPTED: "moss",
    MotionStage.REJECTED: "brick",
    MotionStage.VETOED: "brick",
    MotionStage.TIED: "amber",
    MotionStage.VOID: "amber",
    MotionStage.SUBMITTED: "sky",
}


@dataclass(frozen=True, kw_only=True)
class MotionRow:
    """A motion as the desk shows it. `voted` of `voters` seats have voted; nothing here knows what they cast.

    `empty` names the seats without a delegate that have not voted, for the chair who votes for them.
    """

    motion: Motion
    acts: tuple[Act, ...] = ()
    why_not: str = ""
    voters: int = 0
    voted: int = 0
    empty: tuple[str, ...] = ()
    tag: str = ""
    tone: str = ""
    draft: bool = False
    settled: bool = False

    @property
    def complaint_id(self) -> int | None:
        """The complaint under which it stands on the agenda: its own, or that of the motion it belongs to."""
        parent = self.motion.parent
        return self.motion.complaint_id or (parent.complaint_id if parent else None)

    @property
    def belongs(self) -> bool:
        """Whether it belongs to another motion, under which it is shown."""
        return self.motion.parent_id is not None

    @property
    def to_enact(self) -> bool:
        """Whether it was adopted and waits for this viewer to enact it."""
        return any(act.label == TO_ENACT for act in self.acts)


def visible_motions(viewer: Viewer, conference: Conference) -> QuerySet[Motion]:
    """The motions before a conference: a draft is its sponsor's and the chair's alone."""
    motions = conference.motions.all()
    if viewer.is_gm:
        return motions
    return motions.filter(~Q(stage=MotionStage.DRAFT.value) | Q(pk__in=own_drafts(viewer, conference)))


def own_drafts(viewer: Viewer, conference: Conference) -> QuerySet[Motion, int]:
    """The keys of the motions that the viewer's power moves, or was asked to sponsor."""
    if viewer.delegation is None:
        return conference.motions.none().values_list("pk", flat=True)
    asked = Q(sponsor__power=viewer.delegation) | Q(sponsorships__seat__power=viewer.delegation)
    return conference.motions.filter(asked).values_list("pk", flat=True)


def motions_of(viewer: Viewer, conference: Conference) -> list[Motion]:
    """The motions that the viewer may see, with all that their rows need."""
    electors = Elector.objects.select_related("seat__power", "seat__delegate")
    rows = visible_motions(viewer, conference).select_related(
        "sponsor__power",
        "resolution",
        "complaint__complainant",
        "complaint__respondent",
        "complaint__hearing",
        "parent__complaint",
    )
    found = list(
        rows.prefetch_related(
            Prefetch(
                "clauses", queryset=Clause.objects.only("motion_id", "kind", "position", "fallen_by_id")
            ),
            Prefetch("electors", queryset=electors),
            "sponsorships__seat__power",
            "complaint__joinders__power",
            "complaint__hearing__heard",
            "parent__complaint__joinders__power",
            "subsidiary",
        )
    )
    conference.live = live_motions(conference)  # type: ignore[attr-defined]
    for motion in found:
        motion.conference = conference
    return found


def ballots_of(viewer: Viewer, motions: Sequence[Motion]) -> Cast:
    """Who has voted in the open votes, each with the choice this viewer gave for it, or "" for anyone else's."""
    voting = [motion.pk for motion in motions if motion.stage == MotionStage.VOTING]
    own = Exists(Ballot.objects.cast_by(viewer).filter(pk=OuterRef("pk")))
    rows = Ballot.objects.filter(motion__in=voting).annotate(own=own)
    cast = {(row.motion_id, row.seat_id): row.choice if row.own else "" for row in rows}
    secret = [each.pk for each in motions if each.mode == Mode.SECRET and each.pk in voting]
    if secret:
        cast |= dict.fromkeys(Voter.objects.filter(motion__in=secret).values_list("motion_id", "seat_id"), "")
    return cast


def in_families(rows: Iterable[MotionRow]) -> list[MotionRow]:
    """Each motion with what still waits of what was moved about it; what is settled shows on the motion's own page."""
    shown = (row for row in rows if not (row.belongs and row.settled))
    return sorted(shown, key=lambda row: (_root(row.motion), row.motion.number))


def _root(motion: Motion) -> int:
    return motion.parent.number if motion.parent else motion.number


def motion_row(viewer: Viewer, motion: Motion, cast: Cast, seats: Sequence[Seat]) -> MotionRow:
    """A motion for this viewer: its steps, and how far an open vote has come."""
    actor = votes.actor_at(motion.conference, viewer.membership, sponsor=motion.sponsor)
    acts, why_not = _motion_acts(viewer, motion, actor, cast, seats)
    voters = [elector for elector in motion.electors.all() if votes.may_vote(elector)]
    voted = sum((motion.pk, elector.seat_id) in cast for elector in voters)
    voting = motion.stage == MotionStage.VOTING
    return MotionRow(
        motion=motion,
        acts=tuple(acts),
        why_not=why_not,
        voters=len(voters),
        voted=voted,
        empty=_empty(motion, cast) if viewer.is_gm and voting and motion.mode != Mode.HANDS else (),
        tag=f"{voted} of {len(voters)} voted" if voting else motion.get_stage_display(),
        tone=TONES.get(MotionStage(motion.stage), ""),
        draft=motion.stage == MotionStage.DRAFT,
        settled=motion.stage not in (*UNVOTED_STAGES, MotionStage.VOTING, MotionStage.TIED, MotionStage.VOID),
    )


def _motion_acts(
    viewer: Viewer, motion: Motion, actor: Actor, cast: Cast, seats: Sequence[Seat]
) -> tuple[list[Act], str]:
    """What this viewer may do with a motion, the next step of the procedure first; and why not the chair's."""
    state = votes.motion_state(motion)
    steps = {name: motion_step(name, state, actor) for name in MotionStep}

    def may(name: MotionStep) -> bool:
        return steps[name].allowed and not steps[name].overrule

    def act(label: str, name: str, **more: Any) -> Act:
        path = path_of(viewer, name, conference=motion.conference.slug, number=motion.number)
        return Act(label=label, path=path, **more)

    acts, why_not = [], ""
    if may(MotionStep.SUBMIT) and not (viewer.is_gm and may(MotionStep.OPEN_VOTE)):
        acts.append(act("Submit the motion", "motion-submit", post=True, tone="go"))
    if may(MotionStep.OPEN_VOTE):
        why_not = votes.not_votable(motion) or _nobody_votes(motion, seats)
        if not why_not:
            sends = (("mode", motion.mode), *AT_DESK)
            acts.append(act("Open the vote", "vote-open", post=True, sends=sends, tone="go"))
    else:
        on_the_floor = _floor_acts(viewer, motion, may)
        acts += on_the_floor
        if not acts and motion.stage in _WAITING:
            why_not = state.waits_for or _what_it_waits_for(steps, state, viewer)
    if may(MotionStep.CLOSE_VOTE) and motion.mode == Mode.HANDS:
        acts.append(act("Key in the hands", "motion", tone="go"))
    elif may(MotionStep.CLOSE_VOTE):
        path = path_of(viewer, "vote-close", conference=motion.conference.slug, number=motion.number)
        few = motion.mode == Mode.SECRET and sum(of == motion.pk for of, _ in cast) < FEW
        acts.append(closing_act("Close the vote", path, _missing(motion, cast), few=few))
    if may(MotionStep.CASTING_VOTE):
        acts.append(act("Give the casting vote", "motion", tone="go"))
    if may(MotionStep.SECOND_VOTE):
        acts.append(act("Open the second vote", "vote-open", post=True, sends=AT_DESK, tone="go"))
    acts += _enactment(viewer, motion, may(MotionStep.ENACT))
    if may(MotionStep.EDIT):
        acts.append(act("Edit", "motion-edit"))
    return acts, why_not


def _what_it_waits_for(
    steps: Mapping[MotionStep, Step[MotionStep, MotionStage]], state: MotionState, viewer: Viewer
) -> str:
    """Why the motion goes no further yet: what its draft lacks, or what the chair's vote waits for."""
    if state.stage is MotionStage.DRAFT:
        lacking = steps[MotionStep.SUBMIT].reason
        return lacking if steps[MotionStep.EDIT].allowed and not state.enough_sponsors else ""
    refused = steps[MotionStep.OPEN_VOTE].reason
    return refused if viewer.is_gm and not refused.startswith("This step belongs to") else ""


_WAITING = (*UNVOTED_STAGES, MotionStage.VOID)

_FLOOR = (
    (MotionStep.SIGN, "Sign as a sponsor"),
    (MotionStep.RULE_IN_ORDER, "Rule it in order"),
    (MotionStep.SECOND, "Second it"),
    (MotionStep.OPEN_DEBATE, "Open the debate"),
    (MotionStep.CLOSE_DEBATE, "Close the debate"),
)
_BEFORE_THE_VOTE = (
    (MotionKind.AMENDMENT, MotionStep.TAKE_AMENDMENTS, "Take the amendments"),
    (MotionKind.CLAUSE, MotionStep.DIVIDE, "Divide the question"),
)


def _floor_acts(viewer: Viewer, motion: Motion, may: Callable[[MotionStep], bool]) -> list[Act]:
    """The one step that brings a motion nearer to its vote, where it is this viewer's: one press."""
    waiting = {each.kind for each in motion.subsidiary.all() if each.stage in LIVE_STAGES}
    steps = [(step, label) for kind, step, label in _BEFORE_THE_VOTE if kind in waiting]
    path = path_of(viewer, "motion-step", conference=motion.conference.slug, number=motion.number)
    for step, label in (*_FLOOR, *steps):
        if may(step):
            sends = (("do", step.value), *AT_DESK)
            return [Act(label=label, path=path, post=True, sends=sends, tone="go")]
    return []


def _enactment(viewer: Viewer, motion: Motion, may_enact: bool) -> list[Act]:
    resolution = getattr(motion, "resolution", None)
    if resolution is None:
        return []
    path = path_of(viewer, "resolution", number=resolution.number)
    if may_enact:
        return [Act(label=TO_ENACT, path=path, tone="go")]
    return [Act(label=f"Resolution {resolution.number}", path=path)]


def _nobody_votes(motion: Motion, seats: Sequence[Seat]) -> str:
    """Why a vote on this motion would have no voter, as the action that opens one says it, or ""."""
    here = [seat for seat in seats if seat.present and not seat.observer]
    if any(votes.status_of(seat, motion) == Status.ELIGIBLE for seat in here):
        return ""
    if here:
        return "No seat present may vote on this motion: each is a party, and recused. Seat a third power."
    return "No seat present may vote on this motion. Call the roll first."


def _waiting(motion: Motion, cast: Cast) -> list[Elector]:
    """The seats that may vote and have not."""
    return [
        elector
        for elector in motion.electors.all()
        if votes.may_vote(elector) and (motion.pk, elector.seat_id) not in cast
    ]


def _missing(motion: Motion, cast: Cast) -> list[str]:
    return [elector.seat.power.name for elector in _waiting(motion, cast)]


def _empty(motion: Motion, cast: Cast) -> tuple[str, ...]:
    """Those of them without a delegate."""
    return tuple(each.seat.power.name for each in _waiting(motion, cast) if each.seat.delegate_id is None)
