"""What is owed, disputed and left undone: the rows of the desks, and what falls due before the date is advanced."""

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from diplomacy.models import Complaint, Joinder, JoinderRole, Obligation, ObligationState
from diplomacy.models.resolutions import ObligationQuerySet
from diplomacy.rules.procedure import ComplaintStage
from diplomacy.waiting_rows import Waiting, colours_of, title_of
from khitomer.access import Viewer
from khitomer.due import Due
from khitomer.models import Campaign, Power
from khitomer.rules.dates import Answer, StoryDate

SOON = 30  # story days before an obligation is due in which a desk names it


def before_the_chair(campaign: Campaign) -> list[Waiting]:
    """Reviews that wait for the chair, then what is due soon, overdue, or said to be done with nobody to accept it."""
    disputed = campaign.complaints.at(ComplaintStage.DISPUTED).with_parties().order_by("-number")
    return [
        *(_review(campaign, complaint) for complaint in disputed),
        *(_owed(campaign, obligation) for obligation in coming_due(campaign)),
    ]


def before_the_delegate(viewer: Viewer) -> list[Waiting]:
    """What a delegation is to accept, then what it owes or is owed soon."""
    assert viewer.power is not None
    return [
        _owed(viewer.campaign, obligation, power=viewer.power)
        for obligation in coming_due(viewer.campaign, viewer.power)
    ]


def coming_due(campaign: Campaign, power: Power | None = None) -> ObligationQuerySet:
    """Obligations not met yet that are due within thirty story days of today, overdue, or said to be done.

    Of one power, what it owes and what it is owed; else of all.
    """
    horizon = StoryDate.from_day(campaign.today.last).plus_days(SOON)
    rows = Obligation.objects.in_campaign(campaign).said_or_due(horizon)
    if power is not None:
        rows = rows.filter(_concerns(power))
    # Their rows bear the colours of all respondents.
    return rows.with_source().prefetch_related(
        "resolution__motion__complaint__joinders__power", "offer__complaint__joinders__power"
    )


def _concerns(power: Power) -> Q:
    """What a power owes, or is owed as a party to the complaint that led to it."""
    concerned = Q(power=power)
    for complaint in ("resolution__motion__complaint", "offer__complaint"):
        beside = Joinder.objects.filter(
            complaint=OuterRef(complaint), power=power, role=JoinderRole.RESPONDENT
        )
        owed_to_others = ~Q(power=power) & Q(**{f"{complaint}__complainant": power})
        owed_by_complainant = (Q(**{f"{complaint}__respondent": power}) | Exists(beside)) & Q(
            power=F(f"{complaint}__complainant")
        )
        concerned |= owed_to_others | owed_by_complainant
    return concerned


def obligations_due(viewer: Viewer, date: StoryDate) -> list[Due]:
    """For the page of the story date: what somebody still has to do by the last day of a date, and over what."""
    owed = Obligation.objects.in_campaign(viewer.campaign).due_by(date)
    return [
        Due(
            on=obligation.due_on,
            what=f"{obligation.power}: {obligation.text.rstrip('.')}. {_about(obligation)}",
            url=where(viewer.campaign, obligation),
            sort="Obligation",
        )
        for obligation in owed.with_source()
    ]


def where(campaign: Campaign, obligation: Obligation) -> str:
    """The page of an obligation, on which anything is said of it."""
    return reverse("obligation", args=[campaign.slug, obligation.pk])


def _about(obligation: Obligation) -> str:
    complaint = obligation.complaint
    return f"{obligation.source}{f', {title_of(complaint)}' if complaint and not obligation.offer else ''}"


def _review(campaign: Campaign, complaint: Complaint) -> Waiting:
    return Waiting(
        title=title_of(complaint),
        sentence=f"{complaint.title}. {complaint.complainant} disputes that what was decided is done.",
        tag="Review",
        tone="brick",
        url=reverse("complaint-compliance", args=[campaign.slug, complaint.number]),
        colours=colours_of(complaint),
    )


def _owed(campaign: Campaign, obligation: Obligation, *, power: Power | None = None) -> Waiting:
    complaint = obligation.complaint
    due = f"Due {obligation.due_on.short()}{_distance(campaign.today, obligation.due_on)}."
    tag, tone = _tag(campaign, obligation, power)
    return Waiting(
        title=f"{obligation.source} · {obligation.power}",
        sentence=f"{obligation.text.rstrip('.')}. {due}",
        tag=tag,
        tone=tone,
        url=where(campaign, obligation),
        colours=colours_of(complaint) if complaint else (obligation.power.colour, obligation.power.colour),
    )


def _tag(campaign: Campaign, obligation: Obligation, power: Power | None) -> tuple[str, str]:
    owner = power is not None and obligation.power_id == power.pk
    if obligation.state == ObligationState.REPORTED:
        return ("Reported", "sky") if owner or power is None else ("Accept or dispute", "amber")
    if obligation.state in (ObligationState.DISPUTED, ObligationState.UNMET):
        return obligation.get_state_display(), "brick"
    overdue = obligation.due_on.before(campaign.today) is Answer.YES
    return ("Overdue", "brick") if overdue else ("Due soon", "brick" if owner or power is None else "amber")


def _distance(today: StoryDate, due: StoryDate) -> str:
    if today.day is None or due.day is None:
        return ""
    days = today.days_until(due)
    if days == 0:
        return ", today"
    unit = "day" if abs(days) == 1 else "days"
    return f", {days} {unit} from now" if days > 0 else f", {-days} {unit} ago"
