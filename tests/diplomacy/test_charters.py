"""Charters: the sentence and the bounds of every knob, the rule they make, who turns them, and what never changes."""

from dataclasses import fields, replace
from fractions import Fraction
from itertools import combinations, product

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from diplomacy import records, records_votes
from diplomacy.actions import ballots, charters
from diplomacy.actions import conferences as conference_actions
from diplomacy.forms.charters import KnobsForm
from diplomacy.models import Conference, MinuteKind, TreatyCharter
from diplomacy.rules.charter_words import FEATURES, GROUPS, PRESET_WORDS, WORDS, changes, name_of, told
from diplomacy.rules.charters import BOUNDS, NEEDS, PRESETS, Knobs, Mode, check, faults, rule_for, turned
from diplomacy.rules.jurisdiction import Verdict
from diplomacy.rules.procedure import (
    CLOSED_STAGES,
    MAIN_KINDS,
    VOTED_STAGES,
    Actor,
    Charter,
    ComplaintStage,
    ComplaintState,
    ComplaintStep,
    Feature,
    Finding,
    MotionKind,
    MotionStage,
    MotionState,
    complaint_steps,
    motion_steps,
)
from diplomacy.rules.tally import Base, Kind, Outcome, Tie
from khitomer.errors import Refused
from tests.factories import NOW, make_complaint, make_conference, make_motion

GUIDE = "docs/guide/gm.md"
HALF = Fraction(1, 2)
TWO_THIRDS = Fraction(2, 3)


# Every knob has its sentence ----------------------------------------------------------------------------------------


def test_every_knob_has_a_label_and_one_sentence_and_a_place():
    names = {each.name for each in fields(Knobs)}
    assert set(WORDS) == names
    assert sorted(name for _, group in GROUPS for name in group) == sorted(names - {"preset"})
    assert set(FEATURES) == set(Feature)
    assert set(PRESET_WORDS) == set(Charter)


@pytest.mark.parametrize("word", [*WORDS.values(), *FEATURES.values()], ids=lambda word: word.label)
def test_a_meaning_is_one_sentence(word):
    assert word.meaning.endswith(".")
    assert ". " not in word.meaning
    assert word.label[0].isupper()


@pytest.mark.parametrize("word", [*WORDS.values(), *FEATURES.values()], ids=lambda word: word.label)
def test_the_guide_says_the_same_sentence(word):
    with open(GUIDE, encoding="utf-8") as guide:
        text = " ".join(guide.read().split())
    if word not in (WORDS["preset"], WORDS["features"]):
        assert f"| {word.label} | {word.meaning} |" in text


@pytest.mark.parametrize("preset", Charter)
def test_a_preset_is_sound_and_differs_from_itself_in_nothing(preset):
    check(PRESETS[preset])
    assert turned(PRESETS[preset]) == ()
    assert name_of(PRESETS[preset]) == PRESET_WORDS[preset].label
    assert not any(line.changed for _, lines in told(PRESETS[preset]) for line in lines)


@pytest.mark.parametrize("preset", Charter)
def test_a_turned_knob_is_marked_against_its_preset(preset):
    knobs = replace(
        PRESETS[preset], quorum=Fraction(3, 4), features=PRESETS[preset].features ^ {Feature.APPEALS}
    )
    changed = [line.word.label for _, lines in told(knobs) for line in lines if line.changed]
    assert changed == ["Appeals", "Quorum"]
    assert name_of(knobs) == f"{PRESET_WORDS[preset].label}, changed"


def test_what_was_turned_is_said_in_words():
    after = replace(Knobs(), quorum=TWO_THIRDS, tie=Tie.REJECT)
    assert changes(Knobs(), after) == (
        "Quorum: half → two thirds",
        "When the votes are equal: the chair gives a casting vote → the motion is rejected",
    )


