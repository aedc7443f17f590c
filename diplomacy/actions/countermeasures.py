"""Asking for countermeasures: a motion of the complainant, voted under reverse consensus with the parties voting."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from diplomacy.actions import motions
from diplomacy.actions.under_lock import locked, take
from diplomacy.models import Complaint, Conference, ConferenceStage, Motion, Seat
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import ComplaintStep, MotionKind
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.models import User


def conferences_for(complaint: Complaint) -> list[Conference]:
    """Where countermeasures may be asked for: conferences that sit under a treaty the complaint cites."""
    cited = complaint.citations.values("provision__treaty")
    rows = complaint.campaign.conferences.filter(stage=ConferenceStage.OPEN, treaty__in=cited)
    return list(rows.select_related("treaty", "charter").order_by("name"))


def seat_of_complainant(complaint: Complaint, conference: Conference) -> Seat | None:
    """The complainant's seat at a conference, which sponsors what it asks for; None where it has none."""
    return (
        conference.seats.select_related("power").filter(power=complaint.complainant, observer=False).first()
    )


def ask_countermeasures(
    *,
    complaint: Complaint,
    conference: Conference,
    title: str,
    clauses: Iterable[motions.ClauseText],
    by: User,
    now: datetime,
    mode: str = Mode.ROLL_CALL.value,
) -> Motion:
    """Draft the complainant's motion for countermeasures, sponsored by its seat (DSU art. 22.2).

    It is voted under reverse consensus, the parties voting: authorised unless all reject it (DSU art. 22.6).
    `Refused` at another stage, for anyone but the complainant's voice, and where it has no seat.
    """
    with transaction.atomic():
        campaign = chronicle.lock(complaint.campaign)
        meeting = Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
        row = locked(complaint)
        row.campaign = campaign
        take(row, ComplaintStep.ASK_COUNTERMEASURES, by)
        if meeting.pk not in {each.pk for each in conferences_for(row)}:
            raise Refused("That conference does not sit under a treaty that the complaint cites")
        seat = seat_of_complainant(row, meeting)
        if seat is None:
            raise Refused(
                f"{row.complainant} has no seat at {meeting}", allowed="The chair may seat it there first"
            )
        motion = motions.draft_motion(
            conference=meeting, title=title, clauses=clauses, sponsor=seat, mode=mode, by=by, now=now
        )
        motion.kind, motion.complaint = MotionKind.COUNTERMEASURES.value, row
        motion.save(update_fields=["kind", "complaint"])
    return motion
