"""What no browser would send: numbers no database holds, bytes no text has. It is answered, and never with a 500."""

import pytest
from django.test import Client
from django.urls import reverse

from diplomacy.rules.procedure import ComplaintStage
from khitomer.forms.fields import RowField, RowsField, as_key
from khitomer.models import Power
from tests import factories

HUGE = "9999999999999999999999999"
NO_KEYS = [HUGE, "9" * 5000, str(2**63), "-1", "0", "x", "", " ", "٣", "1.0", "1e3", "\0", "None", "0x10"]


@pytest.mark.parametrize("text", NO_KEYS)
def test_what_is_no_key(text):
    assert as_key(text) is None


@pytest.mark.parametrize(("text", "key"), [("1", 1), ("007", 7), (str(2**63 - 1), 2**63 - 1), (5, 5)])
def test_what_may_be_a_key(text, key):
    assert as_key(text) == key


@pytest.mark.parametrize("text", [each for each in NO_KEYS if each.strip()])
def test_the_fields_refuse_it_without_a_query(campaign, text, django_assert_num_queries):
    one, many = RowField(queryset=Power.objects.all()), RowsField(queryset=Power.objects.all())
    with django_assert_num_queries(0):
        for field, given in ((one, text), (many, [text])):
            with pytest.raises(Exception, match="not one of the available choices") as refused:
                field.clean(given)
            assert refused.type.__name__ == "ValidationError"


def test_the_fields_take_what_is_there(campaign, klingon):
    assert RowField(queryset=Power.objects.all()).clean(str(klingon.pk)) == klingon
    assert list(RowsField(queryset=Power.objects.all()).clean([str(klingon.pk)])) == [klingon]
    assert RowField(queryset=Power.objects.all(), required=False).clean("") is None


def at(name: str, **where: object) -> str:
    return reverse(name, kwargs={"campaign": "long-peace", **where})


@pytest.mark.parametrize("number", [HUGE, "9" * 5000])
class TestHugeNumbers:
    """Every page that reads the keys of rows from a post."""

    def test_a_draft(self, as_federation, campaign, klingon, number):
        draft = factories.make_complaint(campaign, ComplaintStage.DRAFT)
        save = at("draft-save", token=draft.token)
        for given in ({"provisions": number}, {"respondent": number}):
            answer = as_federation.post(save, {"title": "T", **given})
            assert answer.status_code < 500

    def test_the_roll(self, as_gm, campaign, number):
        meeting = factories.make_conference(campaign)
        here = meeting.seats.first()
        page = at("seats", conference=meeting.slug)
        as_gm.post(page, {"step": "roll", "present": [number, str(here.pk)]})
        assert meeting.seats.get(present=True) == here
        assert as_gm.post(page, {"present": [number, "x"]}).status_code < 500
        assert as_gm.post(page, {"step": "add", "power": number, "observer": "yes"}).status_code == 422

    def test_a_conference(self, as_gm, campaign, number):
        before = campaign.conferences.count()
        for name in ("agenda", "observers", "treaty", "session"):
            assert (
                as_gm.post(at("conference-new"), {"name": "N", "on": "2379", name: number}).status_code == 422
            )
        assert campaign.conferences.count() == before

    def test_who_may_know(self, as_gm, campaign, number):
        for page in ("entry-new", "event-new", "clock-new"):
            given = {"name": "N", "title": "N", "audience": "powers", "powers": [number]}
            assert as_gm.post(at(page), given).status_code == 422

    def test_a_power_of_an_invitation_and_of_a_treaty(self, as_gm, campaign, number):
        assert as_gm.post(at("invite"), {"role": "player", "power": number}).status_code == 422
        treaty = campaign.treaties.get(numeral="II")
        assert as_gm.post(at("span-new", treaty=treaty.slug), {"power": number}).status_code == 422

    def test_a_page_of_that_number(self, as_gm, campaign, number):
        for path in (
            f"docket/{number}/",
            f"sessions/{number}/",
            f"resolutions/{number}/",
            f"members/{number}/",
        ):
            assert as_gm.get(f"/c/long-peace/{path}").status_code == 404