# What does not go together ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "knob"),
    [
        ({"features": {Feature.OBJECTIONS}}, "features"),
        ({"features": {Feature.AMENDMENTS}}, "features"),
        ({"features": {Feature.REVIEW}}, "features"),
        ({"threshold": Fraction(3, 2)}, "threshold"),
        ({"threshold": Fraction(1)}, "threshold"),
        ({"threshold": Fraction(1), "at_least": True}, ""),
        ({"quorum": Fraction(1), "quorum_more_than": True}, "quorum"),
        ({"quorum": Fraction(-1, 2)}, "quorum"),
        ({"finding_threshold": Fraction(1), "finding_at_least": False}, "finding_threshold"),
        ({"blocking_minority": 4}, "blocking_minority"),
        ({"blocking_minority": 4, "weight_threshold": Fraction(13, 20)}, ""),
        *(({name: least - 1}, name) for name, (least, _) in BOUNDS.items()),
        *(({name: most + 1}, name) for name, (_, most) in BOUNDS.items()),
        *(({name: least}, "") for name, (least, _) in BOUNDS.items()),
        *(({name: most}, "") for name, (_, most) in BOUNDS.items() if name != "blocking_minority"),
    ],
)
def test_faults_are_named_by_their_knob(given, knob):
    knobs = replace(Knobs(), **{**given, "features": frozenset(given.get("features", ()))})
    assert set(faults(knobs)) >= ({knob} if knob else set())
    if knob:
        with pytest.raises(ValueError, match=r"\."):
            check(knobs)
    else:
        check(knobs)


# The rule they make -------------------------------------------------------------------------------------------------

TURNED = replace(
    Knobs(),
    kind=Kind.CONSENSUS,
    threshold=Fraction(3, 5),
    at_least=True,
    base=Base.MEMBERSHIP,
    minimum_yes=3,
    weight_threshold=Fraction(13, 20),
    weight_base=Base.CAST,
    blocking_minority=4,
    veto=True,
    quorum=Fraction(1, 3),
    quorum_more_than=True,
    tie=Tie.SECOND_VOTE,
)


def test_every_knob_of_the_vote_reaches_the_rule():
    rule = rule_for(TURNED, kind=MotionKind.SUBSTANTIVE, of_finding=False)
    for name in vars(rule):
        assert getattr(rule, name) == getattr(TURNED, name), name


@pytest.mark.parametrize("share", [None, Fraction(0), HALF, TWO_THIRDS, Fraction(1)])
def test_a_finding_has_its_own_share_where_the_charter_gives_one(share):
    knobs = replace(Knobs(), threshold=Fraction(3, 5), finding_threshold=share)
    rule = rule_for(knobs, kind=MotionKind.SUBSTANTIVE, of_finding=True)
    assert (rule.threshold, rule.at_least) == ((Fraction(3, 5), False) if share is None else (share, True))
    plain = rule_for(knobs, kind=MotionKind.SUBSTANTIVE, of_finding=False)
    assert (plain.threshold, plain.at_least) == (Fraction(3, 5), False)


@pytest.mark.parametrize("kind", [each for each in MotionKind if each not in MAIN_KINDS])
def test_the_quorum_holds_for_every_kind(kind):
    rule = rule_for(TURNED, kind=kind, of_finding=False)
    assert (rule.quorum, rule.quorum_more_than) == (Fraction(1, 3), True)


def test_a_conference_votes_under_its_charter(campaign, gm):
    conference = make_conference(campaign)
    charters.turn_conference(conference=conference, knobs=TURNED, by=gm, now=NOW)
    motion = make_motion(conference)
    motion = ballots.open_vote(motion=motion, by=gm, now=NOW)
    rule = records_votes.frozen_vote(motion).rule
    assert rule == rule_for(TURNED, kind=MotionKind.SUBSTANTIVE, of_finding=False)


# What was put to the vote keeps its rule ----------------------------------------------------------------------------


