"""Who was bound, when: the record's own cases, tables of each ground, and a check against every calendar day."""

import datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplomacy.rules.jurisdiction import (
    Answer,
    Exemption,
    Party,
    Reservation,
    Ruling,
    Span,
    Verdict,
    assess,
    overall,
)
from khitomer.rules.dates import StoryDate

YES, NO, DOUBT = Answer.YES, Answer.NO, Answer.DOUBT
COMPLAINANT, RESPONDENT, RESERVATIONS, EXEMPTION, FORUM = range(5)


def on(text: str) -> StoryDate:
    return StoryDate.parse(text)


def spans(*texts: str) -> tuple[Span, ...]:
    """ "2368/2372" is a span with both ends, "2373/" one that is still open."""
    pairs = [text.split("/") for text in texts]
    return tuple(Span(on(entered), on(left) if left else None) for entered, left in pairs)


def reserved(*texts: str) -> tuple[Reservation, ...]:
    return tuple(Reservation(span.entered, span.left) for span in spans(*texts))


def judge(
    act: str,
    *,
    complainant: Party | None = None,
    respondent: Party | None = None,
    filed: str = "2379-01-01",
    uses: tuple[str, ...] = (),
    **more,
) -> Ruling:
    return assess(
        complainant=complainant or FEDERATION,
        respondent=respondent or EMPIRE,
        act=on(act),
        filed=on(filed),
        uses=[on(use) for use in uses],
        **more,
    )


def answers(ruling: Ruling) -> list[Answer]:
    return [ground.answer for ground in ruling.grounds]


# The record: adherence to the Second Accords ------------------------------------------------------------------------

FEDERATION = Party("the Federation", spans("2368/"))
EMPIRE = Party("the Klingon Empire", spans("2368/2372", "2373/"))
CARDASSIA = Party("the Cardassian Union", ())
DOMINION = Party("the Dominion", ())


@pytest.mark.parametrize(
    ("act", "verdict"),
    [
        ("2367", Verdict.NOT_BOUND),
        ("2367-12-31", Verdict.NOT_BOUND),
        ("2368", Verdict.IN_DOUBT),
        ("2369", Verdict.BOUND),
        ("2371-12-31", Verdict.BOUND),
        ("2372", Verdict.IN_DOUBT),
        ("2372-06", Verdict.IN_DOUBT),
        ("2372-06-15", Verdict.IN_DOUBT),
        ("2373", Verdict.IN_DOUBT),
        ("2373-06-15", Verdict.IN_DOUBT),
        ("2374", Verdict.BOUND),
        ("2374-01-01", Verdict.BOUND),
    ],
)
def test_klingon_acts_in_the_record(act, verdict):
    assert judge(act).verdict is verdict


@pytest.mark.parametrize(("left", "returned"), [("2372-03-14", "2373-08-02"), ("2372-03", "2373-08")])
@pytest.mark.parametrize("act", ["2372-04-01", "2372-11", "2373-02", "2373-07-31"])
def test_klingon_acts_in_the_second_federation_klingon_war_were_not_governed(left, returned, act):
    """The war lies between the withdrawal and the return; a table that fixes their days fixes the answer too."""
    empire = Party("the Klingon Empire", spans(f"2368/{left}", f"{returned}/"))
    ruling = judge(act, respondent=empire)
    assert ruling.verdict is Verdict.NOT_BOUND
    assert answers(ruling) == [YES, NO, YES, YES, YES]


@pytest.mark.parametrize("act", ["2371", "2372", "2372-06-15", "2373"])
def test_the_klingon_cardassian_war_was_not_governed(act):
    """No doubt about the Empire's dates can govern a war with a power that never signed."""
    assert judge(act, complainant=CARDASSIA).verdict is Verdict.NOT_BOUND
    assert judge(act, complainant=EMPIRE, respondent=CARDASSIA).verdict is Verdict.NOT_BOUND


