"""What waits, and for whom: one row for each thing that the GM's dashboard or a delegate's desk asks about."""

from dataclasses import replace

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from diplomacy import waiting_compliance, waiting_motions
from diplomacy.models import Complaint, Motion, Resolution, Seat
from diplomacy.rules.charters import Mode
from diplomacy.rules.jurisdiction import Verdict, overall
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from diplomacy.rules.tally import Status
from diplomacy.waiting_limits import asked_of, comes_due
from diplomacy.waiting_rows import Waiting, colours_of, title_of
from khitomer.access import Viewer
from khitomer.models import Campaign, FutureState, ProposalState


def before_the_chair(campaign: Campaign) -> list[Waiting]:
    """What needs the GM, the most pressing first: votes, rulings, hearings, resolutions, obligations coming due."""
    complaints = (
        campaign.complaints.at(
            ComplaintStage.FILED,
            ComplaintStage.PARLEY,
            ComplaintStage.REFERRED,
            ComplaintStage.OBJECTED,
            ComplaintStage.RULING,
            ComplaintStage.ADMITTED,
            ComplaintStage.SCHEDULED,
            ComplaintStage.HEARD,
        )
        .with_parties()
        .prefetch_related("citations__provision__treaty", "citations__rulings", "hearing__conference")
        .order_by(F("number").desc(nulls_first=True), "-pk")
    )
    votes = open_votes(campaign)
    motions = waiting_motions.waiting_for_the_chair(campaign)
    done = {motion.complaint_id for motion in (*votes, *motions)}
    # A parley is the parties' own affair until one of its limits comes due.
    done |= {each.pk for each in complaints if each.stage == ComplaintStage.PARLEY and not comes_due(each)}
    return [
        *(_vote(campaign, motion) for motion in votes),
        *waiting_motions.before_the_chair(campaign, motions),
        *(_complaint(campaign, complaint) for complaint in complaints if complaint.pk not in done),
        *(_adopted(campaign, resolution) for resolution in _not_enacted(campaign)),
        *_canon_to_settle(campaign),
        *waiting_compliance.before_the_chair(campaign),
    ]


def proposed_to(viewer: Viewer) -> list[Waiting]:
    """Pages that players wrote and that wait for the GM's word."""
    rows = viewer.campaign.proposals.visible_to(viewer).filter(state=ProposalState.OPEN)
    return [
        Waiting(
            title=f"A page by {row.by.user}",
            sentence=f"“{row.name}”: {row.kind.name.lower()}.",
            tag="Approve?",
            tone="amber",
            url=reverse("proposal", args=[viewer.campaign.slug, row.token]),
            colours=(row.by.power.colour, row.by.power.colour) if row.by.power else ("#ffd1a1", "#ffd1a1"),
        )
        for row in rows.select_related("by__user", "by__power", "kind")
    ]


def open_votes(campaign: Campaign) -> QuerySet[Motion]:
    """Motions in mid-vote, with how many seats may vote and how many have: never what they cast."""
    return (
        Motion.objects.filter(conference__campaign=campaign, stage=MotionStage.VOTING)
        .select_related("conference", "complaint__complainant", "complaint__respondent")
        .prefetch_related("complaint__joinders__power")
        .annotate(
            may_vote=Count(
                "electors",
                distinct=True,
                filter=Q(electors__status=Status.ELIGIBLE, electors__present=True),
            ),
            have_voted=Count("ballots", distinct=True) + Count("voters", distinct=True),
        )
        .order_by("opened_at")
    )