@pytest.mark.parametrize("preset", Charter)
def test_a_vote_that_has_opened_keeps_its_rule(campaign, gm, preset):
    conference = make_conference(campaign)
    motion = ballots.open_vote(motion=make_motion(conference), by=gm, now=NOW)
    rule = records_votes.frozen_vote(motion).rule
    stiff = replace(PRESETS[preset], threshold=Fraction(1), at_least=True, quorum=Fraction(1), minimum_yes=9)
    charters.turn_conference(conference=conference, knobs=stiff, by=gm, now=NOW)
    motion.refresh_from_db()
    assert records_votes.frozen_vote(motion).rule == rule
    fresh = Conference.objects.get(pk=conference.pk).motions.get(pk=motion.pk)
    assert ballots.close(motion=fresh, by=gm, now=NOW).outcome == Outcome.REJECTED  # nobody voted


# No stage is a dead end, whatever the charter becomes ---------------------------------------------------------------

CAST = [
    Actor(is_chair=True, power=None, stands_in_for=frozenset({"Empty"})),
    Actor(is_chair=False, power="Complainant"),
    Actor(is_chair=False, power="Respondent"),
    Actor(is_chair=False, power="Another"),
]


def legal_features():
    """Every set of features whose needs are met."""
    sets = (frozenset(chosen) for size in range(10) for chosen in combinations(Feature, size))
    return [each for each in sets if all(NEEDS[one] in each for one in each if one in NEEDS)]


LEGAL = legal_features()
"""Whatever a GM can make of them."""


def test_the_presets_are_among_the_legal_sets():
    assert {PRESETS[each].features for each in Charter} <= set(LEGAL)


@pytest.mark.parametrize("stage", [each for each in ComplaintStage if each not in CLOSED_STAGES])
def test_no_stage_of_a_complaint_is_a_dead_end(stage):
    """By the chair or a party, under any charter; a withdrawal or a settlement is no way on by itself."""
    for features in LEGAL:
        reached, ahead = set(), [stage]
        while ahead:
            here = ahead.pop()
            if here in reached:
                continue
            reached.add(here)
            state = ComplaintState(
                stage=here,
                complainant="Complainant",
                respondents=("Respondent",),
                features=features,
                verdict=Verdict.BOUND,
                on_agenda=True,
                finding=Finding.BREACH,
                outcome=Outcome.ADOPTED,
                parley_over=True,
                may_object=False,
            )
            for actor in CAST:
                for step in complaint_steps(state, actor):
                    if step.allowed and step.next_stage and step.name not in _NO_WAY_ON:
                        ahead.append(step.next_stage)
        assert reached & {*CLOSED_STAGES} - {stage}, (stage, sorted(features))


_NO_WAY_ON = (ComplaintStep.WITHDRAW, ComplaintStep.SETTLE)
_ALIVE = [
    each for each in MotionStage if each not in (*VOTED_STAGES, MotionStage.WITHDRAWN, MotionStage.RULED_OUT)
]


@pytest.mark.parametrize("stage", _ALIVE)
@pytest.mark.parametrize("kind", [MotionKind.SUBSTANTIVE, MotionKind.COUNTERMEASURES])
@pytest.mark.parametrize("sponsor", [None, "Complainant"])
def test_no_stage_of_a_motion_is_a_dead_end(stage, kind, sponsor):
    for features, tie in product(LEGAL, Tie if stage is MotionStage.TIED else [Tie.REJECT]):
        reached, ahead = set(), [stage]
        while ahead:
            here = ahead.pop()
            if here in reached:
                continue
            reached.add(here)
            state = MotionState(stage=here, kind=kind, sponsor=sponsor, features=features, tie=tie)
            ahead += [
                step.next_stage
                for actor in CAST
                for step in motion_steps(state, actor)
                if step.allowed and step.next_stage and step.next_stage is not MotionStage.WITHDRAWN
            ]
        # A tie under a charter that rejects ties was settled by its count; it never stands at “tied”.
        if not (stage is MotionStage.TIED and tie is Tie.REJECT):
            assert MotionStage.VOTING in reached or stage is MotionStage.TIED, (stage, sorted(features))


@pytest.mark.parametrize("stage", [MotionStage.SUBMITTED, MotionStage.VOTING, MotionStage.VOID])
@pytest.mark.parametrize("kind", [each for each in MotionKind if each not in MAIN_KINDS])
def test_what_belongs_to_another_motion_is_put_under_any_charter(stage, kind):
    for features in LEGAL:
        state = MotionState(stage=stage, kind=kind, sponsor="Another", features=features)
        steps = [step for actor in CAST for step in motion_steps(state, actor) if step.allowed]
        assert {step.name.value for step in steps} & {"open vote", "close vote"}, (stage, sorted(features))


