"""A sitting for the tests of the sheets: an agenda of two, motions on the table, a draft, and what is owed."""

from types import SimpleNamespace

from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.actions import disclosures, handouts
from khitomer.sheets import KINDS
from tests import factories
from tests.khitomer.sheets_drawn import screen_of


def lay(campaign):
    """The conference of Ajilon with all that its sheets show."""
    powers = {power.slug: power for power in campaign.powers.all()}
    meeting = factories.make_conference(
        campaign, 5, slug="ajilon", name="The Ajilon conference", charter={"veto": True}
    )
    meeting.seats.filter(power__slug="ferengi").update(observer=True)
    meeting.seats.filter(power__slug="federation").update(veto=True)
    first = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=meeting)
    second = factories.make_complaint(
        campaign,
        ComplaintStage.SCHEDULED,
        conference=meeting,
        complainant=powers["romulan"],
        respondent=powers["cardassian"],
        title="Seizure of the Kobliad convoy",
    )
    seats = {seat.power.slug: seat for seat in meeting.seats.select_related("power")}
    finding = factories.make_motion(meeting, complaint=first, sponsor=seats["romulan"])
    alone = factories.make_motion(meeting, title="A relief fund for Ajilon", finding="none")
    draft = factories.make_motion(
        meeting, MotionStage.DRAFT, title="Quietly partition Archanis", sponsor=seats["klingon"]
    )
    return SimpleNamespace(
        campaign=campaign,
        meeting=meeting,
        first=first,
        second=second,
        finding=finding,
        alone=alone,
        draft=draft,
        seats=seats,
        **powers,
    )


def make(house, kind, gm, *, title="", text="", told=None, **details):
    """A handout of this kind, as its form makes one; disclosed to `told` if that is given."""
    kept = {name: getattr(value, "pk", value) for name, value in details.items()}
    meant = disclosures.Told(powers=frozenset(told)) if told else handouts.EVERYONE
    return handouts.add_handout(
        campaign=house.campaign,
        title=title or f"{KINDS[kind].label} {house.campaign.handouts.count() + 1}",
        text=text,
        kind=kind,
        details=kept,
        meant=meant,
        written=False,
        sealed=KINDS[kind].sealed,
        by=gm,
        now=factories.NOW,
    )


def show(handout, gm, *powers, everyone=False):
    to = disclosures.Told(everyone=everyone, powers=frozenset(powers))
    disclosures.set_audience(thing=handout, to=to, by=gm, now=factories.NOW)


def html(client, handout, **given):
    """The sheet on the screen, without what stands beside it: there a GM is offered every power's copy."""
    before, _, rest = screen_of(client, handout, **given).partition('<nav class="press"')
    return before + rest.partition("</nav>")[2]
