"""Who may do what, when: the quick charter in full, the shape of the others, and the reasons."""

from dataclasses import replace

import pytest

from diplomacy.rules.charters import PRESETS
from diplomacy.rules.jurisdiction import Verdict
from diplomacy.rules.procedure import (
    CLOSED_STAGES,
    DECIDED_STAGES,
    UNVOTED_STAGES,
    VOTED_STAGES,
    Actor,
    Charter,
    ComplaintStage,
    ComplaintState,
    ComplaintStep,
    Finding,
    MotionKind,
    MotionStage,
    MotionState,
    MotionStep,
    complaint_step,
    complaint_steps,
    decision_for,
    motion_step,
    motion_steps,
    stage_for,
)
from diplomacy.rules.tally import Outcome, Tie

GM = Actor(is_chair=True, power=None)
EMPIRE = Actor(is_chair=False, power="Klingon Empire")
CARDASSIA = Actor(is_chair=False, power="Cardassian Union")
ROMULUS = Actor(is_chair=False, power="Romulan Star Empire")
WATCHER = Actor(is_chair=False, power=None, observer=True)
OUTSIDER = Actor(is_chair=False, power=None)
CAST = {
    "gm": GM,
    "complainant": EMPIRE,
    "respondent": CARDASSIA,
    "third": ROMULUS,
    "observer": WATCHER,
    "nobody": OUTSIDER,
}

COMPLAINT = ComplaintState(
    stage=ComplaintStage.DRAFT,
    complainant="Klingon Empire",
    respondents=("Cardassian Union",),
    verdict=Verdict.BOUND,
    on_agenda=True,
    finding=Finding.BREACH,
    outcome=Outcome.ADOPTED,
    parley_over=True,
)
MOTION = MotionState(
    stage=MotionStage.DRAFT,
    sponsor="Klingon Empire",
    electors=frozenset({"Klingon Empire", "Romulan Star Empire"}),
    recused=frozenset({"Cardassian Union"}),
)


def may(steps) -> set[str]:
    """The steps that are allowed; an overrule carries a mark."""
    return {f"{step.name}{'!' if step.overrule else ''}" for step in steps if step.allowed}


def words(text: str) -> set[str]:
    return {word.strip() for word in text.split(",") if word.strip()}


# Complaints, quick -------------------------------------------------------------------------------------------------

PARTY = "supplement, parley, settle"

QUICK_COMPLAINT = [
    # stage, the GM, the complainant, the respondent
    ("draft", "", "edit, discard, file", ""),
    (
        "filed",
        "return, docket, admit, decline!, withdraw!",
        "withdraw",
        "",
    ),
    ("returned", "withdraw!", "edit, file, withdraw", ""),
    ("ruling", "return, admit, decline!, , withdraw!", "supplement, parley, settle, withdraw", PARTY),
    ("admitted", "schedule, decline!, , withdraw!", "supplement, parley, settle, withdraw", PARTY),
    ("inadmissible", "admit!", "", ""),
    ("scheduled", "hear, decline!, decide!, , withdraw!", "supplement, parley, settle, withdraw", PARTY),
    ("heard", "decide, , withdraw!", "supplement, parley, settle, withdraw", PARTY),
    ("breach", "", "", ""),
    ("no breach", "", "", ""),
    ("no decision", "decide", "", ""),
    ("withdrawn", "", "", ""),
]


@pytest.mark.parametrize(("stage", "gm", "complainant", "respondent"), QUICK_COMPLAINT)
def test_what_each_may_do_with_a_complaint(stage, gm, complainant, respondent):
    state = replace(COMPLAINT, stage=ComplaintStage(stage))
    assert may(complaint_steps(state, GM)) == words(gm)
    assert may(complaint_steps(state, EMPIRE)) == words(complainant)
    assert may(complaint_steps(state, CARDASSIA)) == words(respondent)
    assert may(complaint_steps(state, ROMULUS)) == ({"join"} if respondent else set())
    for bystander in (WATCHER, OUTSIDER):
        assert may(complaint_steps(state, bystander)) == set()


