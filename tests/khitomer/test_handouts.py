"""Handouts: the GM's until they are shown, no trace of them before, and printed with nothing but what they say."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from khitomer import printing
from khitomer.actions import bin, disclosures
from khitomer.actions import handouts as actions
from khitomer.errors import Refused
from khitomer.models import DAYS_IN_BIN, Activity, ActivityKind, Audience, Disclosure, Handout, Picture
from tests import factories
from tests.conftest import signed_in

LIST_QUERIES = {"as_gm": 10, "as_klingon": 8}


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def page(client, name, status=200, **kwargs):
    answer = client.get(url(name, **kwargs))
    assert answer.status_code == status
    return answer.content.decode()


def png():
    out = io.BytesIO()
    Image.new("RGB", (80, 40), "#884422").save(out, "PNG")
    return SimpleUploadedFile("what the GM calls it.png", out.getvalue(), content_type="image/png")


def show(handout, gm, *powers, now=factories.NOW, **told):
    to = disclosures.Told(powers=frozenset(powers), **told)
    disclosures.set_audience(thing=handout, to=to, by=gm, now=now)
    handout.refresh_from_db()


@pytest.fixture
def intercept(campaign):
    return factories.make_handout(campaign, "Intercept 114-C", text="The fleet *gathers* at [[Archanis]].")


PAGES = ("handout", "handout-print", "handout-pdf")


# Nobody's before it is shown


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["as_klingon", "as_observer", "as_outsider"])
def test_what_was_not_shown_is_not_there(intercept, request, who, name):
    client = request.getfixturevalue(who)
    denied = client.get(url(name, handout=intercept.slug))
    missing = client.get(url(name, handout="no-such-handout"))
    assert denied.status_code == missing.status_code == 404
    assert denied.content == missing.content and denied.headers.keys() == missing.headers.keys()


def test_it_leaves_no_trace_anywhere(campaign, intercept, klingon, gm, as_romulan):
    before = {name: page(as_romulan, name) for name in ("handouts", "desk")}
    factories.make_picture(campaign, of=intercept, alt="The gathering fleet")
    show(intercept, gm, klingon)
    for name, was in before.items():
        assert masked(page(as_romulan, name)) == masked(was)
    assert "Intercept" not in page(as_romulan, "handouts")
    picture = Picture.objects.get()
    for size in ("card", "whole"):
        assert as_romulan.get(url("picture", token=picture.token, size=size)).status_code == 404


def masked(text):
    import re

    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"|csrftoken[^"]+|X-CSRFToken[^}]+', "", text)


def test_whoever_is_shown_it_reads_it_and_nobody_else(
    campaign, intercept, klingon, gm, as_klingon, as_romulan
):
    show(intercept, gm, klingon)
    assert "<em>gathers</em>" in page(as_klingon, "handout", handout=intercept.slug)
    assert "Intercept 114-C" in page(as_klingon, "handouts")
    assert "Intercept" not in page(as_romulan, "handouts")
    row = Disclosure.objects.get(handout=intercept)
    assert (row.power, row.taken_back_at) == (klingon, None)
    told = Activity.objects.get(kind=ActivityKind.DISCLOSED)
    assert told.path == url("handout", handout=intercept.slug)
    assert list(told.powers.all()) == [klingon]


def test_whom_else_it_was_shown_is_the_gms_to_see(
    campaign, intercept, klingon, romulan, gm, as_klingon, as_gm
):
    show(intercept, gm, klingon, romulan)
    read = page(as_klingon, "handout", handout=intercept.slug)
    assert "Who was given it" not in read and "Romulan" not in read
    assert "Romulan Star Empire" in page(as_gm, "handout", handout=intercept.slug)


def test_players_find_the_latest_disclosure_first(campaign, klingon, gm, as_klingon):
    made = [factories.make_handout(campaign, name) for name in ("First made", "Second made", "Third made")]
    for days, which in enumerate((1, 2, 0)):
        show(made[which], gm, klingon, now=factories.NOW + timedelta(days=days))
    shown = as_klingon.get(url("handouts")).context["shown"]
    assert [handout.title for handout, _ in shown] == ["First made", "Third made", "Second made"]


def test_what_is_taken_back_is_gone(campaign, intercept, klingon, gm, as_klingon):
    show(intercept, gm, klingon)
    show(intercept, gm)
    assert as_klingon.get(url("handout", handout=intercept.slug)).status_code == 404
    assert "Intercept" not in page(as_klingon, "handouts")
    assert "Something was disclosed" not in page(as_klingon, "desk")


def test_a_person_is_shown_something_alone(campaign, intercept, gm, observer, as_observer, as_klingon):
    member = campaign.memberships.get(user=observer)
    disclosures.set_audience(
        thing=intercept, to=disclosures.Told(persons=frozenset([member])), by=gm, now=factories.NOW
    )
    assert "Intercept" in page(as_observer, "handouts")
    assert "Intercept" not in page(as_klingon, "handouts")


WRITTEN = {
    "letter": {
        "office": "The High Council", "reference": "HC 114", "place": "First City", "dated": "2379-03-12",
        "addressee": "the Council", "salutation": "To the Council,", "closing": "With honour,", "sender": "Martok",
    },
    "communique": {"place": "Khitomer", "dated": "2379-03-12", "reference": "7"},
    "intercept": {
        "origin": "Warbird Talvath", "destination": "Romulus", "channel": "band 4", "dated": "2379-03-12",
        "grade": "For the Tal Shiar",
    },
}  # fmt: skip
HEADS = {"letter": "letterhead", "communique": "issuers", "intercept": "taken_by"}


@pytest.mark.parametrize("kind", WRITTEN)
def test_on_screen_its_reader_has_all_that_stands_on_the_sheet(
    campaign, klingon, romulan, gm, as_klingon, as_romulan, kind
):
    head = [romulan.pk] if kind == "communique" else romulan.pk
    given = {"kind": kind, "title": "Of the fleet", "text": "It is ||adrift|| no more."}
    details = WRITTEN[kind] | {HEADS[kind]: head}
    made = actions.add_handout(campaign=campaign, details=details, by=gm, now=factories.NOW, **given)
    show(made, gm, klingon)
    read = page(as_klingon, "handout", handout=made.slug)
    for words in (*WRITTEN[kind].values(), romulan.name, "blacked out"):
        assert words.replace("2379-03-12", "12 March 2379") in read
    assert "adrift" not in read
    assert read.count("<h1") == 1
    assert as_romulan.get(url("handout", handout=made.slug)).status_code == 404


def test_what_a_kind_is_for_is_the_gms_to_read(campaign, klingon, gm, as_klingon, as_gm):
    treaty = factories.make_handout(campaign, "The law", kind="treaty", text="", told=[klingon])
    says = "ready to be signed"
    assert says in page(as_gm, "handout", handout=treaty.slug)
    read = page(as_klingon, "handout", handout=treaty.slug)
    assert says not in read and "Open the sheet" in read


@pytest.mark.parametrize(
    ("who", "says"), [("as_gm", "Make the first"), ("as_klingon", "You were shown nothing")]
)
def test_an_empty_list_says_what_comes_next(campaign, request, who, says):
    assert says in page(request.getfixturevalue(who), "handouts")


@pytest.mark.parametrize("who", ["as_gm", "as_klingon"])
@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_the_same_queries_for_any_number(
    campaign, klingon, request, who, number, django_assert_num_queries
):
    client = request.getfixturevalue(who)
    for n in range(number):
        factories.make_handout(campaign, f"Handout {n}", told=[klingon])
    with django_assert_num_queries(LIST_QUERIES[who]):
        client.get(url("handouts"))


# Made and written


def sent(client, name="handout-make", **given):
    where = {"handout": given.pop("handout")} if "handout" in given else {"kind": "page"}
    return client.post(url(name, **where), {"token": "form-1", "title": "Intercept", "text": "", **given})


def test_the_gm_makes_one_for_nobody_as_yet(campaign, as_gm, gm):
    assert sent(as_gm, text="Words", file=png(), alt="A map").status_code == 302
    made = Handout.objects.get()
    assert (made.title, made.slug, made.audience) == ("Intercept", "intercept", Audience.GM)
    assert made.picture.alt == "A map" and "<p>Words</p>" in made.text_html
    assert not Disclosure.objects.filter(handout=made).exists()
    assert not Activity.objects.filter(kind=ActivityKind.DISCLOSED).exists()
    answer = page(as_gm, "handout", handout="intercept")
    assert "what the GM calls it" not in answer


def test_a_form_that_is_sent_twice_makes_one(campaign, as_gm):
    for _ in range(2):
        assert sent(as_gm, text="Words")["Location"] == url("handout", handout="intercept")
    assert Handout.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [({"text": "Words", "title": ""}, "title"), ({"text": " "}, "text"), ({"text": "x" * 50_001}, "text"),
     ({"text": "W", "title": "x" * 81}, "title"),
     ({"text": "W", "file": SimpleUploadedFile("a.png", b"MZ")}, "file")],
)  # fmt: skip
def test_what_will_not_do_is_said_beside_its_field(campaign, as_gm, given, field):
    answer = sent(as_gm, **given)
    assert (
        answer.status_code == 422 and answer.context["picture" if field == "file" else "form"].errors[field]
    )
    assert not Handout.objects.exists() and not Picture.objects.exists()


@pytest.mark.parametrize("binned", [False, True])
def test_a_taken_address_is_refused_with_which(campaign, intercept, as_gm, gm, binned):
    if binned:
        actions.throw_away(handout=intercept, by=gm, now=factories.NOW)
    answer = sent(as_gm, title="intercept 114 c", text="Words")
    assert answer.status_code == 422
    said = " ".join(answer.context["form"].errors["title"])
    assert "Intercept 114-C" in said and ("bin" in said) == binned


def test_it_is_written_anew_at_its_old_address(campaign, intercept, as_gm):
    answer = sent(as_gm, "handout-edit", handout=intercept.slug, title="Renamed", text="Other words")
    assert answer.status_code == 302
    intercept.refresh_from_db()
    assert (intercept.title, intercept.slug) == ("Renamed", "intercept-114-c")


def test_two_who_write_at_once_notice_each_other(campaign, intercept, as_gm, as_co_gm):
    began = begun(page(as_gm, "handout-edit", handout=intercept.slug))
    first = {"title": "T", "text": "Words of ||theirs||", "began": began}
    assert sent(as_gm, "handout-edit", handout=intercept.slug, **first).status_code == 302
    second = {"title": "T", "text": "Words of mine", "began": began}
    answer = sent(as_co_gm, "handout-edit", handout=intercept.slug, **second)
    read = answer.content.decode()
    assert answer.status_code == 422 and "Words of mine</textarea>" in read
    assert "What stands there now: “Words of ||theirs||”" in read
    intercept.refresh_from_db()
    assert "mine" not in intercept.text
    assert (
        sent(
            as_co_gm, "handout-edit", handout=intercept.slug, **(second | {"began": begun(read)})
        ).status_code
        == 302
    )
    intercept.refresh_from_db()
    assert intercept.text == "Words of mine"


def begun(text):
    return re.search(r'name="began" value="([0-9a-f]{32})"', text)[1]


def test_the_gm_shows_it_from_its_own_page(campaign, intercept, klingon, as_gm, as_klingon):
    where = reverse("disclose", kwargs={"campaign": "long-peace", "sort": "handout", "key": intercept.slug})
    assert where in page(as_gm, "handout", handout=intercept.slug)
    assert as_gm.post(where, {"show": "power:klingon"}).status_code == 302
    assert page(as_klingon, "handout", handout=intercept.slug)
    assert as_klingon.post(where, {"show": "everyone"}).status_code == 404


# The bin


def test_thrown_away_it_is_gone_for_everybody_at_once(campaign, intercept, klingon, gm, as_klingon, as_gm):
    factories.make_picture(campaign, of=intercept)
    show(intercept, gm, klingon)
    assert as_gm.post(url("handout-throw-away", handout=intercept.slug)).status_code == 302
    intercept.refresh_from_db()
    assert intercept.deleted_by == gm
    for client in (as_klingon, as_gm):
        for name in PAGES:
            assert client.get(url(name, handout=intercept.slug)).status_code == 404
        token = intercept.picture.token
        assert client.get(url("picture", token=token, size="card")).status_code == 404
    assert "Intercept" not in page(as_klingon, "handouts")
    assert url("handout", handout=intercept.slug) not in page(as_klingon, "desk")
    assert "In the bin" in page(as_gm, "handouts")


def test_taken_out_it_is_seen_by_whoever_saw_it(
    campaign, intercept, klingon, gm, as_gm, as_klingon, as_romulan
):
    show(intercept, gm, klingon)
    actions.throw_away(handout=intercept, by=gm, now=factories.NOW)
    assert as_gm.post(url("handout-take-out", handout=intercept.slug)).status_code == 302
    assert "Intercept" in page(as_klingon, "handouts")
    assert "Intercept" not in page(as_romulan, "handouts")


def test_open_pages_of_those_who_saw_it_look_again(
    campaign, intercept, klingon, gm, klingon_player, romulan_player
):
    def heard():
        rows = Activity.objects.filter(kind=ActivityKind.NARROWED)
        viewers = [factories.viewer_of(campaign, user) for user in (gm, klingon_player, romulan_player)]
        return [rows.visible_to(viewer).count() for viewer in viewers]

    show(intercept, gm, klingon)
    for _ in range(2):
        actions.throw_away(handout=intercept, by=gm, now=factories.NOW)
    assert heard() == [1, 1, 0]
    for _ in range(2):
        actions.take_out(handout=intercept, by=gm, now=factories.NOW)
    assert heard() == [2, 2, 0]


def test_the_bin_is_emptied_of_what_is_past_keeping(
    campaign, intercept, gm, django_capture_on_commit_callbacks
):
    picture = factories.make_picture(campaign, of=intercept)
    actions.throw_away(handout=intercept, by=gm, now=factories.NOW)
    later = factories.NOW + timedelta(days=DAYS_IN_BIN)
    assert bin.empty_old(later) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert bin.empty_old(later + timedelta(seconds=1)) == 1
    assert not Handout.objects.exists() and not Picture.objects.exists()
    assert not default_storage.exists(picture.whole.name)


# On paper


def test_the_sheet_says_what_the_handout_says_and_no_more(
    campaign, intercept, klingon, romulan, gm, as_klingon
):
    factories.make_picture(campaign, of=intercept, alt="A fleet")
    show(intercept, gm, klingon, romulan)
    for paper in ("a4", "letter"):
        answer = as_klingon.get(url("handout-print", handout=intercept.slug) + f"?paper={paper}")
        read = answer.content.decode()
        assert f"paper-{paper}" in read and "<em>gathers</em>" in read and 'alt="A fleet"' in read
        assert "[[" not in read and "Romulan" not in read and "2026" not in read


@pytest.mark.pdf
def test_the_pdf_has_the_picture_in_it(campaign, intercept, as_gm, monkeypatch):
    picture = factories.make_picture(campaign, of=intercept)
    seen = {}

    def pdf(html, *, base_url, pictures):
        seen.update(html=html, pictures=pictures)
        return b"%PDF-"

    monkeypatch.setattr(printing, "pdf", pdf)
    answer = as_gm.get(url("handout-pdf", handout=intercept.slug))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="handout-a4.pdf"'
    (address,) = seen["pictures"]
    assert str(picture.token) in address and address in seen["html"]
    assert seen["pictures"][address].startswith(b"\xff\xd8")


@pytest.mark.pdf
def test_a_pdf_is_made(campaign, intercept, as_gm):
    answer = as_gm.get(url("handout-pdf", handout=intercept.slug) + "?paper=letter")
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.pdf
@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize(("size", "dpi"), [((2600, 1300), 300), ((1300, 2600), 300), ((400, 200), 96)])
def test_on_the_page_the_picture_has_300_dots_to_the_inch(campaign, intercept, as_gm, paper, size, dpi):
    """Measured in the PDF: its pixels over the width at which the page draws it. A small one is not blown up; on the
    narrower A4 an inch has a few more, for the picture is made as wide as Letter takes it."""
    factories.make_picture(campaign, of=intercept, size=size)
    answer = as_gm.get(url("handout-pdf", handout=intercept.slug), {"paper": paper})
    page = PdfReader(io.BytesIO(answer.content)).pages[0]
    drawn = []

    def draws(operator, operands, matrix, _text):
        if operator == b"Do":
            drawn.append((str(operands[0]), abs(matrix[0])))

    page.extract_text(visitor_operand_before=draws)
    pictures = page["/Resources"]["/XObject"]
    ((name, points),) = [each for each in drawn if pictures[each[0]]["/Subtype"] == "/Image"]
    assert -4 <= pictures[name]["/Width"] / (points / 72) - dpi <= 14


# The action


def test_the_action_refuses_what_has_nothing_on_it(campaign, gm, intercept):
    with pytest.raises(Refused) as refused:
        actions.add_handout(campaign=campaign, title="Empty", by=gm, now=factories.NOW)
    assert refused.value.field == "text"
    with pytest.raises(Refused):
        actions.edit_handout(handout=intercept, title="T", text=" ", by=gm, now=factories.NOW)


def test_whoever_looks_through_a_players_eyes_sees_what_they_were_shown(campaign, intercept, klingon_player):
    factories.make_handout(campaign, "For all", audience=Audience.ALL)
    read = page(signed_in(klingon_player), "handouts")
    assert "For all" in read and "Intercept" not in read


def test_whom_it_was_taken_from_stays_on_the_gms_record(intercept, klingon, romulan, gm, as_gm, as_klingon):
    show(intercept, gm, klingon, romulan)
    show(intercept, gm, klingon)
    text = page(as_gm, "handout", handout=intercept.slug)
    assert re.search(rf"<s>{romulan.name}</s>, taken back 14 Mar 2026", text)
    assert "taken back" not in page(as_klingon, "handout", handout=intercept.slug)