class TestNought:
    """PostgreSQL takes no text with the byte nought, and no text has it."""

    @pytest.mark.parametrize("who", ["as_anonymous", "as_gm", "as_federation", "as_outsider"])
    @pytest.mark.parametrize(
        "path",
        [
            "/c/long-peace/archive/%00/",
            "/c/long-peace/docket/1/exhibits/%00/",
            "/c/%00/",
            "/invitations/a%00b/",
            "/password/reset/MQ/%00/",
            "/c/long-peace/archive/?q=%00",
            "/c/long-peace/archive/?%00=1",
            "/sign-in/?next=/%00",
        ],
    )
    def test_in_an_address(self, request, campaign, who, path):
        answer = request.getfixturevalue(who).get(path)
        assert answer.status_code == 400
        assert "did not make sense" in answer.content.decode()
        assert answer.content == Client().get("/%00").content
        assert answer["X-Frame-Options"] == "DENY"
        assert "no-store" in answer["Cache-Control"]

    def test_a_page_asked_for_so_signs_nobody_out(self, as_gm, campaign):
        as_gm.get("/%00")
        assert as_gm.get(at("members")).status_code == 200

    @pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "messages", "anything"])
    @pytest.mark.parametrize("path", ["/", "/c/long-peace/", "/sign-in/", "/nowhere/"])
    def test_in_a_cookie(self, campaign, cookie, path):
        answer = Client(headers={"cookie": f'{cookie}="\\000aaaaaaaaaaaa"'}).get(path)
        assert answer.status_code == 400

    @pytest.mark.parametrize(
        ("name", "where", "given"),
        [
            ("advance-date", {}, {"token": "\0"}),
            ("clock-new", {}, {"token": "\0", "name": "N", "audience": "all"}),
            ("conference-new", {}, {"name": "\0"}),
            ("motion-new", {"conference": "conference-1"}, {"step": "\0", "clause-1-phrase": "\0"}),
            ("seats", {"conference": "conference-1"}, {"step": "roll", "present": "\0"}),
        ],
    )
    def test_in_a_post(self, as_gm, campaign, name, where, given):
        factories.make_conference(campaign)
        assert as_gm.post(at(name, **where), given).status_code == 400

    def test_at_the_front_door(self, client, db):
        given = {"username": "\0", "password": "x", "next": "\0"}
        assert client.post(reverse("sign-in"), given).status_code == 400


@pytest.mark.parametrize("letter", ["a", "AA", "É", "1", "-"])
def test_an_exhibit_has_a_capital_letter(as_gm, campaign, letter):
    complaint = factories.make_complaint(campaign, ComplaintStage.RULING)
    assert as_gm.get(f"/c/long-peace/docket/{complaint.number}/exhibits/{letter}/").status_code == 404


@pytest.mark.parametrize(
    ("said", "leads_to"),
    [
        ("http://testserver/c/long-peace/members/?q=1#x", "/c/long-peace/members/"),
        ("https://evil.example/c/long-peace/", "/c/long-peace/"),
        ("//evil.example/", "/c/long-peace/"),
        ("http://testserver//evil.example/", "/c/long-peace/"),
        (r"http://testserver/\evil.example/", "/c/long-peace/"),
        ("javascript:alert(1)", "/c/long-peace/"),
        ("data:text/html,x", "/c/long-peace/"),
        ("http://testserver@evil.example/", "/c/long-peace/"),
        ("", "/c/long-peace/"),
    ],
)
def test_back_leads_nowhere_else(as_gm, campaign, said, leads_to):
    own = campaign.memberships.get(role="gm")
    answer = as_gm.post(at("member-remove", pk=own.pk), headers={"referer": said})
    assert answer.status_code == 409
    assert f'<a class="button" href="{leads_to}">Go back</a>' in answer.content.decode()
