"""What waits, and for whom: one row for each thing that the GM's dashboard or a delegate's desk asks about."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from diplomacy.models import Complaint, Motion, Obligation, Resolution, Seat
from diplomacy.rules.jurisdiction import Verdict, overall
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from diplomacy.rules.tally import Status
from khitomer.access import Viewer
from khitomer.due import Due
from khitomer.models import Campaign, FutureState, Power, Secret
from khitomer.rules.dates import Answer, StoryDate

SOON = 30  # story days before an obligation is due in which a desk names it


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One row of a desk: whose colours it bears, what it is, what is asked, and where that is done."""

    title: str
    sentence: str
    tag: str
    tone: str
    url: str
    colours: tuple[str, str]


def before_the_chair(campaign: Campaign) -> list[Waiting]:
    """What needs the GM, the most pressing first: votes, rulings, hearings, resolutions, obligations coming due."""
    complaints = (
        campaign.complaints.at(
            ComplaintStage.FILED,
            ComplaintStage.RULING,
            ComplaintStage.ADMITTED,
            ComplaintStage.SCHEDULED,
            ComplaintStage.HEARD,
        )
        .with_parties()
        .prefetch_related("citations__provision__treaty", "citations__rulings", "hearing__conference")
        .order_by("-number")
    )
    votes = open_votes(campaign)
    voted_on = {motion.complaint_id for motion in votes}
    return [
        *(_vote(campaign, motion) for motion in votes),
        *(_complaint(campaign, complaint) for complaint in complaints if complaint.pk not in voted_on),
        *(_adopted(campaign, resolution) for resolution in _not_enacted(campaign)),
        *_canon_to_settle(campaign),
        *(_owed(campaign, obligation) for obligation in coming_due(campaign)),
    ]


def open_votes(campaign: Campaign) -> QuerySet[Motion]:
    """Motions in mid-vote, with how many seats may vote and how many have: never what they cast."""
    return (
        Motion.objects.filter(conference__campaign=campaign, stage=MotionStage.VOTING)
        .select_related("conference", "complaint__complainant", "complaint__respondent")
        .annotate(
            may_vote=Count(
                "electors",
                distinct=True,
                filter=Q(electors__status=Status.ELIGIBLE, electors__present=True),
            ),
            have_voted=Count("ballots", distinct=True),
        )
        .order_by("opened_at")
    )


def ballots_to_cast(viewer: Viewer) -> list[tuple[Motion, Seat, str]]:
    """The open votes in which this delegate's seat may vote, with the choice it has cast so far ("" for none)."""
    if viewer.power_id is None:
        return []
    electors = (
        Motion.objects.filter(
            conference__campaign=viewer.campaign,
            stage=MotionStage.VOTING,
            electors__seat__delegate=viewer.membership,
            electors__status=Status.ELIGIBLE,
            electors__present=True,
        )
        .select_related("conference", "complaint__complainant", "complaint__respondent")
        .order_by("opened_at")
    )
    seats = {
        seat.conference_id: seat
        for seat in Seat.objects.filter(delegate=viewer.membership).select_related("power")
    }
    cast = dict(
        viewer.membership.seats.filter(ballots__motion__in=electors, ballots__by=viewer.user).values_list(
            "ballots__motion_id", "ballots__choice"
        )
    )
    return [(motion, seats[motion.conference_id], cast.get(motion.pk, "")) for motion in electors]


def before_the_delegate(viewer: Viewer) -> list[Waiting]:
    """A delegation's docket: its open complaints and those against it, then what it owes."""
    assert viewer.power is not None
    complaints = (
        viewer.campaign.complaints.visible_to(viewer)
        .open()
        .of(viewer.power)
        .with_parties()
        .prefetch_related("citations__provision__treaty")
        .order_by("-number")
    )
    return [
        *(_own(viewer, complaint) for complaint in complaints),
        *(_owed(viewer.campaign, obligation) for obligation in coming_due(viewer.campaign, viewer.power)),
    ]