@pytest.mark.parametrize("respondent", [DOMINION, CARDASSIA], ids=lambda party: party.power)
@pytest.mark.parametrize("act", ["2373", "2374", "2375"])
def test_the_dominion_war_was_not_governed(respondent, act):
    ruling = judge(act, respondent=respondent)
    assert ruling.verdict is Verdict.NOT_BOUND
    assert ruling.grounds[RESPONDENT].answer is NO
    assert "has never been a party" in ruling.grounds[RESPONDENT].because


def test_the_first_accords_have_no_forum():
    assert judge("2374", has_forum=False).grounds[FORUM].answer is NO
    assert judge("2374", has_forum=False).verdict is Verdict.NOT_BOUND


def test_a_power_that_signed_later_is_not_bound_before():
    cardassia = Party("the Cardassian Union", spans("2376/"))
    assert judge("2375", respondent=cardassia).verdict is Verdict.NOT_BOUND
    assert judge("2376", respondent=cardassia).verdict is Verdict.IN_DOUBT
    assert judge("2377", respondent=cardassia).verdict is Verdict.BOUND


# Spans -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("adherence", "act", "answer"),
    [
        (("2368-05-10/2372-03-14",), "2368-05-09", NO),
        (("2368-05-10/2372-03-14",), "2368-05-10", YES),
        (("2368-05-10/2372-03-14",), "2372-03-13", YES),
        (("2368-05-10/2372-03-14",), "2372-03-14", NO),
        (("2368-05-10/2372-03-14",), "2372-03", DOUBT),
        (("2368-05-10/2372-03-14",), "2372", DOUBT),
        (("2368-05-10/2372-03-14",), "2372-02", YES),
        (("2368-05-10/2372-03-14",), "2372-04", NO),
        (("2368-05/2372-03",), "2368-05-31", YES),
        (("2368-05/2372-03",), "2372-03-01", DOUBT),
        (("2368/2372-01-01",), "2371", YES),
        (("2368/2372-01-01",), "2372", NO),
        (("2371-12-31/",), "2371", DOUBT),
        (("2371-01-01/",), "2371", YES),
        (("2368/2372-03-14", "2372-03-14/"), "2372", YES),
        (("2368/2372-03-14", "2372-03-15/"), "2372", DOUBT),
        (("2368/2372-03-14", "2372-03-15/"), "2372-03-14", NO),
        (("2372-03-14/", "2368/2372-03-14"), "2372-03", YES),
        (("2368/2369", "2371/2372", "2374/"), "2370", NO),
        (("2368/2369", "2371/2372", "2374/"), "2373", NO),
        (("2368/2369", "2371/2372", "2374/"), "2371", DOUBT),
        (("2368/2369", "2371/2372", "2374/"), "2375", YES),
        (("2370/2370",), "2370", DOUBT),
        (("2370-05-05/2370-05-05",), "2370-05-05", NO),
        ((), "2370", NO),
    ],
)
def test_bound_on_the_day(adherence, act, answer):
    party = Party("Breen", spans(*adherence))
    assert judge(act, respondent=party).grounds[RESPONDENT].answer is answer
    assert judge(act, complainant=party).grounds[COMPLAINANT].answer is answer


@pytest.mark.parametrize("kind", [Span, Reservation])
def test_a_span_cannot_end_before_it_begins(kind):
    with pytest.raises(ValueError, match="cannot end in 2371"):
        kind(on("2372"), on("2371"))


# Reservations, exemption, forum -------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["complainant", "respondent"])
@pytest.mark.parametrize(
    ("reservation", "act", "answer"),
    [
        ("2368/", "2374", NO),
        ("2375/", "2374", YES),
        ("2370/2374-01-01", "2374", YES),
        ("2370/2374-01-02", "2374", DOUBT),
        ("2374/", "2374-06-01", DOUBT),
        ("2374-06-01/", "2374-06-01", NO),
    ],
)
def test_a_reservation_excludes_the_provision_for_both_sides(side, reservation, act, answer):
    party = Party("Tholia", spans("2368/"), reserved(reservation))
    assert judge(act, **{side: party}).grounds[RESERVATIONS].answer is answer


