"""The start page, opening a campaign and its settings, and the pulse."""

import pytest
from django.test import Client
from django.urls import reverse

from khitomer.actions import once
from khitomer.forms.campaigns import OPENINGS, OTHER
from khitomer.models import Campaign, Membership, Role, User
from khitomer.rules.dates import StoryDate
from tests.factories import join, make_campaign, make_power, make_user

NEW = {"name": "Ashes of Praxis", "opening": "2379", "other": "", "summary": "", "token": "form-1"}


class TestHome:
    def test_a_stranger_is_told_what_it_is_for(self, client, db):
        text = client.get(reverse("home")).content.decode()
        assert "secretariat" in text
        for name in ("library", "sign-in", "sign-up"):
            assert f'href="{reverse(name)}"' in text

    def test_a_stranger_costs_no_query(self, client, db, django_assert_num_queries):
        client.get(reverse("home"))  # templates and canon are read once
        with django_assert_num_queries(0):
            client.get(reverse("home"))

    def test_nobody_without_a_campaign_is_left_without_a_next_step(self, as_outsider):
        text = as_outsider.get(reverse("home")).content.decode()
        assert f'href="{reverse("campaign-new")}"' in text
        assert "Long Peace" not in text

    def test_shows_role_power_and_story_date(self, as_klingon):
        text = as_klingon.get(reverse("home")).content.decode()
        for words in ("The Long Peace", "Player", "Klingon Empire", "14 March 2379", "/c/long-peace/"):
            assert words in text

    @pytest.mark.parametrize("number", [1, 50])
    def test_as_many_queries_for_one_as_for_fifty(
        self, as_outsider, outsider, number, django_assert_num_queries
    ):
        for place in range(number):
            campaign = make_campaign(name=f"Campaign {place}", slug=f"campaign-{place}")
            join(campaign, outsider, Role.PLAYER, make_power(campaign))
        with django_assert_num_queries(3):  # session, user, memberships
            text = as_outsider.get(reverse("home")).content.decode()
        assert text.count('class="panel card"') == number


class TestOpening:
    def test_from_canon(self, as_outsider, outsider):
        response = as_outsider.post(
            reverse("campaign-new"), {**NEW, "opening": "2372", "summary": "War, again."}
        )
        campaign = Campaign.objects.get(name="Ashes of Praxis")
        assert response["Location"] == reverse("desk", kwargs={"campaign": "ashes-of-praxis"})
        assert (campaign.starts, campaign.today) == (StoryDate(2372), StoryDate(2372))
        assert campaign.summary == "War, again."
        assert Membership.objects.get(campaign=campaign).role == Role.GM
        assert campaign.powers.filter(name="Klingon Empire").exists()
        assert campaign.futures.exists()

    @pytest.mark.parametrize(
        ("opening", "treaties", "bound", "happened", "ahead"),
        [
            ("2293", "", 0, "", "Explosion of Praxis"),  # all of canon
            ("2294", "I", 2, "Khitomer Conference", "Second Khitomer conference"),
            ("2369", "I II", 4, "Second Khitomer conference", "Invasion of Cardassia Prime"),
            ("2372", "I II", 4, "Second Khitomer conference", "Invasion of Cardassia Prime"),
            (
                "2373",
                "I II",
                2,
                "The Klingon Empire leaves the Accords",
                "The Klingon Empire returns to the Accords",
            ),
            ("2379", "I II", 4, "The Klingon Empire returns to the Accords", ""),
        ],
    )
    def test_each_opening_keeps_its_promise(self, as_outsider, opening, treaties, bound, happened, ahead):
        given = {**NEW, "opening": opening}
        page = as_outsider.post(reverse("campaign-new"), given, follow=True).content.decode()
        campaign = Campaign.objects.get(name="Ashes of Praxis")
        waits = campaign.futures.count()
        found = campaign.treaties.order_by("numeral")
        assert " ".join(treaty.numeral for treaty in found) == treaties
        assert sum(treaty.adherences.filter(left=None).count() for treaty in found) == bound
        assert campaign.events.filter(title=happened).exists() is bool(happened)
        assert campaign.futures.filter(title=ahead).exists() is bool(ahead)
        assert (f"{waits} pieces of canon wait ahead" in page) is bool(waits)

    def test_every_opening_offered_is_tried_above(self):
        assert [value for value, _ in OPENINGS] == ["2293", "2294", "2369", "2372", "2373", "2379", OTHER]

    def test_on_another_date(self, as_outsider):
        as_outsider.post(reverse("campaign-new"), {**NEW, "opening": "other", "other": "2375-06"})
        assert Campaign.objects.get(name="Ashes of Praxis").starts == StoryDate(2375, 6)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "x" * 81}, "name"),
            ({"summary": "x" * 201}, "summary"),
            ({"opening": ""}, "opening"),
            ({"opening": "2400"}, "opening"),
            ({"opening": "other"}, "other"),
            ({"opening": "other", "other": "2379-02-30"}, "other"),
            ({"opening": "other", "other": "stardate 56844.9"}, "other"),
        ],
    )
    def test_what_is_wrong_stands_beside_its_field(self, as_outsider, given, field):
        before = Campaign.objects.count()
        response = as_outsider.post(reverse("campaign-new"), {**NEW, "summary": "Kept.", **given})
        assert response.status_code == 422
        assert field in response.context["form"].errors
        assert Campaign.objects.count() == before
        assert "summary" in given or "Kept." in response.content.decode()

    def test_sent_twice_it_opens_once(self, as_outsider, outsider):
        first, second = (as_outsider.post(reverse("campaign-new"), NEW) for _ in range(2))
        assert first["Location"] == second["Location"]
        assert Campaign.objects.filter(memberships__user=outsider).count() == 1

    def test_sent_twice_at_once_it_opens_once(self, as_outsider, outsider):
        """Both requests have read the session before either wrote it: the later one reads it again under the lock."""
        stale = as_outsider.session
        assert once.KEY not in stale  # which reads it
        as_outsider.post(reverse("campaign-new"), NEW)
        assert once.KEY not in stale
        with once.sending(token=NEW["token"], session=stale, by=outsider) as sent:
            assert sent.earlier
            assert sent.to == "/c/ashes-of-praxis/"

    def test_the_person_is_locked_while_it_is_decided(self, as_outsider, monkeypatch):
        locked: list[int] = []
        real = type(User.objects.all()).select_for_update
        monkeypatch.setattr(
            type(User.objects.all()),
            "select_for_update",
            lambda self, **how: locked.append(1) or real(self, **how),
        )
        as_outsider.post(reverse("campaign-new"), NEW)
        assert locked

    def test_refused_it_may_be_sent_again(self, as_outsider, outsider, monkeypatch):
        from khitomer.errors import Refused
        from khitomer.views import campaigns

        def refuse(**given: object) -> None:
            raise Refused("Not now", field="name")

        with monkeypatch.context() as patched:
            patched.setattr(campaigns.actions, "open_campaign", refuse)
            assert as_outsider.post(reverse("campaign-new"), NEW).status_code == 422
        assert as_outsider.post(reverse("campaign-new"), NEW).status_code == 302

    def test_two_forms_open_two(self, as_outsider, outsider):
        for token in ("form-1", "form-2"):
            as_outsider.post(reverse("campaign-new"), {**NEW, "token": token})
        assert sorted(outsider.memberships.values_list("campaign__slug", flat=True)) == [
            "ashes-of-praxis",
            "ashes-of-praxis-2",
        ]

    def test_each_form_has_a_name_of_its_own(self, as_outsider):
        tokens = {as_outsider.get(reverse("campaign-new")).context["form"]["token"].value() for _ in range(2)}
        assert len(tokens) == 2

    def test_not_for_strangers(self, client, db):
        for response in (client.get(reverse("campaign-new")), client.post(reverse("campaign-new"), NEW)):
            assert response["Location"].startswith(reverse("sign-in"))
        assert not Campaign.objects.exists()