def before_the_gallery(viewer: Viewer) -> list[Waiting]:
    """What an observer watches: every open complaint, and where it stands."""
    complaints = (
        viewer.campaign.complaints.visible_to(viewer)
        .open()
        .with_parties()
        .prefetch_related("citations__provision__treaty")
        .order_by("-number")
    )
    return [_watched(viewer, complaint) for complaint in complaints]


def coming_due(campaign: Campaign, power: Power | None = None) -> Iterable[Obligation]:
    """Obligations owed and due within thirty story days of today, or overdue; of one power, or of all."""
    horizon = StoryDate.from_day(campaign.today.last).plus_days(SOON)
    owed = Obligation.objects.filter(resolution__campaign=campaign).due_by(horizon)
    if power is not None:
        owed = owed.filter(power=power)
    return owed.select_related(
        "power", "resolution__motion__complaint__complainant", "resolution__motion__complaint__respondent"
    )


def obligations_due(viewer: Viewer, date: StoryDate) -> list[Due]:
    """For the page of the story date: what somebody owes by the last day of a date."""
    owed = Obligation.objects.filter(resolution__campaign=viewer.campaign).due_by(date)
    return [
        Due(
            on=obligation.due_on,
            what=f"{obligation.power}: {obligation.text}",
            url=reverse("resolution", args=[viewer.campaign.slug, obligation.resolution.number]),
            sort="Obligation",
        )
        for obligation in owed.select_related("power", "resolution")
    ]


def disclosed_to(viewer: Viewer) -> QuerySet[Secret]:
    """The secrets that this viewer was told, on entries that they may see, the newest first."""
    return (
        Secret.objects.filter(entry__in=viewer.campaign.entries.visible_to(viewer))
        .visible_to(viewer)
        .select_related("entry")
        .order_by("-created_at", "-pk")
    )


def _vote(campaign: Campaign, motion: Motion) -> Waiting:
    complaint = motion.complaint
    title = _title(complaint) if complaint else motion.title
    colours = (
        (complaint.complainant.colour, complaint.respondent.colour)
        if complaint and complaint.respondent
        else ("#c8a8ec", "#c8a8ec")
    )
    return Waiting(
        title=title,
        sentence=f"{motion.conference}: “{motion.title}” is being voted.",
        tag=f"{motion.have_voted} of {motion.may_vote} voted",
        tone="lilac",
        url=reverse("motion", args=[campaign.slug, motion.conference.slug, motion.number]),
        colours=colours,
    )


def _complaint(campaign: Campaign, complaint: Complaint) -> Waiting:
    tag, tone = _asked(complaint)
    cited = ", ".join(str(citation.provision) for citation in complaint.citations.all())
    return Waiting(
        title=_title(complaint),
        sentence=". ".join(part for part in (complaint.title, cited) if part),
        tag=tag,
        tone=tone,
        url=_where(campaign, complaint),
        colours=_colours(complaint),
    )


def _where(campaign: Campaign, complaint: Complaint) -> str:
    """The page on which the next step is taken: the conference's desk once it has the complaint."""
    if complaint.stage in (ComplaintStage.SCHEDULED, ComplaintStage.HEARD) and hasattr(complaint, "hearing"):
        return reverse("conference", args=[campaign.slug, complaint.hearing.conference.slug])
    return reverse("complaint", args=[campaign.slug, complaint.number])


def _own(viewer: Viewer, complaint: Complaint) -> Waiting:
    made = complaint.complainant_id == viewer.power_id
    other = f"against {complaint.respondent}" if made else f"by {complaint.complainant}"
    return replace(_watched(viewer, complaint), title=f"No. {complaint.number} · {other}")


def _watched(viewer: Viewer, complaint: Complaint) -> Waiting:
    tag, tone = _STAGE_FOR_PARTIES.get(ComplaintStage(complaint.stage), (complaint.get_stage_display(), ""))
    return Waiting(
        title=_title(complaint),
        sentence=". ".join(
            part
            for part in (complaint.title, ", ".join(str(c.provision) for c in complaint.citations.all()))
            if part
        ),
        tag=tag,
        tone=tone,
        url=reverse("complaint", args=[viewer.campaign.slug, complaint.number]),
        colours=_colours(complaint),
    )