QUICK_ROAD = [
    ("file", EMPIRE, "filed"),
    ("docket", GM, "ruling"),
    ("admit", GM, "admitted"),
    ("schedule", GM, "scheduled"),
    ("hear", GM, "heard"),
    ("decide", GM, "breach"),
]


def test_the_quick_road_from_draft_to_decision():
    state = COMPLAINT
    for name, actor, stage in QUICK_ROAD:
        step = complaint_step(ComplaintStep(name), state, actor)
        assert step.allowed and not step.needs_reason
        assert step.next_stage == stage
        state = replace(state, stage=step.next_stage)
    assert state.stage in CLOSED_STAGES


def test_returned_and_filed_again():
    filed = replace(COMPLAINT, stage=ComplaintStage.FILED)
    returned = complaint_step(ComplaintStep.RETURN, filed, GM)
    assert (returned.next_stage, returned.needs_reason, returned.overrule) == (
        ComplaintStage.RETURNED,
        True,
        False,
    )
    again = complaint_step(ComplaintStep.FILE, replace(COMPLAINT, stage=ComplaintStage.RETURNED), EMPIRE)
    assert (again.allowed, again.next_stage) == (True, ComplaintStage.FILED)


@pytest.mark.parametrize(
    ("verdict", "step", "needs_reason", "overrule"),
    [
        (Verdict.BOUND, ComplaintStep.ADMIT, False, False),
        (Verdict.BOUND, ComplaintStep.DECLINE, True, True),
        (Verdict.NOT_BOUND, ComplaintStep.ADMIT, True, True),
        (Verdict.NOT_BOUND, ComplaintStep.DECLINE, False, False),
        (Verdict.IN_DOUBT, ComplaintStep.ADMIT, True, False),
        (Verdict.IN_DOUBT, ComplaintStep.DECLINE, True, False),
    ],
)
@pytest.mark.parametrize("stage", [ComplaintStage.FILED, ComplaintStage.RULING])
def test_the_chair_and_the_ruling(stage, verdict, step, needs_reason, overrule):
    found = complaint_step(step, replace(COMPLAINT, stage=stage, verdict=verdict), GM)
    assert found.allowed
    assert (found.needs_reason, found.overrule) == (needs_reason, overrule)
    assert bool(found.reason) is needs_reason


def test_admitting_what_was_declared_inadmissible_is_an_overrule_whatever_the_ruling():
    for verdict in Verdict:
        step = complaint_step(
            ComplaintStep.ADMIT, replace(COMPLAINT, stage=ComplaintStage.INADMISSIBLE, verdict=verdict), GM
        )
        assert (step.allowed, step.overrule, step.needs_reason) == (True, True, True)


def test_nobody_edits_a_filed_statement():
    for stage in set(ComplaintStage) - {ComplaintStage.DRAFT, ComplaintStage.RETURNED}:
        for charter in Charter:
            for actor in CAST.values():
                step = complaint_step(
                    ComplaintStep.EDIT,
                    replace(COMPLAINT, stage=stage, features=PRESETS[charter].features),
                    actor,
                )
                assert not step.allowed
                assert "never edited" in step.reason