def test_two_reservations_may_cover_the_day_together():
    one = Party("Tholia", spans("2368/"), reserved("2370/2374-06-01"))
    other = Party("Breen", spans("2368/"), reserved("2374-06-01/"))
    assert judge("2374", complainant=one, respondent=other).grounds[RESERVATIONS].answer is NO


TRICOBALT = Exemption(limit=2, window_days=10)


@pytest.mark.parametrize(
    ("uses", "act", "answer"),
    [
        ((), "2374-05-20", NO),
        (("2374-05-18", "2374-05-19"), "2374-05-20", NO),
        (("2374-05-18", "2374-05-19", "2374-05-20"), "2374-05-20", YES),
        (("2374-05-11", "2374-05-19", "2374-05-20"), "2374-05-20", YES),
        (("2374-05-10", "2374-05-19", "2374-05-20"), "2374-05-20", NO),
        (("2374-05-19", "2374-05-20", "2374-05-21"), "2374-05-20", NO),
        (("2374-05-19", "2374-05-19", "2374-05-19"), "2374-05-20", YES),
        (("2374-05", "2374-05-19", "2374-05-20"), "2374-05-20", DOUBT),
        (("2374-05", "2374-05", "2374-05"), "2374-05-20", DOUBT),
        (("2373", "2373", "2373"), "2374-05-20", NO),
        (("2374-05-19", "2374-05-20", "2374-05-20"), "2374-05", DOUBT),
        (("2374-05-19", "2374-05-20", "2374-05-20"), "2374", DOUBT),
        (("2374-05-19", "2374-05-20", "2374-05-20"), "2375", NO),
    ],
)
def test_an_exemption_lapses_with_widespread_use(uses, act, answer):
    ruling = judge(act, exemption=TRICOBALT, uses=uses)
    assert ruling.grounds[EXEMPTION].answer is answer
    assert ruling.verdict is {YES: Verdict.BOUND, NO: Verdict.NOT_BOUND, DOUBT: Verdict.IN_DOUBT}[answer]


def test_a_window_of_one_day_is_the_day_of_the_act():
    one_day = Exemption(limit=0, window_days=1)
    assert judge("2374-05-20", exemption=one_day, uses=("2374-05-20",)).grounds[EXEMPTION].answer is YES
    assert judge("2374-05-20", exemption=one_day, uses=("2374-05-19",)).grounds[EXEMPTION].answer is NO


def test_uses_without_an_exemption_mean_nothing():
    ground = judge("2374", uses=("2374", "2374")).grounds[EXEMPTION]
    assert (ground.answer, ground.because) == (YES, "The provision has no exemption.")


@pytest.mark.parametrize("numbers", [(-1, 10), (2, 0)])
def test_an_impossible_exemption_is_refused(numbers):
    with pytest.raises(ValueError, match="exemption"):
        Exemption(*numbers)


@pytest.mark.parametrize(
    ("adherence", "filed", "accrued", "answer"),
    [
        ("2368/", "2379", False, YES),
        ("2368/2375-03-01", "2375-02-28", False, YES),
        ("2368/2375-03-01", "2375-03-01", False, NO),
        ("2368/2375-03-01", "2375-03-01", True, YES),
        ("2368/2375", "2375-03-01", False, DOUBT),
        ("2368/2375", "2375-03-01", True, YES),
        ("2374/2375", "2376", True, DOUBT),
        ("2375/", "2379", True, YES),
        ("2375/2377", "2379", True, NO),
    ],
)
@pytest.mark.parametrize("side", ["complainant", "respondent"])
def test_the_forum_asks_for_the_day_of_filing_unless_rights_survive(side, adherence, filed, accrued, answer):
    party = Party("Talar", spans(adherence))
    ruling = judge("2374", filed=filed, accrued_rights_survive=accrued, **{side: party})
    assert ruling.grounds[FORUM].answer is answer