def ballots_to_cast(viewer: Viewer) -> list[tuple[Motion, Seat, str]]:
    """The open votes in which this delegate's seat may vote, with the choice it has cast so far ("" for none)."""
    if viewer.delegation is None:
        return []
    electors = (
        Motion.objects.filter(
            conference__campaign=viewer.campaign,
            stage=MotionStage.VOTING,
            electors__seat__delegate=viewer.membership,
            electors__status=Status.ELIGIBLE,
            electors__present=True,
        )
        .exclude(mode=Mode.HANDS)  # which the chair keys in
        .exclude(mode=Mode.SECRET, voters__seat__delegate=viewer.membership)  # it lies in the box
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
        *waiting_motions.before_the_delegate(viewer),
        *(_own(viewer, complaint) for complaint in complaints),
        *waiting_compliance.before_the_delegate(viewer),
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


def _vote(campaign: Campaign, motion: Motion) -> Waiting:
    complaint = motion.complaint
    title = title_of(complaint) if complaint else motion.title
    colours = colours_of(complaint) if complaint else ("#c8a8ec", "#c8a8ec")
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
        title=title_of(complaint),
        sentence=". ".join(part for part in (complaint.title, cited) if part),
        tag=tag,
        tone=tone,
        url=_where(campaign, complaint),
        colours=colours_of(complaint),
    )


def _where(campaign: Campaign, complaint: Complaint) -> str:
    """The page on which the next step is taken: the conference's desk once it has the complaint."""
    if complaint.stage in (ComplaintStage.SCHEDULED, ComplaintStage.HEARD) and hasattr(complaint, "hearing"):
        return reverse("conference", args=[campaign.slug, complaint.hearing.conference.slug])
    if complaint.number is None:
        return reverse("draft", args=[campaign.slug, complaint.token])
    return reverse("complaint", args=[campaign.slug, complaint.number])


def _own(viewer: Viewer, complaint: Complaint) -> Waiting:
    row = _watched(viewer, complaint)
    made = complaint.complainant_id == viewer.power_id
    respondent = viewer.power in complaint.respondents
    if made or respondent:
        tag, tone = asked_of(complaint, respondent=respondent) or (row.tag, row.tone)
        other = f"against {complaint.against}" if made else f"by {complaint.complainant}"
        return replace(row, title=f"No. {complaint.number} · {other}", tag=tag, tone=tone)
    return row


def _watched(viewer: Viewer, complaint: Complaint) -> Waiting:
    tag, tone = _STAGE_FOR_PARTIES.get(ComplaintStage(complaint.stage), (complaint.get_stage_display(), ""))
    return Waiting(
        title=title_of(complaint),
        sentence=". ".join(
            part
            for part in (complaint.title, ", ".join(str(c.provision) for c in complaint.citations.all()))
            if part
        ),
        tag=tag,
        tone=tone,
        url=reverse("complaint", args=[viewer.campaign.slug, complaint.number]),
        colours=colours_of(complaint),
    )


_STAGE_FOR_PARTIES = {
    ComplaintStage.PARLEY: ("In parley", "lilac"),
    ComplaintStage.REFERRED: ("Awaits the chair", "amber"),
    ComplaintStage.OBJECTED: ("Awaits the chair", "amber"),
    ComplaintStage.RULING: ("Awaits the chair", "amber"),
    ComplaintStage.ADMITTED: ("Admitted", "sky"),
    ComplaintStage.SCHEDULED: ("To be heard", "sky"),
    ComplaintStage.HEARD: ("Being heard", "lilac"),
}


def _asked(complaint: Complaint) -> tuple[str, str]:
    stage = complaint.stage
    if stage == ComplaintStage.FILED:
        return "Docket it", "amber"
    if stage == ComplaintStage.RULING:
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
    limit = asked_of(complaint, respondent=False)
    if limit:
        return limit
    if stage in (ComplaintStage.REFERRED, ComplaintStage.OBJECTED):
        return "Take it up", "amber"
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
    waiting = campaign.resolutions.filter(
        enacted_at=None, lifted_at=None, repealed_by=None, motion__stage=MotionStage.ADOPTED.value
    )
    rows = waiting.select_related("motion__complaint__complainant", "motion__complaint__respondent")
    return rows.prefetch_related("motion__complaint__joinders__power")


def _adopted(campaign: Campaign, resolution: Resolution) -> Waiting:
    complaint = resolution.motion.complaint
    return Waiting(
        title=f"Resolution {resolution.number} · {resolution.title}",
        sentence="Adopted, and not yet in effect.",
        tag="Enact",
        tone="amber",
        url=reverse("resolution", args=[campaign.slug, resolution.number]),
        colours=colours_of(complaint) if complaint else ("#c8a8ec", "#c8a8ec"),
    )