@pytest.mark.parametrize("stage", [each for each in ComplaintStage if each is not ComplaintStage.DRAFT])
@pytest.mark.parametrize("preset", Charter)
def test_a_complaint_of_any_stage_is_read_under_any_charter(
    campaign, gm, as_gm, as_federation, stage, preset
):
    treaty = campaign.treaties.get(numeral="II")
    complaint = make_complaint(campaign, stage)
    charters.turn_treaty(treaty=treaty, knobs=PRESETS[preset], by=gm, now=NOW)
    where = reverse("complaint", kwargs={"campaign": campaign.slug, "number": complaint.number})
    assert as_gm.get(where).status_code == 200
    assert as_federation.get(where).status_code == 200


# A treaty's charter -------------------------------------------------------------------------------------------------


@pytest.fixture
def treaty(campaign):
    return campaign.treaties.get(numeral="II")


def test_a_conference_starts_from_its_treaty_and_a_complaint_goes_by_it(campaign, gm, treaty):
    knobs = replace(PRESETS[Charter.STANDARD], answer_days=3)
    charters.turn_treaty(treaty=treaty, knobs=knobs, by=gm, now=NOW)
    made = conference_actions.create_conference(
        campaign=campaign, name="The conference", treaty=treaty, on=campaign.today, by=gm, now=NOW
    )
    assert made.charter.knobs == knobs
    treaty = campaign.treaties.get(numeral="II")
    assert records.knobs_of(treaty) == knobs
    assert records.charter_of(make_complaint(campaign)) == knobs


def test_a_treaty_turned_later_leaves_its_conferences_alone(campaign, gm, treaty):
    made = make_conference(campaign)
    charters.turn_treaty(treaty=treaty, knobs=PRESETS[Charter.FULL], by=gm, now=NOW)
    assert Conference.objects.get(pk=made.pk).charter.knobs == Knobs()


def test_only_the_chair_turns_knobs_and_only_where_there_is_a_forum(campaign, gm, treaty, federation_player):
    first = campaign.treaties.get(numeral="I")
    with pytest.raises(Refused, match="for the chair"):
        charters.turn_treaty(treaty=treaty, knobs=Knobs(), by=federation_player, now=NOW)
    with pytest.raises(Refused, match="no forum"):
        charters.turn_treaty(treaty=first, knobs=Knobs(), by=gm, now=NOW)
    with pytest.raises(Refused, match="for the chair"):
        charters.turn_conference(
            conference=make_conference(campaign), knobs=Knobs(), by=federation_player, now=NOW
        )
    with pytest.raises(Refused) as refused:
        charters.turn_treaty(treaty=treaty, knobs=replace(Knobs(), sponsors_needed=0), by=gm, now=NOW)
    assert refused.value.field == "sponsors_needed"
    assert not TreatyCharter.objects.exists()


def test_turning_it_while_it_sits_is_minuted(campaign, gm):
    conference = make_conference(campaign)
    for _ in range(2):  # the second time nothing changes
        charters.turn_conference(
            conference=Conference.objects.get(pk=conference.pk),
            knobs=replace(Knobs(), quorum=TWO_THIRDS),
            by=gm,
            now=NOW,
        )
    [row] = conference.minutes.filter(kind=MinuteKind.NOTE)
    assert row.data["text"] == "The charter was changed. Quorum: half → two thirds."


# The pages ----------------------------------------------------------------------------------------------------------


def page(name, campaign, **where):
    return reverse(name, kwargs={"campaign": campaign.slug, **where})


def posted(knobs, **given):
    """The knobs as a browser sends them."""
    form = KnobsForm.of(knobs)
    data = {}
    for bound in form:
        value = bound.value()
        if value is True:
            data[bound.name] = "on"
        elif value is not False and value is not None:
            data[bound.name] = value
    return {**data, **given}


