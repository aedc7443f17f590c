"""What every action on a complaint does first: hold its row, and ask the procedure again."""

from diplomacy import records
from diplomacy.models import Complaint
from diplomacy.rules.procedure import ComplaintStage, ComplaintStep, Step, complaint_step
from khitomer import markup
from khitomer.errors import Refused
from khitomer.models import User

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