@pytest.mark.parametrize(
    ("change", "step", "actor", "reason"),
    [
        (dict(missing=("a respondent", "the day of the act")), "file", EMPIRE, "The draft still needs a respondent and the day of the act."),
        (dict(respondents=("Klingon Empire",)), "file", EMPIRE, "A power cannot complain of itself."),
        (dict(), "file", ROMULUS, "This is for the complainant, Klingon Empire."),
        (dict(), "file", GM, "This is for the complainant, Klingon Empire."),
        (dict(stage=ComplaintStage.HEARD), "admit", GM, "This step belongs to “filed” or “ruling”; the complaint stands at “heard”."),
        (dict(stage=ComplaintStage.RULING), "admit", EMPIRE, "This is for the chair."),
        (dict(stage=ComplaintStage.RULING, verdict=None), "admit", GM, "The ruling on jurisdiction has not been computed yet."),
        (dict(stage=ComplaintStage.SCHEDULED, on_agenda=False), "hear", GM, "No conference has this complaint on its agenda."),
        (dict(stage=ComplaintStage.SCHEDULED, sitting=False), "hear", GM, "A hearing opens when the conference sits with a quorum."),
        (dict(stage=ComplaintStage.HEARD, outcome=None), "decide", GM, "No finding on this complaint has been put to the vote and decided."),
        (dict(stage=ComplaintStage.HEARD, outcome=Outcome.TIED), "decide", GM, "The vote on the finding is tied: it waits for the casting vote or the second vote."),
        (dict(), "refer", EMPIRE, "This charter has no such step."),
        (dict(stage=ComplaintStage.BREACH), "withdraw", EMPIRE, "This step belongs to “filed”, “returned”, “ruling”, “admitted”, “scheduled” or “heard”; the complaint stands at “breach”."),
    ],
)  # fmt: skip
def test_why_not(change, step, actor, reason):
    found = complaint_step(ComplaintStep(step), replace(COMPLAINT, **change), actor)
    assert (found.allowed, found.reason) == (False, reason)


def test_an_overrule_says_whose_step_it_is():
    step = complaint_step(ComplaintStep.WITHDRAW, replace(COMPLAINT, stage=ComplaintStage.HEARD), GM)
    assert (step.allowed, step.overrule, step.needs_reason) == (True, True, True)
    assert (
        step.reason == "This is for the complainant, Klingon Empire. The chair may overrule, with a reason."
    )


def test_a_chair_who_stands_in_for_a_power_acts_as_its_delegate():
    stand_in = Actor(is_chair=True, power=None, stands_in_for=frozenset({"Klingon Empire"}))
    step = complaint_step(ComplaintStep.FILE, COMPLAINT, stand_in)
    assert (step.allowed, step.overrule) == (True, False)


def test_only_a_chair_stands_in():
    pretender = Actor(is_chair=False, power=None, stands_in_for=frozenset({"Klingon Empire"}))
    assert not complaint_step(ComplaintStep.FILE, COMPLAINT, pretender).allowed
    assert not Actor(is_chair=False, power="Klingon Empire", observer=True).speaks_for("Klingon Empire")


# Decisions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finding", "outcome", "stage"),
    [
        (Finding.BREACH, Outcome.ADOPTED, ComplaintStage.BREACH),
        (Finding.NO_BREACH, Outcome.ADOPTED, ComplaintStage.NO_BREACH),
        (Finding.NONE, Outcome.ADOPTED, None),
        (Finding.BREACH, Outcome.REJECTED, ComplaintStage.NO_DECISION),
        (Finding.NO_BREACH, Outcome.REJECTED, ComplaintStage.NO_DECISION),
        (Finding.BREACH, Outcome.VETOED, ComplaintStage.NO_DECISION),
        (Finding.NO_BREACH, Outcome.VETOED, ComplaintStage.NO_DECISION),
        (Finding.NONE, Outcome.REJECTED, None),
        (Finding.BREACH, Outcome.TIED, None),
        (Finding.BREACH, Outcome.NO_QUORUM, None),
        (Finding.BREACH, None, None),
    ],
)
def test_decision_for(finding, outcome, stage):
    assert decision_for(finding, outcome) is stage


def test_a_later_finding_ends_what_an_earlier_vote_left_open():
    state = replace(COMPLAINT, stage=ComplaintStage.NO_DECISION, finding=Finding.NO_BREACH)
    assert complaint_step(ComplaintStep.DECIDE, state, GM).next_stage is ComplaintStage.NO_BREACH


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        (Outcome.ADOPTED, MotionStage.ADOPTED),
        (Outcome.REJECTED, MotionStage.REJECTED),
        (Outcome.VETOED, MotionStage.VETOED),
        (Outcome.TIED, MotionStage.TIED),
        (Outcome.NO_QUORUM, MotionStage.VOID),
    ],
)
def test_stage_for(outcome, stage):
    assert stage_for(outcome) is stage