def test_without_a_forum_surviving_rights_have_nowhere_to_go():
    assert judge("2374", has_forum=False, accrued_rights_survive=True).grounds[FORUM].answer is NO


@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [
        ([], Verdict.NOT_BOUND),
        ([Verdict.NOT_BOUND], Verdict.NOT_BOUND),
        ([Verdict.NOT_BOUND, Verdict.IN_DOUBT], Verdict.IN_DOUBT),
        ([Verdict.NOT_BOUND, Verdict.IN_DOUBT, Verdict.BOUND], Verdict.BOUND),
    ],
)
def test_one_provision_that_governs_is_enough(verdicts, verdict):
    assert overall(verdicts) is verdict


# Sentences ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "because"),
    [
        ("2375", "The Klingon Empire has been bound without a break since its return in 2373; the act was in 2375."),
        ("2370-05", "The Klingon Empire was bound from 2368 until it left in 2372; the act was in May 2370."),
        ("2366", "The Klingon Empire entered only in 2368; the act was in 2366."),
        ("2372", "The Klingon Empire left in 2372, and the act was in 2372: the record does not say which came first."),
        ("2373-04-02", "The Klingon Empire returned in 2373, and the act was on 2 April 2373: the record does not say which came first."),
    ],
)  # fmt: skip
def test_the_sentence_of_the_respondents_ground(act, because):
    assert judge(act).grounds[RESPONDENT].because == because


@pytest.mark.parametrize(
    ("adherence", "act", "because"),
    [
        (("2368/2370", "2374/"), "2372", "Breen left in 2370 and returned only in 2374; the act was in 2372."),
        (("2368/2370",), "2372", "Breen left in 2370 and had not returned; the act was in 2372."),
        (("2368/",), "2372", "Breen has been bound without a break since it entered in 2368; the act was in 2372."),
        (("2368/2372-03-01", "2372-05-01/"), "2372", "Breen left on 1 March 2372 and returned on 1 May 2372, and the act was in 2372: the record does not say which came first."),
        (("2368/2372-03-01", "2372-03-01/"), "2372", "Breen was bound without a gap through 2372, when the act took place: it left and returned on one day."),
        (("2370-05-05/2370-05-05",), "2370-05-05", "Breen left on 5 May 2370 and had not returned; the act was on 5 May 2370."),
        ((), "2372", "Breen has never been a party."),
    ],
)  # fmt: skip
def test_the_sentence_of_adherence(adherence, act, because):
    ruling = judge(act, respondent=Party("Breen", spans(*adherence)))
    assert ruling.grounds[RESPONDENT].because == because


def test_the_sentences_of_the_other_grounds():
    tholia = Party("Tholia", spans("2368/2376"), reserved("2370/2375"))
    ruling = judge("2374", respondent=tholia, exemption=TRICOBALT, uses=("2373-12-30",))
    assert [ground.because for ground in ruling.grounds[RESERVATIONS:]] == [
        "Tholia reserved its position in 2370 and withdrew the reservation in 2375, and a reservation excludes the"
        " provision for both sides; the act was in 2374.",
        "The record has between 0 and 1 uses in the 10 days that end with the day of the act; the limit is 2: use was not"
        " widespread, so the exemption applies.",
        "Tholia left in 2376 and had not returned; the filing was on 1 January 2379.",
    ]


