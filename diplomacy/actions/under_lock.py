"""What every action on a complaint shares: hold its row, ask the procedure again, move it on, and tell of it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max
from django.urls import reverse

from diplomacy import records
from diplomacy.actions import minutes
from diplomacy.models import Complaint
from diplomacy.rules.procedure import ComplaintStage, ComplaintStep, Step, complaint_step
from khitomer import markup
from khitomer.actions import activity
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Campaign, Power, User

Taken = Step[ComplaintStep, ComplaintStage]


def locked(complaint: Complaint) -> Complaint:
    """The complaint's row, read afresh and held until the transaction ends; its key is left free to be named."""
    try:
        return Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    except Complaint.DoesNotExist:
        raise Refused("This draft has been discarded") from None


def take(row: Complaint, name: ComplaintStep, by: User, *, reason: str = "") -> Taken:
    """The step, if this person may take it now; `Refused` with the procedure's own words if not."""
    step = complaint_step(name, records.complaint_state(row), records.voice(row.campaign, by))
    if not step.allowed:
        raise Refused(step.reason)
    if step.needs_reason and not reason.strip():
        raise Refused(
            step.reason or "This needs a reason", field="reason", allowed="Give the reason in a sentence"
        )
    return step


def checked_reason(reason: str) -> str:
    markup.check_length(reason.strip(), limit=500, field="reason")
    return reason.strip()


def keep_overrule(row: Complaint, step: Taken, reason: str, by: User, now: datetime) -> None:
    """Record the step as an overrule if it is one, with its reason; in the minutes, too, if a conference has it."""
    if not step.overrule:
        return
    hearing = records.hearing_of(row)
    minutes.overrule(
        campaign=row.campaign,
        complaint=row,
        step=step.name.value,
        reason=checked_reason(reason),
        by=by,
        now=now,
        conference=hearing.conference if hearing else None,
    )


def move(row: Complaint, stage: ComplaintStage) -> None:
    row.stage = stage.value
    row.save()


def tell(
    row: Complaint,
    kind: ActivityKind,
    now: datetime,
    *,
    power: Power | None = None,
    powers: Iterable[Power] | None = None,
    by: User | None = None,
) -> None:
    """That something happened to the complaint; before it is docketed, to its own delegation and the GM alone."""
    private = [row.complainant] if row.number is None else None
    activity.record(
        campaign=row.campaign,
        kind=kind,
        now=now,
        number=row.number,
        power=power,
        by=by,
        path=path_of(row),
        powers=private if powers is None else powers,
    )


def path_of(row: Complaint) -> str:
    """Where the complaint is read: on the docket, or at its draft's address while it has no number."""
    if row.number is None:
        return reverse("draft", kwargs={"campaign": row.campaign.slug, "token": row.token})
    return reverse("complaint", kwargs={"campaign": row.campaign.slug, "number": row.number})


def next_number(campaign: Campaign) -> int:
    """The next on the docket; hold the campaign's row, so that numbers run without a gap."""
    return (campaign.complaints.aggregate(last=Max("number"))["last"] or 0) + 1


def speaks(by: User, row: Complaint, power: Power) -> bool:
    """Whether this person is that power's voice in the complaint's campaign."""
    return records.voice(row.campaign, by).speaks_for(records.called(power))
