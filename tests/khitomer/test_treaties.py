"""The treaties' pages: who is bound by what on which day, and the GM's edits, each a change of the ledger."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from diplomacy.rules import jurisdiction
from khitomer.rules.adherence import bound_on, covers, exemption_on, uses_in_window
from khitomer.rules.dates import Answer, StoryDate
from tests import factories
from tests.conftest import signed_in

LIST_QUERIES = 10
PAGE_QUERIES = 14
PROVISION_QUERIES = 12


def d(text):
    return StoryDate.parse(text)


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


SECOND = {"treaty": "second-khitomer-accords"}
FIRST_OF_SECOND = {**SECOND, "number": 1}


def spans(*pairs):
    return [(d(entered), d(left) if left else None) for entered, left in pairs]


# The rule

KLINGON = spans(("2368", "2372"), ("2373", None))


@pytest.mark.parametrize(
    ("record", "day", "answer", "because"),
    [
        ([], "2372", "no", "Has never been a party."),
        (KLINGON, "2367", "no", "Entered only in 2368."),
        (KLINGON, "2368", "doubt", "Entered in 2368, and the record gives no month."),
        (KLINGON, "2370-05", "yes", "Entered in 2368 and left only in 2372."),
        (KLINGON, "2372", "doubt", "Left in 2372, and the record gives no month."),
        (KLINGON, "2372-06-01", "doubt", "Left in 2372: the record does not say whether before or after 1 June 2372."),
        (KLINGON, "2374", "yes", "Returned in 2373 and is bound since."),
        (spans(("2368-01-01", "2370-02-01"), ("2372", None)), "2371", "no", "Left on 1 February 2370 and returned only in 2372."),
        (spans(("2368", "2370")), "2371", "no", "Left in 2370 and has not returned."),
        (spans(("2370-03-02", None)), "2370-03-02", "yes", "Entered on 2 March 2370 and is bound since."),
        (spans(("2368", "2370-03-02")), "2370-03-02", "no", "Left on 2 March 2370 and has not returned."),
        (spans(("2368", "2370-03-02"), ("2370-03-02", None)), "2370", "yes", "Left and returned on one day, so that no day was free."),
        (spans(("2370-03", None)), "2370-03", "doubt", "Entered in March 2370, and the record gives no day."),
    ],
)  # fmt: skip
def test_whether_a_power_is_bound_on_a_day_and_why(record, day, answer, because):
    bond = bound_on(record, d(day))
    assert (bond.answer.value, bond.because) == (answer, because)


@st.composite
def dates(draw):
    year = draw(st.integers(2368, 2373))
    month = draw(st.none() | st.integers(1, 12))
    day = draw(st.none() | st.integers(1, 28)) if month else None
    return StoryDate(year, month, day)


@st.composite
def records(draw):
    ordered = sorted(draw(st.lists(dates(), max_size=6)))
    pairs = [ordered[i : i + 2] for i in range(0, len(ordered), 2)]
    return [(pair[0], pair[1] if len(pair) == 2 else None) for pair in pairs]


@given(records(), dates())
def test_the_treaty_page_and_the_ruling_never_disagree(record, day):
    party = jurisdiction.Party("It", tuple(jurisdiction.Span(entered, left) for entered, left in record))
    other = jurisdiction.Party("Other", (jurisdiction.Span(d("2300")),))
    ruling = jurisdiction.assess(complainant=other, respondent=party, act=day, filed=d("2380"))
    assert covers(record, day) is ruling.grounds[1].answer


@given(st.lists(dates(), max_size=6), dates(), st.integers(0, 4), st.integers(1, 400))
def test_the_exemption_and_the_ruling_never_disagree(uses, day, limit, window):
    exemption = jurisdiction.Exemption(limit=limit, window_days=window)
    bound = jurisdiction.Party("Both", (jurisdiction.Span(d("2300")),))
    ruling = jurisdiction.assess(
        complainant=bound, respondent=bound, act=day, filed=d("2380"), exemption=exemption, uses=uses
    )
    stands = exemption_on(uses, day, limit=limit, window_days=window).answer
    lapsed = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.DOUBT: Answer.DOUBT}[stands]
    assert lapsed is ruling.grounds[3].answer


def test_uses_of_unknown_days_are_counted_both_ways():
    assert uses_in_window([d("2379-03-01"), d("2379")], d("2379-03-14"), 90) == (1, 2)


# The pages


@pytest.fixture
def second(campaign):
    return campaign.treaties.get(numeral="II")


def test_the_list_shows_each_treaty_with_its_provisions_and_whom_it_binds(campaign, as_klingon):
    page = as_klingon.get(url("treaties")).content.decode()
    assert "First Khitomer Accords" in page and "II·4" in page and "The evacuation protocol" in page
    assert page.count("<span>KLI") == 2 and page.count("<span>ROM") == 1
    assert "Add a treaty" not in page


def test_a_campaign_without_treaties_says_what_to_do(db):
    campaign, gm = factories.make_campaign(), factories.make_user()
    factories.join(campaign, gm, "gm")
    assert "Add the first" in signed_in(gm).get(url("treaties")).content.decode()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("", "Returned in 2373 and is bound since."),
        ("?as-of=2372", "Left in 2372, and the record gives no month."),
        ("?as-of=2371-03", "Entered in 2368 and left only in 2372."),
        ("?as-of=2300", "Entered only in 2368."),
    ],
)
def test_the_page_answers_for_the_day_asked_about(campaign, as_observer, asked, sentence):
    page = as_observer.get(url("treaty", **SECOND) + asked)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert "Never a party:</b> Ferengi Alliance." in page.content.decode()


def test_a_day_that_is_none_is_said_beside_the_field(campaign, as_observer):
    page = as_observer.get(url("treaty", **SECOND) + "?as-of=2372-13")
    assert page.status_code == 422
    assert "There is no month 13" in page.content.decode()
    assert 'value="2372-13"' in page.content.decode()


def test_htmx_is_sent_the_part_alone(campaign, as_observer):
    page = as_observer.get(url("treaty", **SECOND) + "?as-of=2372", headers={"HX-Request": "true"})
    text = page.content.decode()
    assert text.strip().startswith('<div class="columns two" id="as-of">')
    assert "<html" not in text and "HX-Request" in page["Vary"]
    assert "II·4" in text  # the provisions depend on the day as much as who is bound does
    assert "HX-Push-Url" not in page


def test_what_is_no_day_leaves_the_address_as_it_was(campaign, as_observer):
    page = as_observer.get(url("treaty", **SECOND) + "?as-of=2372-13", headers={"HX-Request": "true"})
    assert (page.status_code, page["HX-Push-Url"]) == (422, "false")


def test_the_exemption_is_told_for_the_day_asked_about(campaign, as_observer, second, klingon):
    provision = second.provisions.get(number=1)
    provision.exemption, provision.exemption_limit, provision.exemption_window_days = "Mining.", 0, 90
    provision.save()
    provision.uses.create(power=klingon, on=d("2379-03-01"), note="")
    for asked, shown in [("", "has lapsed"), ("?as-of=2375", "the exemption stands")]:
        page = as_observer.get(url("treaty", **SECOND) + asked, headers={"HX-Request": "true"})
        assert shown in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "unsigned"), [("2367", True), ("2368", False), ("2368-01-01", False), ("9999", False)]
)
def test_a_day_before_the_signing_is_called_that(campaign, as_observer, second, asked, unsigned):
    assert second.signed == d("2368")
    page = as_observer.get(url("treaty", **SECOND) + f"?as-of={asked}").content.decode()
    assert ("The treaty was not yet signed on that day: it was signed in 2368." in page) is unsigned


@pytest.mark.parametrize(
    ("today", "words"),
    [("2293", "in 2293"), ("2379-03", "in March 2379"), ("2379-03-14", "on 14 March 2379")],
)
def test_the_day_is_told_as_exactly_as_it_is_known(campaign, as_observer, today, words):
    campaign.today = d(today)
    campaign.save()
    assert f"binds them {words}." in as_observer.get(url("powers")).content.decode()
    assert f"binds {words}." in as_observer.get(url("treaties")).content.decode()


def test_a_reservation_shows_on_the_days_it_holds(campaign, as_observer, second, romulan):
    provision = second.provisions.get(number=4)
    provision.reservations.create(power=romulan, entered=d("2375"), left=d("2377-02-01"))
    for asked, shown in [("2376", "not by II·4"), ("2375", "perhaps not by II·4"), ("2378", None)]:
        page = as_observer.get(url("treaty", **SECOND) + f"?as-of={asked}").content.decode()
        assert ("not by II·4" in page) is bool(shown)
        assert shown is None or shown in page
        assert ("perhaps" in page) is (asked == "2375")


def test_canon_and_the_campaigns_own_are_told_apart(campaign, as_observer, second):
    second.adherences.filter(power__slug="federation").update(canon_key="federation-second")
    page = as_observer.get(url("treaty", **SECOND)).content.decode()
    assert page.count('<span class="tag sky">canon</span>') == 1
    assert (
        page.count('<span class="tag amber">own</span>') == 4 + 5
    )  # spans, and provisions made without canon


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_the_same_queries_for_any_number(campaign, as_gm, number, django_assert_num_queries):
    ferengi = campaign.powers.get(slug="ferengi")
    for _ in range(number):
        factories.bind(factories.make_treaty(campaign, ["One", "Two"]), ferengi, "2375")
    with django_assert_num_queries(LIST_QUERIES):
        as_gm.get(url("treaties"))


@pytest.mark.parametrize("number", [1, 50])
def test_the_page_takes_the_same_queries_for_any_number_of_powers(
    campaign, as_gm, second, number, django_assert_num_queries
):
    provision = second.provisions.get(number=1)
    for power in factories.make_powers(campaign, number):
        factories.bind(second, power, "2370", "2375")
        factories.bind(second, power, "2376")
        provision.reservations.create(power=power, entered=d("2376"))
        provision.uses.create(power=power, on=d("2379-01-01"))
    with django_assert_num_queries(PAGE_QUERIES):
        as_gm.get(url("treaty", **SECOND))


@pytest.mark.parametrize("number", [1, 50])
def test_a_provision_takes_the_same_queries_for_any_number_of_uses(
    campaign, as_gm, second, number, django_assert_num_queries
):
    provision = second.provisions.get(number=1)
    for power in factories.make_powers(campaign, number):
        provision.reservations.create(power=power, entered=d("2376"))
        provision.uses.create(power=power, on=d("2379-01-01"))
    with django_assert_num_queries(PROVISION_QUERIES):
        as_gm.get(url("provision", **FIRST_OF_SECOND))


@pytest.mark.parametrize(
    ("uses", "says", "tag"),
    [
        ([], "None of the 3 allowed in 90 days on record", "stands"),
        (
            ["2379-01-02", "2379-02-02"],
            "2 of the 3 allowed in 90 days on record: use is not widespread",
            "stands",
        ),
        (["2379-01-02", "2379-02-02", "2379-02-03", "2379-03-01"], "4 of the 3 allowed", "has lapsed"),
        (["2379-01-02", "2379-02-02", "2379-02-03", "2379"], "Between 3 and 4 of the 3 allowed", "in doubt"),
        (["2378-01-02"] * 4, "None of the 3 allowed", "stands"),
    ],
)
def test_a_provision_says_in_words_whether_its_exemption_stands(
    campaign, as_klingon, second, klingon, uses, says, tag
):
    provision = second.provisions.get(number=1)
    for use in uses:
        provision.uses.create(power=klingon, on=d(use), note="Near Ajilon")
    page = as_klingon.get(url("provision", **FIRST_OF_SECOND)).content.decode()
    assert says in page and f">{tag}</span>" in page
    assert page.count("Near Ajilon") == len(uses)
    assert "Strike" not in page


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [("treaty", {"treaty": "third-accords"}), ("provision", {**SECOND, "number": 9})],
)
def test_what_is_not_there_is_missing(campaign, as_gm, name, kwargs):
    assert as_gm.get(url(name, **kwargs)).status_code == 404


# Spans


def test_the_gm_binds_a_power_through_the_ledger(campaign, as_gm, second, ferengi):
    sent = {
        "token": "t",
        "power": ferengi.pk,
        "entered": "2376-02",
        "left": "",
        "note": "For trade",
        "why": "Paid",
    }
    assert as_gm.post(url("span-new", **SECOND), sent).url == url("treaty", **SECOND)
    assert as_gm.post(url("span-new", **SECOND), sent).status_code == 302
    span = second.adherences.get(power=ferengi)
    assert (span.entered, span.left, span.note, span.is_own) == (d("2376-02"), None, "For trade", True)
    row = campaign.ledger.get()
    assert (row.kind, row.why) == ("enter treaty", "Paid")


@pytest.mark.parametrize(
    ("power", "sent", "field", "says"),
    [
        ("klingon", {"entered": "2370", "left": "2371"}, "entered", "the two spans would overlap"),
        ("klingon", {"entered": "2374"}, "entered", "End that span first"),
        ("cardassian", {"entered": "2370"}, "entered", "already"),
        ("ferengi", {"entered": "2360"}, "entered", "before the signing"),
        ("ferengi", {"entered": "2376", "left": "2375"}, "left", "cannot leave"),
        ("ferengi", {"entered": "2376-02-30"}, "entered", "There is no day 30"),
        ("ferengi", {"entered": ""}, "entered", "needed"),
        ("ferengi", {"entered": "2376", "note": "x" * 201}, "note", "at most 200"),
        (None, {"entered": "2376"}, "power", "needed"),
    ],
)
def test_a_span_that_cannot_be_is_refused_beside_its_field(campaign, as_gm, second, power, sent, field, says):
    before = second.adherences.count()
    chosen = campaign.powers.get(slug=power).pk if power else ""
    answer = as_gm.post(
        url("span-new", **SECOND), {"token": "t", "power": chosen, "left": "", "note": "", **sent}
    )
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    assert answer.context["form"]["entered"].value() == sent["entered"]
    assert second.adherences.count() == before and campaign.ledger.count() == 0


def test_a_power_of_another_campaign_cannot_be_bound(campaign, as_gm, second):
    other = factories.make_power(factories.make_campaign(slug="other"), slug="breen")
    answer = as_gm.post(url("span-new", **SECOND), {"token": "t", "power": other.pk, "entered": "2376"})
    assert "not one of the available choices" in str(answer.context["form"].errors["power"])


def test_a_power_leaves(campaign, as_gm, second, romulan):
    span = second.adherences.get(power=romulan)
    sent = {
        "leave-token": "t",
        "leave-on": "2379-03-01",
        "leave-manner": "suspended",
        "leave-why": "Talks failed",
    }
    assert as_gm.post(url("span-leave", **SECOND, pk=span.pk), sent).status_code == 302
    span.refresh_from_db()
    assert span.left == d("2379-03-01")
    assert "is suspended from" in campaign.ledger.get().sentence


def test_leaving_before_entering_is_refused_beside_the_date(campaign, as_gm, second, romulan):
    span = second.adherences.get(power=romulan)
    sent = {"leave-token": "t", "leave-on": "2370", "leave-manner": "withdrawn"}
    answer = as_gm.post(url("span-leave", **SECOND, pk=span.pk), sent)
    assert answer.status_code == 422
    assert "cannot leave" in str(answer.context["leave"].errors["on"])
    assert 'value="2371-09"' in answer.content.decode()  # the other form shows what is on record


def test_a_span_is_corrected(campaign, as_gm, second, romulan):
    span = second.adherences.get(power=romulan)
    sent = {"token": "t", "entered": "2371-09-04", "left": "", "note": "The day was found", "why": "A letter"}
    for _ in range(2):  # sent twice, it is corrected once
        assert as_gm.post(url("span-edit", **SECOND, pk=span.pk), sent).status_code == 302
    corrected = second.adherences.get(power=romulan)
    assert (corrected.entered, corrected.note) == (d("2371-09-04"), "The day was found")
    assert campaign.ledger.count() == 2
    correction = campaign.ledger.get(ordinal=1)
    assert correction.before == f"since {span.entered.words()}"
    assert correction.after == "since 4 September 2371"
    assert correction.sentence.endswith("is corrected")


def test_a_correction_of_nothing_changes_nothing(campaign, as_gm, second, federation):
    second.adherences.filter(power=federation).update(canon_key="canon")
    span = second.adherences.get(power=federation)
    sent = {"token": "t", "entered": "2368", "left": "", "note": ""}
    assert as_gm.post(url("span-edit", **SECOND, pk=span.pk), sent).status_code == 302
    assert second.adherences.get(power=federation).canon_key == "canon"
    assert campaign.ledger.count() == 0


def test_a_correction_that_would_overlap_is_refused_beside_the_field(campaign, as_gm, second, klingon):
    span = second.adherences.get(power=klingon, left=None)
    answer = as_gm.post(url("span-edit", **SECOND, pk=span.pk), {"token": "t", "entered": "2371", "left": ""})
    text = str(answer.context["form"].errors["entered"])
    assert "overlap" in text and "Change 2" not in text
    assert second.adherences.get(pk=span.pk).entered == d("2373")


def test_a_span_is_struck_and_the_second_press_finds_it_done(campaign, as_gm, second, romulan):
    span = second.adherences.get(power=romulan)
    for _ in range(2):
        answer = as_gm.post(url("span-strike", **SECOND, pk=span.pk), {"token": "t"})
        assert answer.status_code == 302
    assert not second.adherences.filter(power=romulan).exists()
    assert campaign.ledger.get().kind == "strike adherence"


# Treaties and provisions


def test_the_gm_adds_a_treaty(campaign, as_gm):
    sent = {
        "token": "t",
        "name": "Treaty of Ajilon",
        "numeral": "A",
        "signed": "2378",
        "has_forum": "on",
        "summary": "*New*",
    }
    assert as_gm.post(url("treaty-new"), sent).url == url("treaty", treaty="treaty-of-ajilon")
    treaty = campaign.treaties.get(slug="treaty-of-ajilon")
    assert (treaty.numeral, treaty.signed, treaty.has_forum, treaty.canon_key) == ("A", d("2378"), True, "")
    assert treaty.summary_html == "<p><em>New</em></p>\n"


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({"numeral": "II"}, "numeral", "is taken"),
        ({"name": "Second Khitomer Accords"}, "name", "is taken"),
        ({"signed": "yesterday"}, "signed", "is not a story date"),
        ({"summary": "x" * 50_001}, "summary", "50,001"),
    ],
)
def test_what_is_wrong_with_a_treaty_stands_beside_its_field(campaign, as_gm, sent, field, says):
    answer = as_gm.post(
        url("treaty-new"), {"token": "t", "name": "N", "numeral": "A", "signed": "2378", **sent}
    )
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    assert campaign.treaties.count() == 2


def test_a_treaty_signed_after_an_entry_is_refused_beside_the_date(campaign, as_gm):
    sent = {
        "token": "t",
        "name": "Second Khitomer Accords",
        "numeral": "II",
        "signed": "2375",
        "has_forum": "on",
    }
    answer = as_gm.post(url("treaty-edit", **SECOND), sent)
    assert "before that signing" in str(answer.context["form"].errors["signed"])


def test_editing_a_treaty_writes_what_differs(campaign, as_gm, second):
    sent = {
        "token": "t",
        "name": "Second Khitomer Accords",
        "numeral": "II",
        "signed": "2368",
        "accrued_rights_survive": "on",
    }
    assert as_gm.post(url("treaty-edit", **SECOND), sent).status_code == 302
    second.refresh_from_db()
    assert (second.has_forum, second.accrued_rights_survive) == (False, True)
    assert campaign.ledger.count() == 2


PROVISION = {
    "token": "t",
    "title": "Mines",
    "text": "None.",
    "exemption": "",
    "exemption_limit": "",
    "exemption_window_days": "",
}


def test_the_gm_adds_a_provision_under_the_next_number(campaign, as_gm, second):
    assert as_gm.get(url("provision-new", **SECOND)).context["form"]["number"].value() == 6
    answer = as_gm.post(url("provision-new", **SECOND), {**PROVISION, "number": 6})
    assert answer.url == url("provision", **SECOND, number=6)
    assert second.provisions.get(number=6).label == "II·6"


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({"number": 5}, "number", "already"),
        ({"number": 0}, "number", "greater than or equal to 1"),
        ({"exemption_limit": 3}, "exemption_window_days", "go together"),
        ({"exemption_window_days": 3}, "exemption_limit", "go together"),
        (
            {"exemption_window_days": 0, "exemption_limit": 1},
            "exemption_window_days",
            "greater than or equal to 1",
        ),
        ({"text": "x" * 50_001}, "text", "50,001"),
    ],
)
def test_what_is_wrong_with_a_provision_stands_beside_its_field(campaign, as_gm, second, sent, field, says):
    answer = as_gm.post(url("provision-new", **SECOND), {**PROVISION, "number": 6, **sent})
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    assert second.provisions.count() == 5


def test_editing_a_provision_changes_its_exemption_as_one(campaign, as_gm, second):
    provision = second.provisions.get(number=1)
    sent = {"token": "t", "title": provision.title, "text": provision.text, "exemption": "Small ones", "exemption_limit": 2,
            "exemption_window_days": 30}  # fmt: skip
    assert as_gm.post(url("provision-edit", **FIRST_OF_SECOND), sent).status_code == 302
    provision.refresh_from_db()
    assert (provision.exemption, provision.exemption_limit, provision.exemption_window_days) == (
        "Small ones",
        2,
        30,
    )
    assert campaign.ledger.get().kind == "set exemption"


# Reservations and uses


def test_a_use_is_recorded_and_struck(campaign, as_gm, second, federation):
    sent = {"token": "t", "power": federation.pk, "on": "2379-03-02", "note": "At Ajilon"}
    for _ in range(2):
        as_gm.post(url("use-new", **FIRST_OF_SECOND), sent)
    use = second.provisions.get(number=1).uses.get()
    assert (use.on, use.note) == (d("2379-03-02"), "At Ajilon")
    for _ in range(2):
        as_gm.post(url("use-strike", **FIRST_OF_SECOND, pk=use.pk), {"token": "s"})
    assert second.provisions.get(number=1).uses.count() == 0
    assert [row.kind for row in campaign.ledger.order_by("sequence")] == ["record use", "strike use"]


def test_a_reservation_is_made_and_ended(campaign, as_gm, second, romulan):
    as_gm.post(url("reservation-new", **FIRST_OF_SECOND), {"token": "t", "power": romulan.pk, "on": "2375"})
    reservation = second.provisions.get(number=1).reservations.get()
    as_gm.post(
        url("reservation-end", **FIRST_OF_SECOND, pk=reservation.pk), {"token": "s", "on": "2377-01-01"}
    )
    reservation.refresh_from_db()
    assert (reservation.entered, reservation.left) == (d("2375"), d("2377-01-01"))


def test_a_second_reservation_inside_the_first_is_refused_beside_the_date(campaign, as_gm, second, romulan):
    second.provisions.get(number=1).reservations.create(power=romulan, entered=d("2375"))
    answer = as_gm.post(
        url("reservation-new", **FIRST_OF_SECOND), {"token": "t", "power": romulan.pk, "on": "2376"}
    )
    assert "has a reservation to II·1 since 2375 already" in str(answer.context["form"].errors["on"])


# Who must not


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("treaty-new", {}),
        ("treaty-edit", SECOND),
        ("span-new", SECOND),
        ("span-edit", {**SECOND, "pk": 0}),
        ("span-leave", {**SECOND, "pk": 0}),
        ("span-strike", {**SECOND, "pk": 0}),
        ("provision-new", SECOND),
        ("provision-edit", FIRST_OF_SECOND),
        ("use-new", FIRST_OF_SECOND),
        ("use-strike", {**FIRST_OF_SECOND, "pk": 0}),
        ("reservation-new", FIRST_OF_SECOND),
        ("reservation-end", {**FIRST_OF_SECOND, "pk": 0}),
    ],
)
@pytest.mark.parametrize("who", ["as_klingon", "as_observer", "as_outsider"])
def test_only_the_gm_edits_the_law(campaign, second, request, name, kwargs, who):
    client = request.getfixturevalue(who)
    kwargs = {**kwargs, **({"pk": second.adherences.first().pk} if "pk" in kwargs else {})}
    assert client.get(url(name, **kwargs)).status_code == 404
    assert client.post(url(name, **kwargs), {"token": "t"}).status_code == 404
    assert campaign.ledger.count() == 0


@pytest.mark.parametrize(
    ("name", "kwargs"), [("treaties", {}), ("treaty", SECOND), ("provision", FIRST_OF_SECOND)]
)
def test_an_outsider_finds_no_treaty(campaign, as_outsider, name, kwargs):
    assert as_outsider.get(url(name, **kwargs)).status_code == 404