@pytest.mark.parametrize(
    ("uses", "said"),
    [
        ((), "The record has no use in the 10 days that end with the day of the act; the limit is 2: "),
        (("2374-05-20",), "The record has 1 use in the 10 days that end with the day of the act; the limit is 2: "),
        (("2374-05-20",) * 3, "The record has 3 uses in the 10 days that end with the day of the act; the limit is 2: "),
    ],
)  # fmt: skip
def test_uses_are_counted_in_words_that_anyone_reads(uses, said):
    assert judge("2374-05-20", exemption=TRICOBALT, uses=uses).grounds[EXEMPTION].because.startswith(said)


@pytest.mark.parametrize("act", ["2374", "2370"])
def test_a_sentence_begins_with_a_capital(act):
    """Whatever the name in it begins with: "the Breen" stands first in the ground on reservations."""
    breen = Party("the Breen", spans("2368/"), reserved("2370/"))
    for ground in judge(act, respondent=breen).grounds:
        assert ground.because[0].isupper()
    assert judge("2374", respondent=breen).grounds[RESERVATIONS].because.startswith("The Breen reserved")


def test_the_questions_stand_in_the_order_of_the_law():
    assert [ground.question for ground in judge("2374").grounds] == [
        "Was the complainant bound on the day of the act?",
        "Was the respondent bound on the day of the act?",
        "Was the provision free of reservations between the two?",
        "Is the act outside any exemption of the provision?",
        "Is there a forum, and are both parties in it?",
    ]


# Against the calendar ----------------------------------------------------------------------------------------------
# A small world: three months of 2372, dates known to the month or the day. Every date is expanded to all its days,
# the plain law is applied to each expansion, and the answers are compared.

DAYS = [datetime.date(2372, 3, 30) + datetime.timedelta(days=n) for n in range(34)]  # 30 March to 2 May
SMALL = st.sampled_from(
    [StoryDate.from_day(day) for day in DAYS] + [on("2372-03"), on("2372-04"), on("2372-05")]
)


@st.composite
def small_spans(draw, kind=Span, most=2):
    made = []
    for _ in range(draw(st.integers(0, most))):
        entered, left = draw(SMALL), draw(st.none() | SMALL)
        if left is None or left.last >= entered.first:
            made.append(kind(entered, left))
    return tuple(made)


def meanings(date: StoryDate | None, critical: set[datetime.date]) -> list[datetime.date | None]:
    """The critical days that a date may mean: the law turns only on the order of days, so the others add nothing."""
    if date is None:
        return [None]
    return sorted(day for day in critical if date.first <= day <= date.last)


def ways(spans_of_one: tuple[Span, ...], act: StoryDate):
    """Every way in which the spans may have run, none of them ending before it began."""
    dates = [act, *(date for span in spans_of_one for date in (span.entered, span.left) if date)]
    ends = {end for date in dates for end in (date.first, date.last)}
    critical = ends | {end + datetime.timedelta(days=1) for end in ends}
    each = [
        [
            (e, x)
            for e, x in product(meanings(span.entered, critical), meanings(span.left, critical))
            if x is None or e <= x
        ]
        for span in spans_of_one
    ]
    return product(*each)


def in_force(day: datetime.date, run) -> bool:
    return any(entered <= day and (left is None or day < left) for entered, left in run)


def verdict_of(truths: set[bool]) -> Answer:
    return DOUBT if len(truths) == 2 else (YES if truths == {True} else NO)


def agrees(answer: Answer, truths: set[bool]) -> None:
    """A yes or no holds in every expansion; a doubt is allowed only where the calendar itself is divided."""
    assert answer is verdict_of(truths)


@given(small_spans(), SMALL)
@settings(max_examples=300, deadline=None)
def test_bound_agrees_with_every_expansion(adherence, act):
    ruling = assess(complainant=FEDERATION, respondent=Party("Breen", adherence), act=act, filed=on("2379"))
    days = [act.first + datetime.timedelta(days=n) for n in range((act.last - act.first).days + 1)]
    truths = set()
    for run in ways(adherence, act):
        truths |= {in_force(day, run) for day in days}
    agrees(ruling.grounds[RESPONDENT].answer, truths)


