"""The calendar ends on 31 December 9999 and begins with the year 1; the pages of a campaign there still open."""

import pytest
from django.urls import reverse

from diplomacy.rules.procedure import ComplaintStage
from khitomer.models import Campaign
from khitomer.rules.dates import StoryDate
from tests import factories

FIRST, LAST = StoryDate(1, 1, 1), StoryDate(9999, 12, 31)
PAGES = [
    "desk",
    "timeline",
    "docket",
    "conferences",
    "powers",
    "treaties",
    "clocks",
    "sessions",
    "resolutions",
]
PAGES += ["archive", "members"]
FOR_THE_GM = ["ledger", "advance-date", "conference-new", "event-new"]


def open_pages(client, campaign: Campaign) -> None:
    """Each page is answered as on any other day: shown, or for the GM alone."""
    paths = [reverse(name, kwargs={"campaign": campaign.slug}) for name in PAGES]
    paths += [f"{paths[1]}?span=all"]
    for treaty in campaign.treaties.all():
        path = reverse("treaty", kwargs={"campaign": campaign.slug, "treaty": treaty.slug})
        paths += [path, f"{path}?as-of=9999", f"{path}?as-of=9999-12-31", f"{path}?as-of=0001"]
        paths += [f"{path}{provision.number}/" for provision in treaty.provisions.all()]
    for power in campaign.powers.all()[:2]:
        paths.append(reverse("power", kwargs={"campaign": campaign.slug, "power": power.slug}))
    for complaint in campaign.complaints.all():
        paths.append(reverse("complaint", kwargs={"campaign": campaign.slug, "number": complaint.number}))
    for conference in campaign.conferences.all():
        paths.append(reverse("conference", kwargs={"campaign": campaign.slug, "conference": conference.slug}))
    for name in FOR_THE_GM:
        answer = client.get(reverse(name, kwargs={"campaign": campaign.slug}))
        viewer = answer.wsgi_request.__dict__.get("viewer")
        assert answer.status_code == (200 if viewer and viewer.is_gm else 404)
    for path in paths:
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("who", ["as_gm", "as_federation"])
@pytest.mark.parametrize("today", [LAST, StoryDate(9999), StoryDate(9999, 12), FIRST, StoryDate(1)])
def test_a_campaign_at_either_end(request, campaign, who, today):
    client = request.getfixturevalue(who)
    Campaign.objects.filter(pk=campaign.pk).update(today=today, starts=today)
    campaign.refresh_from_db()
    factories.make_conference(campaign)
    factories.make_complaint(campaign, ComplaintStage.RULING)
    open_pages(client, campaign)


@pytest.mark.parametrize("who", ["as_gm", "as_federation"])
@pytest.mark.parametrize(
    ("on", "until"),
    [(LAST, None), (StoryDate(9999), None), (StoryDate(1), None), (FIRST, LAST), (StoryDate(9998), LAST)],
)
def test_an_event_at_either_end(request, campaign, who, on, until):
    factories.make_event(campaign, "The end", on=on, until=until, audience="all")
    open_pages(request.getfixturevalue(who), campaign)


def test_an_obligation_due_on_the_last_day(as_gm, campaign, klingon):
    resolution = factories.make_resolution(campaign, enacted=True)
    factories.make_obligation(resolution, klingon, due_on=LAST)
    open_pages(as_gm, campaign)
    Campaign.objects.filter(pk=campaign.pk).update(today=LAST)
    campaign.refresh_from_db()
    open_pages(as_gm, campaign)


def test_a_treaty_whose_parties_came_and_went_at_the_ends(as_gm, campaign, cardassian):
    treaty = factories.make_treaty(campaign, signed=FIRST)
    factories.bind(treaty, cardassian, "0001-01-01", "9999-12-31")
    open_pages(as_gm, campaign)