@settings(max_examples=40)
@given(
    st.builds(
        lambda **values: Knobs(**values),
        preset=st.sampled_from(Charter),
        features=st.sampled_from(LEGAL),
        kind=st.sampled_from(Kind),
        threshold=st.fractions(0, 1, max_denominator=999).filter(lambda share: share < 1),
        at_least=st.booleans(),
        base=st.sampled_from(Base),
        minimum_yes=st.integers(0, 1000),
        weight_threshold=st.fractions(0, 1, max_denominator=999),
        weight_base=st.sampled_from(Base),
        blocking_minority=st.integers(0, 1000),
        veto=st.booleans(),
        quorum=st.fractions(0, 1, max_denominator=999).filter(lambda share: share < 1),
        quorum_more_than=st.booleans(),
        tie=st.sampled_from(Tie),
        finding_threshold=st.none() | st.fractions(0, Fraction(9, 10), max_denominator=999),
        finding_at_least=st.booleans(),
        procedural_abstention=st.booleans(),
        mode=st.sampled_from(Mode),
        sponsors_needed=st.integers(1, 100),
        speaking_seconds=st.integers(10, 3600),
        answer_days=st.integers(0, 3650),
        parley_days=st.integers(0, 3650),
        objection_days=st.integers(0, 3650),
    )
)
def test_the_form_gives_back_what_it_was_filled_with(knobs):
    form = KnobsForm(posted(knobs))
    assert form.is_valid(), form.errors
    assert form.knobs() == knobs


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("2/3", TWO_THIRDS),
        (" 2 / 3 ", TWO_THIRDS),
        ("60 %", Fraction(3, 5)),
        ("0.5", HALF),
        (".25", Fraction(1, 4)),
        ("0", Fraction(0)),
        ("1/0", None),
        ("3/2", None),
        ("1e9", None),
        ("1e999999999", None),
        ("half", None),
        ("٢/٣", None),
        ("-1/2", None),
        ("9999/9999", None),
        ("", None),
    ],
)
def test_a_share_is_typed_as_people_write_it(typed, share):
    form = KnobsForm(posted(Knobs(), threshold=typed))
    assert form.is_valid() == (share is not None)
    if share is None:
        assert form["threshold"].errors
    else:
        assert form.knobs().threshold == share


def test_a_treatys_charter_is_kept(campaign, treaty, as_gm):
    data = posted(PRESETS[Charter.FULL], quorum="3/4")
    where = {"treaty": treaty.slug}
    answer = as_gm.post(page("treaty-charter-edit", campaign, **where), data)
    assert answer.url == page("treaty-charter", campaign, **where)
    assert TreatyCharter.objects.get().knobs == replace(PRESETS[Charter.FULL], quorum=Fraction(3, 4))


def test_a_conferences_charter_is_kept(campaign, as_gm):
    conference = make_conference(campaign)
    where = {"conference": conference.slug}
    answer = as_gm.post(page("conference-charter-edit", campaign, **where), posted(TURNED))
    assert answer.status_code == 302
    assert Conference.objects.get().charter.knobs == TURNED


def test_what_will_not_do_stands_beside_its_field_with_what_was_typed(campaign, treaty, as_gm):
    data = posted(
        PRESETS[Charter.FULL],
        features=["objections"],
        sponsors_needed="0",
        speaking_seconds="5",
        threshold="most",
    )
    answer = as_gm.post(page("treaty-charter-edit", campaign, treaty=treaty.slug), data)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"sponsors_needed", "speaking_seconds", "threshold"}
    assert 'value="most"' in answer.text
    data = posted(PRESETS[Charter.QUICK], features=["objections"])
    answer = as_gm.post(page("treaty-charter-edit", campaign, treaty=treaty.slug), data)
    assert set(answer.context["form"].errors) == {"features"}
    assert not TreatyCharter.objects.exists()


