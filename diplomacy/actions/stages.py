"""The stages between filing and the ruling, and what is added to a complaint on its way.

Docketed, talked over in a parley, referred, objected to, taken up by the chair; supplements and third parties. Each
asks `rules.procedure` again under its lock, and sent twice does what it does once.
"""

from datetime import datetime

from django.db import transaction

from diplomacy import records
from diplomacy.actions.rulings import compute
from diplomacy.actions.sealing import check_unquoted
from diplomacy.actions.under_lock import keep_overrule, locked, move, next_number, speaks, take, tell
from diplomacy.models import Complaint, Joinder, JoinderRole, Supplement
from diplomacy.rules.limits import due_after
from diplomacy.rules.procedure import ComplaintStage, ComplaintStep, Feature
from khitomer import markup
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Power, User

_S = ComplaintStage

OBJECTION_LENGTH = 500
INTEREST_LENGTH = 300
MOST_SUPPLEMENTS = 50  # of one power, to one complaint


def docket(*, complaint: Complaint, by: User, now: datetime) -> Complaint:
    """Give a filed complaint its number, and let its time-limits run (DSU art. 4.3 and 4.7).

    With a parley the respondents have their days to answer, and the parties theirs to agree; without one, because the
    charter was changed since, the ruling is computed. Twice is once.
    """
    with transaction.atomic():
        campaign = chronicle.lock(complaint.campaign)  # numbers run without a gap: one docketing at a time
        row = locked(complaint)
        docketed = row.number is not None and row.stage in (_S.PARLEY, _S.RULING)
        if docketed and records.voice(campaign, by).is_chair:
            return row
        step = take(row, ComplaintStep.DOCKET, by)
        row.number = row.number or next_number(campaign)
        if step.next_stage is _S.PARLEY:
            charter = records.charter_of(row)
            row.answer_due = due_after(campaign.today, charter.answer_days)
            row.parley_due = due_after(campaign.today, charter.parley_days)
            row.answered_on = row.objection_due = None
            move(row, _S.PARLEY)
        else:
            move(row, _S.RULING)
            compute(row, now)
        tell(row, ActivityKind.FILED, now, power=row.complainant, by=by)
    return row


def refer(*, complaint: Complaint, by: User, now: datetime, reason: str = "") -> Complaint:
    """The complainant asks for a ruling, once the parley's limit has run or no answer came (DSU arts. 4.3, 4.7, 6.1).

    The chair may refer it sooner, or in its stead: an overrule, with a reason (`Refused` on `reason`). The window for
    objections opens where the charter has one. Twice is once.
    """
    with transaction.atomic():
        row = locked(complaint)
        if row.stage == _S.REFERRED and speaks(by, row, row.complainant):
            return row
        step = take(row, ComplaintStep.REFER, by, reason=reason)
        charter = records.charter_of(row)
        if Feature.OBJECTIONS in charter.features:
            row.objection_due = due_after(row.campaign.today, charter.objection_days)
        keep_overrule(row, step, reason, by, now)
        move(row, _S.REFERRED)
        tell(row, ActivityKind.REFERRED, now, by=by)
    return row


def object_to(*, complaint: Complaint, power: Power, text: str, by: User, now: datetime) -> Complaint:
    """A respondent objects, once and inside the window, and says to what (ICJ Rules art. 79bis).

    `Refused` on `text` when it is empty or longer than 500 characters. The same objection twice is one.
    """
    said = text.strip()
    with transaction.atomic():
        row = locked(complaint)
        if (row.stage, row.objection, row.objected_by_id) == (_S.OBJECTED, said, power.pk) and speaks(
            by, row, power
        ):
            return row
        take(row, ComplaintStep.OBJECT, by)
        if power not in row.respondents or not speaks(by, row, power):
            raise Refused(f"You do not speak for {records.called(power)} here", field="power")
        if not said:
            raise Refused("An objection says what it objects to", field="text")
        markup.check_length(said, limit=OBJECTION_LENGTH, field="text")
        check_unquoted(power, [("text", said)])
        row.objection, row.objected_by, row.objected_on = said, power, row.campaign.today
        move(row, _S.OBJECTED)
        tell(row, ActivityKind.OBJECTED, now, power=power, by=by)
    return row


def take_up(*, complaint: Complaint, by: User, now: datetime, reason: str = "") -> Complaint:
    """The chair takes a referred complaint up, and the ruling is computed. Twice is once.

    While a respondent may still object it is an overrule, with a reason (`Refused` on `reason`).
    """
    with transaction.atomic():
        row = locked(complaint)
        if row.stage == _S.RULING and records.voice(row.campaign, by).is_chair:
            return row
        step = take(row, ComplaintStep.RULE, by, reason=reason)
        keep_overrule(row, step, reason, by, now)
        move(row, _S.RULING)
        compute(row, now)
        tell(row, ActivityKind.RULED, now, by=by)
    return row


def supplement(*, complaint: Complaint, power: Power, text: str, by: User, now: datetime) -> Supplement:
    """A party or third party adds to the record: dated, signed, and as little edited as the statement itself.

    `Refused` on `text` when it is empty or longer than 50,000 characters, and once the complaint is decided. The same
    text of the same power twice is one supplement.
    """
    with transaction.atomic():
        row = locked(complaint)
        take(row, ComplaintStep.SUPPLEMENT, by)
        if power not in [*row.parties, *row.third_parties] or not speaks(by, row, power):
            raise Refused(f"You do not speak for {records.called(power)} here", field="power")
        typed = text.replace("\r\n", "\n").strip()
        if not typed:
            raise Refused("A supplement needs a text", field="text")
        html = markup.render(typed, field="text")
        check_unquoted(power, [("text", typed)])
        said = row.supplements.filter(power=power, text=typed).first()
        if said:
            return said
        if row.supplements.filter(power=power).count() >= MOST_SUPPLEMENTS:
            raise Refused(f"The record has {MOST_SUPPLEMENTS} supplements of yours", field="text")
        added = Supplement.objects.create(
            complaint=row, power=power, text=typed, text_html=html, by=by, at=now, on=row.campaign.today
        )
        tell(row, ActivityKind.SUPPLEMENTED, now, power=power, by=by)
    return added


def join(*, complaint: Complaint, power: Power, interest: str, by: User, now: datetime) -> Joinder:
    """A power that is no party asks to be heard, and says what it has at stake (DSU art. 10.2). Twice is once.

    It may add to the record; it is neither recused nor bound by a settlement. `Refused` on `interest` when it is empty
    or longer than 300 characters.
    """
    said = interest.strip()
    with transaction.atomic():
        row = locked(complaint)
        joined = row.joinders.filter(power=power, role=JoinderRole.THIRD_PARTY).first()
        if joined and speaks(by, row, power):
            return joined
        take(row, ComplaintStep.JOIN, by)
        if power.campaign_id != row.campaign_id or power in row.parties or not speaks(by, row, power):
            raise Refused(f"You do not speak for {records.called(power)} here", field="power")
        if not said:
            raise Refused("A third party says in a line what it has at stake", field="interest")
        markup.check_length(said, limit=INTEREST_LENGTH, field="interest")
        check_unquoted(power, [("interest", said)])
        joined = Joinder.objects.create(
            complaint=row, power=power, role=JoinderRole.THIRD_PARTY, interest=said, at=now
        )
        tell(row, ActivityKind.INTERVENED, now, power=power, by=by)
    return joined