# Motions, quick ----------------------------------------------------------------------------------------------------

QUICK_MOTION = [
    # stage, the GM, the sponsor, another elector
    ("draft", "submit!, preview, withdraw!", "edit, invite sponsors, submit, withdraw", ""),
    ("submitted", "rule out, open vote, preview, withdraw!", "edit, pledge, withdraw", "pledge"),
    ("voting", "close vote, preview", "cast ballot", "cast ballot"),
    ("adopted", "preview, enact", "", ""),
    ("rejected", "", "", ""),
    ("vetoed", "", "", ""),
    ("tied", "casting vote, preview", "", ""),
    ("void", "open vote", "", ""),
    ("withdrawn", "", "", ""),
    ("ruled out", "", "", ""),
]


@pytest.mark.parametrize(("stage", "gm", "sponsor", "elector"), QUICK_MOTION)
def test_what_each_may_do_with_a_motion(stage, gm, sponsor, elector):
    state = replace(MOTION, stage=MotionStage(stage), tie=Tie.CASTING)
    assert may(motion_steps(state, GM)) == words(gm)
    assert may(motion_steps(state, EMPIRE)) == words(sponsor)
    assert may(motion_steps(state, ROMULUS)) == words(elector)
    # A seat without a vote may still say how it would cast one.
    assert may(motion_steps(state, CARDASSIA)) == words(elector) - {"cast ballot"}
    for bystander in (WATCHER, OUTSIDER):
        assert may(motion_steps(state, bystander)) == set()


def test_the_chairs_own_motion_goes_straight_to_the_vote():
    own = replace(MOTION, sponsor=None)
    assert may(motion_steps(own, GM)) == {
        "edit",
        "invite sponsors",
        "submit",
        "open vote",
        "preview",
        "withdraw",
    }
    assert motion_step(MotionStep.OPEN_VOTE, own, GM).next_stage is MotionStage.VOTING
    assert may(motion_steps(own, EMPIRE)) == set()


@pytest.mark.parametrize(
    ("enacted", "undone", "steps"),
    [
        (False, False, {"preview", "enact"}),
        (True, False, {"preview", "undo"}),
        (True, True, {"preview"}),
    ],
)
def test_a_resolution_takes_effect_once_and_may_be_undone_once(enacted, undone, steps):
    state = replace(MOTION, stage=MotionStage.ADOPTED, enacted=enacted, undone=undone)
    assert may(motion_steps(state, GM)) == steps


@pytest.mark.parametrize(
    ("tie", "steps"),
    [(Tie.CASTING, {"casting vote"}), (Tie.SECOND_VOTE, {"second vote"}), (Tie.REJECT, set())],
)
def test_what_follows_a_tie(tie, steps):
    state = replace(MOTION, stage=MotionStage.TIED, tie=tie)
    assert may(motion_steps(state, GM)) == steps | {"preview"}