@given(small_spans(Reservation, 1), small_spans(Reservation, 1), SMALL)
@settings(max_examples=200, deadline=None)
def test_reservations_agree_with_every_expansion(ours, theirs, act):
    ruling = assess(
        complainant=Party("Gorn", spans("2368/"), ours),
        respondent=Party("Breen", spans("2368/"), theirs),
        act=act,
        filed=on("2379"),
    )
    days = [act.first + datetime.timedelta(days=n) for n in range((act.last - act.first).days + 1)]
    truths = set()
    for run in ways(ours + theirs, act):
        truths |= {not in_force(day, run) for day in days}
    agrees(ruling.grounds[RESERVATIONS].answer, truths)


@given(
    st.lists(SMALL, max_size=3),
    st.sampled_from([StoryDate.from_day(day) for day in DAYS]),
    st.integers(0, 3),
    st.integers(1, 40),
)
@settings(max_examples=200, deadline=None)
def test_the_exemption_agrees_with_every_expansion(uses, act, limit, window):
    """Uses fall where they may; the act's day is known, so the window stands still."""
    ruling = assess(
        complainant=FEDERATION,
        respondent=Party("Breen", spans("2368/")),
        act=act,
        filed=on("2379"),
        exemption=Exemption(limit, window),
        uses=uses,
    )
    begins = act.first - datetime.timedelta(days=window - 1)
    each = [
        {
            begins <= use.first + datetime.timedelta(days=n) <= act.first
            for n in range((use.last - use.first).days + 1)
        }
        for use in uses
    ]
    truths = {sum(found) > limit for found in product(*each)}
    agrees(ruling.grounds[EXEMPTION].answer, truths)


@given(st.lists(SMALL, max_size=3), SMALL, st.integers(0, 3), st.integers(1, 40))
@settings(max_examples=200, deadline=None)
def test_a_clear_answer_on_the_exemption_holds_on_every_day_of_the_act(uses, act, limit, window):
    def answer(day: StoryDate) -> Answer:
        return (
            judge(str(day), exemption=Exemption(limit, window), uses=tuple(map(str, uses)))
            .grounds[EXEMPTION]
            .answer
        )

    whole = answer(act)
    days = [act.first + datetime.timedelta(days=n) for n in range((act.last - act.first).days + 1)]
    by_day = {answer(StoryDate.from_day(day)) for day in days}
    if whole is DOUBT:
        assert by_day != {YES} and by_day != {NO}
    else:
        assert by_day == {whole}


@given(small_spans(), small_spans(), SMALL, SMALL, st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_the_verdict_follows_from_the_grounds(ours, theirs, act, filed, has_forum, accrued):
    ruling = assess(
        complainant=Party("Gorn", ours),
        respondent=Party("Breen", theirs),
        act=act,
        filed=filed,
        has_forum=has_forum,
        accrued_rights_survive=accrued,
    )
    found = answers(ruling)
    if NO in found:
        assert ruling.verdict is Verdict.NOT_BOUND
    else:
        assert ruling.verdict is (Verdict.BOUND if set(found) == {YES} else Verdict.IN_DOUBT)
    assert len(found) == 5
    assert all(ground.because.endswith(".") for ground in ruling.grounds)


@given(small_spans(), SMALL, SMALL)
@settings(max_examples=150, deadline=None)
def test_knowing_the_day_of_the_act_never_turns_yes_into_no(adherence, act, filed):
    party = Party("Breen", adherence)

    def verdict(day: StoryDate) -> Verdict:
        return assess(complainant=FEDERATION, respondent=party, act=day, filed=filed).verdict

    whole = verdict(act)
    if whole is not Verdict.IN_DOUBT:
        days = [act.first + datetime.timedelta(days=n) for n in range((act.last - act.first).days + 1)]
        assert {verdict(StoryDate.from_day(day)) for day in days} == {whole}