_STAGE_FOR_PARTIES = {
    ComplaintStage.RULING: ("Awaits the chair", "amber"),
    ComplaintStage.ADMITTED: ("Admitted", "sky"),
    ComplaintStage.SCHEDULED: ("To be heard", "sky"),
    ComplaintStage.HEARD: ("Being heard", "lilac"),
}


def _asked(complaint: Complaint) -> tuple[str, str]:
    stage = complaint.stage
    if stage in (ComplaintStage.FILED, ComplaintStage.RULING):
        verdict = overall(
            Verdict(ruling.verdict)
            for citation in complaint.citations.all()
            for ruling in citation.rulings.all()
        )
        return {
            Verdict.BOUND: ("Governed: admit?", "amber"),
            Verdict.IN_DOUBT: ("Jurisdiction in doubt", "brick"),
            Verdict.NOT_BOUND: ("Not governed: rule", "amber"),
        }[verdict]
    if stage == ComplaintStage.ADMITTED:
        return "Put on an agenda", "sky"
    if stage == ComplaintStage.SCHEDULED:
        return "To be heard", "sky"
    return "Put a motion", "lilac"


def _canon_to_settle(campaign: Campaign) -> list[Waiting]:
    """One row for all canon whose day has come and of which the GM has not said what became of it."""
    titles = list(
        campaign.futures.filter(state=FutureState.AHEAD, on__lte=campaign.today.last.isoformat()).values_list(
            "title", flat=True
        )
    )
    if not titles:
        return []
    more = f" and {len(titles) - 2} more" if len(titles) > 2 else ""
    return [
        Waiting(
            title="Canon to settle",
            sentence=f"{'; '.join(titles[:2])}{more}. Let each happen, alter it or avert it.",
            tag="Settle",
            tone="sky",
            url=reverse("timeline", args=[campaign.slug]),
            colours=("#8fbdff", "#8fbdff"),
        )
    ]


def _not_enacted(campaign: Campaign) -> QuerySet[Resolution]:
    return campaign.resolutions.filter(enacted_at__isnull=True).select_related(
        "motion__complaint__complainant", "motion__complaint__respondent"
    )


def _adopted(campaign: Campaign, resolution: Resolution) -> Waiting:
    complaint = resolution.motion.complaint
    return Waiting(
        title=f"Resolution {resolution.number} · {resolution.title}",
        sentence="Adopted, and not yet in effect.",
        tag="Enact",
        tone="amber",
        url=reverse("resolution", args=[campaign.slug, resolution.number]),
        colours=_colours(complaint) if complaint else ("#c8a8ec", "#c8a8ec"),
    )


def _owed(campaign: Campaign, obligation: Obligation) -> Waiting:
    overdue = obligation.due_on.before(campaign.today) is Answer.YES
    due = obligation.due_on.short()
    resolution = obligation.resolution
    complaint = resolution.motion.complaint
    return Waiting(
        title=f"Resolution {resolution.number} · {obligation.power}",
        sentence=f"{obligation.text.rstrip('.')}. Due {due}{_distance(campaign.today, obligation.due_on)}.",
        tag="Overdue" if overdue else "Due soon",
        tone="brick",
        url=reverse("resolution", args=[campaign.slug, resolution.number]),
        colours=_colours(complaint) if complaint else (obligation.power.colour, obligation.power.colour),
    )


def _distance(today: StoryDate, due: StoryDate) -> str:
    if today.day is None or due.day is None:
        return ""
    days = today.days_until(due)
    if days == 0:
        return ", today"
    unit = "day" if abs(days) == 1 else "days"
    return f", {days} {unit} from now" if days > 0 else f", {-days} {unit} ago"


def _title(complaint: Complaint) -> str:
    return f"No. {complaint.number} · {complaint.complainant} v. {complaint.respondent}"


def _colours(complaint: Complaint) -> tuple[str, str]:
    assert complaint.respondent is not None  # a filed complaint is whole: a constraint says so
    return complaint.complainant.colour, complaint.respondent.colour