@pytest.mark.parametrize(
    ("change", "step", "actor", "reason"),
    [
        (dict(clauses=0), "submit", EMPIRE, "A motion needs at least one operative clause."),
        (dict(enough_sponsors=False), "submit", EMPIRE, "The motion still needs more sponsors: ask for their support on its page."),
        (dict(), "open vote", GM, "The motion is still a draft of Klingon Empire, which has to submit it."),
        (dict(stage=MotionStage.SUBMITTED, sitting=False), "open vote", GM, "A vote opens only while the conference sits."),
        (dict(stage=MotionStage.SUBMITTED, clauses=0), "open vote", GM, "A motion needs at least one operative clause."),
        (dict(stage=MotionStage.SUBMITTED, amended=True), "withdraw", EMPIRE, "A motion that has been amended belongs to the conference, and stays."),
        (dict(stage=MotionStage.VOTING), "withdraw", EMPIRE, "This step belongs to “draft” or “submitted”; the motion stands at “voting”."),
        (dict(stage=MotionStage.VOTING), "cast ballot", CARDASSIA, "A party to the complaint is recused from the vote on it."),
        (dict(stage=MotionStage.VOTING), "cast ballot", WATCHER, "Observers have no vote."),
        (dict(stage=MotionStage.VOTING), "cast ballot", GM, "Only a seat that was present and eligible when the vote opened may cast a ballot, each its own."),
        (dict(stage=MotionStage.ADOPTED), "cast ballot", EMPIRE, "This step belongs to “voting”; the motion stands at “adopted”."),
        (dict(stage=MotionStage.ADOPTED, enacted=True), "enact", GM, "The resolution has taken effect already; it does so once."),
        (dict(stage=MotionStage.ADOPTED, enacted=True, undone=True), "enact", GM, "The resolution was enacted and undone. To have its effects again takes a new motion."),
        (dict(stage=MotionStage.ADOPTED), "undo", GM, "Nothing has been enacted that could be undone."),
        (dict(stage=MotionStage.ADOPTED, enacted=True, undone=True), "undo", GM, "The resolution's effects have been undone already."),
        (dict(), "second", ROMULUS, "This charter has no such step."),
    ],
)  # fmt: skip
def test_why_not_for_a_motion(change, step, actor, reason):
    found = motion_step(MotionStep(step), replace(MOTION, **change), actor)
    assert (found.allowed, found.reason) == (False, reason)


def test_the_chair_casts_for_the_seats_it_stands_in_for_and_no_other():
    stand_in = Actor(is_chair=True, power=None, stands_in_for=frozenset({"Romulan Star Empire"}))
    state = replace(MOTION, stage=MotionStage.VOTING)
    assert motion_step(MotionStep.CAST_BALLOT, state, stand_in).allowed
    assert not motion_step(MotionStep.CAST_BALLOT, state, GM).allowed


# The fuller charters -----------------------------------------------------------------------------------------------


def complaint_reach(charter: Charter) -> set[ComplaintStage]:
    """Every stage that someone's allowed steps lead to from a draft."""
    reached, todo = set(), [ComplaintStage.DRAFT]
    while todo:
        stage = todo.pop()
        if stage in reached:
            continue
        reached.add(stage)
        state = replace(COMPLAINT, stage=stage, features=PRESETS[charter].features, may_object=True)
        for actor in CAST.values():
            todo += [
                step.next_stage for step in complaint_steps(state, actor) if step.allowed and step.next_stage
            ]
    return reached


def test_the_full_charter_reaches_every_stage_of_a_complaint():
    votes = {ComplaintStage.NO_BREACH, ComplaintStage.NO_DECISION}  # the other two ways the one vote may go
    assert complaint_reach(Charter.FULL) | votes == set(ComplaintStage)
    assert complaint_reach(Charter.QUICK) < complaint_reach(Charter.STANDARD) < complaint_reach(Charter.FULL)
    assert ComplaintStage.PARLEY not in complaint_reach(Charter.QUICK)


@pytest.mark.parametrize(
    ("stage", "step", "actor", "target"),
    [
        ("filed", "docket", GM, "parley"),
        ("parley", "settle", CARDASSIA, "settled"),
        ("parley", "refer", EMPIRE, "referred"),
        ("referred", "object", CARDASSIA, "objected"),
        ("referred", "rule", GM, "ruling"),
        ("objected", "rule", GM, "ruling"),
        ("breach", "oversee", GM, "compliance"),
        ("compliance", "accept", EMPIRE, "complied"),
        ("compliance", "dispute", EMPIRE, "disputed"),
        ("disputed", "find non-compliant", GM, "non-compliant"),
        ("non-compliant", "authorise", GM, "countermeasures"),
        ("countermeasures", "lift", GM, "complied"),
    ],
)
def test_the_full_charter_of_a_complaint(stage, step, actor, target):
    state = replace(
        COMPLAINT,
        stage=ComplaintStage(stage),
        features=PRESETS[Charter.FULL].features,
        may_object=step == "object",
    )
    found = complaint_step(ComplaintStep(step), state, actor)
    assert (found.allowed, found.overrule, found.next_stage) == (True, False, target)