class TestSettings:
    def url(self) -> str:
        return reverse("campaign-edit", kwargs={"campaign": "long-peace"})

    @pytest.mark.parametrize("who", ["as_gm", "as_co_gm"])
    def test_name_and_summary_change_and_the_address_stays(self, request, campaign, who):
        response = request.getfixturevalue(who).post(
            self.url(), {"name": "The Short War", "summary": "Oh dear."}
        )
        assert response.status_code == 302
        campaign.refresh_from_db()
        assert (campaign.name, campaign.summary, campaign.slug) == ("The Short War", "Oh dear.", "long-peace")

    def test_nothing_else_can_be_changed_through_it(self, as_gm, campaign):
        as_gm.post(self.url(), {"name": "X", "summary": "", "slug": "y", "today": "2400", "starts": "2400"})
        campaign.refresh_from_db()
        assert (campaign.slug, str(campaign.today), str(campaign.starts)) == (
            "long-peace",
            "2379-03-14",
            "2378",
        )

    def test_a_name_may_not_be_empty(self, as_gm, campaign):
        assert as_gm.post(self.url(), {"name": " ", "summary": ""}).status_code == 422
        campaign.refresh_from_db()
        assert campaign.name == "The Long Peace"

    @pytest.mark.parametrize("who", ["as_federation", "as_observer", "as_outsider"])
    def test_for_the_gm_alone(self, request, campaign, who):
        client = request.getfixturevalue(who)
        assert client.get(self.url()).status_code == 404
        assert client.post(self.url(), {"name": "Mine", "summary": ""}).status_code == 404
        campaign.refresh_from_db()
        assert campaign.name == "The Long Peace"


def test_health(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = Client().get(reverse("health"))
    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok", "text/plain")


@pytest.mark.parametrize("name", ['The <b>Bold</b> & the "Quoted"', "<script>alert(1)</script>", "Ünïcödé ★"])
def test_a_name_is_text_and_nothing_else(db, name):
    user = make_user()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("campaign-new"), {**NEW, "name": name})
    assert user.memberships.get().campaign.name == name
    text = client.get(reverse("home")).content.decode()
    assert "<script>alert" not in text
    assert "<b>Bold" not in text