@pytest.mark.parametrize("preset", Charter)
def test_a_preset_fills_every_knob_and_keeps_nothing(campaign, treaty, as_gm, preset):
    answer = as_gm.post(page("treaty-charter-edit", campaign, treaty=treaty.slug), {"fill": preset.value})
    assert answer.status_code == 200
    assert "Nothing is kept until you say so" in answer.text
    form = answer.context["form"]
    sent = {bound.name: bound.value() for bound in form}
    bound = KnobsForm(posted_of(sent))
    assert bound.is_valid()
    assert bound.knobs() == PRESETS[preset]
    assert not TreatyCharter.objects.exists()


def posted_of(values):
    return {
        name: "on" if value is True else value
        for name, value in values.items()
        if value is not False and value is not None
    }


def test_enter_in_a_field_keeps_and_does_not_fill(campaign, treaty, as_gm):
    """The buttons that fill belong to another form: the first button of this one is the one that keeps."""
    text = as_gm.get(page("treaty-charter-edit", campaign, treaty=treaty.slug)).text
    assert text.count('form="fill-in" name="fill"') == 3


@pytest.mark.parametrize("who", ["as_gm", "as_federation", "as_observer"])
def test_every_member_reads_the_rules_and_what_is_changed(campaign, who, request, gm, treaty):
    conference = make_conference(campaign)
    knobs = replace(PRESETS[Charter.STANDARD], quorum=TWO_THIRDS)
    charters.turn_conference(conference=conference, knobs=knobs, by=gm, now=NOW)
    client = request.getfixturevalue(who)
    text = client.get(page("conference-charter", campaign, conference=conference.slug)).text
    assert "Rules of this conference" in text
    assert "Standard, changed" in text
    assert "1 rule differs from that preset, and is marked" in text
    assert "Quorum: two thirds" in text
    assert "Standard has: half" in text
    assert WORDS["quorum"].meaning in text
    assert ("Turn the knobs" in text) == (who == "as_gm")
    assert client.get(page("treaty-charter", campaign, treaty=treaty.slug)).status_code == 200


def test_a_treaty_without_a_forum_has_no_charter(campaign, as_gm):
    for name in ("treaty-charter", "treaty-charter-edit"):
        assert as_gm.get(page(name, campaign, treaty="first-khitomer-accords")).status_code == 404


# The quick form -----------------------------------------------------------------------------------------------------


def quick(treaty, **given):
    return {"name": "A sitting", "on": "2379-03-14", "treaty": treaty.pk, **given}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Knobs()),
        ({"preset": "standard"}, PRESETS[Charter.STANDARD]),
        ({"preset": "full", "quorum": "2/3"}, replace(PRESETS[Charter.FULL], quorum=TWO_THIRDS)),
        ({"threshold": "two-thirds"}, replace(Knobs(), threshold=TWO_THIRDS, at_least=True)),
        ({"tie": "reject", "veto": "on"}, replace(Knobs(), tie=Tie.REJECT, veto=True)),
    ],
)
def test_the_quick_form_takes_a_preset_and_turns_what_was_chosen(campaign, treaty, as_gm, given, expected):
    as_gm.post(page("conference-new", campaign), quick(treaty, **given))
    assert campaign.conferences.get().charter.knobs == expected


def test_the_quick_form_starts_from_the_treaty_and_an_edit_keeps_what_it_does_not_name(
    campaign, treaty, as_gm, gm
):
    knobs = replace(PRESETS[Charter.FULL], threshold=Fraction(3, 5), veto=True, answer_days=3)
    charters.turn_treaty(treaty=treaty, knobs=knobs, by=gm, now=NOW)
    as_gm.post(page("conference-new", campaign), quick(treaty))
    made = campaign.conferences.get()
    assert made.charter.knobs == knobs
    where = {"conference": made.slug}
    as_gm.post(page("conference-edit", campaign, **where), quick(treaty, tie="reject"))
    assert Conference.objects.get().charter.knobs == replace(knobs, tie=Tie.REJECT)
    as_gm.post(page("conference-edit", campaign, **where), quick(treaty, veto="off"))
    assert Conference.objects.get().charter.knobs == replace(knobs, tie=Tie.REJECT, veto=False)