@pytest.mark.parametrize(
    ("stage", "step", "actor", "target"),
    [
        ("submitted", "rule in order", GM, "in order"),
        ("in order", "second", ROMULUS, "seconded"),
        ("seconded", "open debate", GM, "debate"),
        ("debate", "adjourn debate", GM, "adjourned"),
        ("adjourned", "open debate", GM, "debate"),
        ("debate", "close debate", GM, "closed"),
        ("closed", "take amendments", GM, "amendments"),
        ("amendments", "divide", GM, "division"),
        ("division", "open vote", GM, "voting"),
        ("closed", "open vote", GM, "voting"),
    ],
)
def test_the_full_charter_of_a_motion(stage, step, actor, target):
    state = replace(MOTION, stage=MotionStage(stage), features=PRESETS[Charter.FULL].features)
    found = motion_step(MotionStep(step), state, actor)
    assert (found.allowed, found.overrule, found.next_stage) == (True, False, target)


def test_who_sponsors_a_motion_with_others_does_not_second_it_either():
    state = replace(MOTION, stage=MotionStage.IN_ORDER, features=PRESETS[Charter.FULL].features)
    assert motion_step(MotionStep.SECOND, state, ROMULUS).allowed
    signed = replace(state, signed=frozenset({"Romulan Star Empire"}))
    assert not motion_step(MotionStep.SECOND, signed, ROMULUS).allowed


def test_a_sponsor_does_not_second_its_own_motion():
    state = replace(MOTION, stage=MotionStage.IN_ORDER, features=PRESETS[Charter.FULL].features)
    assert not motion_step(MotionStep.SECOND, state, EMPIRE).allowed


# Shape -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("charter", Charter)
@pytest.mark.parametrize("who", CAST)
def test_every_refusal_has_its_sentence_and_every_step_comes_once(charter, who):
    for stage in ComplaintStage:
        steps = complaint_steps(
            replace(COMPLAINT, stage=stage, features=PRESETS[charter].features), CAST[who]
        )
        assert len({step.name for step in steps}) == len(steps)
        assert all(step.allowed or step.reason.endswith(".") for step in steps)
        assert all(step.needs_reason for step in steps if step.overrule)
    for stage in MotionStage:
        steps = motion_steps(replace(MOTION, stage=stage, features=PRESETS[charter].features), CAST[who])
        assert len({step.name for step in steps}) == len(steps)
        assert all(step.allowed or step.reason.endswith(".") for step in steps)
        assert all(step.needs_reason for step in steps if step.overrule)


def test_only_the_chair_overrules():
    for actor in set(CAST.values()) - {GM}:
        for stage in ComplaintStage:
            assert not any(step.overrule for step in complaint_steps(replace(COMPLAINT, stage=stage), actor))


def test_the_groups_of_stages_do_not_overlap():
    assert set(DECIDED_STAGES) <= set(CLOSED_STAGES)
    assert not set(UNVOTED_STAGES) & set(VOTED_STAGES)


@pytest.mark.parametrize("kind", MotionKind)
@pytest.mark.parametrize("stage", MotionStage)
@pytest.mark.parametrize("preset", Charter)
def test_every_kind_of_motion_is_answered_at_every_stage(kind, stage, preset):
    """Whatever the charter was turned to since, every step says yes, or why not."""
    state = replace(MOTION, kind=kind, stage=stage, features=PRESETS[preset].features)
    for actor in (GM, EMPIRE, ROMULUS, CARDASSIA, WATCHER, OUTSIDER):
        assert all(step.allowed or step.reason for step in motion_steps(state, actor))
