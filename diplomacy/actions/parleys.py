"""The parley: what the parties of a complaint say among themselves, what they offer, and how they settle it.

Nobody but the parties and the GM learns of any of it until all have accepted one offer. What is decided here is decided
under the campaign's row and the complaint's, in that order; whoever comes second is told what the first one did.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse

from diplomacy import records
from diplomacy.actions.motions import MOST_EFFECTS, Known
from diplomacy.actions.under_lock import locked, take
from diplomacy.models import Acceptance, Complaint, Message, Motion, Offer, OfferState
from diplomacy.rules import effects as rules
from diplomacy.rules.procedure import Actor, ComplaintStage, ComplaintStep, MotionStage, complaint_step
from khitomer import markup
from khitomer.actions import activity, chronicle
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Campaign, Power, User
from khitomer.rules.dates import Answer, StoryDate

LONGEST_NOTE = 300
"""Letters in the GM's line about a meeting at the table."""

LONGEST_MESSAGE = 5_000
LONGEST_TERMS = 10_000
MOST_MESSAGES = 300
MOST_OFFERS = 100
"""Of one parley. All that is sealed is read again whenever a party writes for the record (`actions.sealing`)."""

_ENDED = {
    OfferState.REFUSED: "was refused",
    OfferState.COUNTERED: "was answered by another offer",
    OfferState.TAKEN_BACK: "was taken back",
    OfferState.LAPSED: "has lapsed",
    OfferState.ACCEPTED: "was accepted by all",
}

# What is said ---------------------------------------------------------------------------------------------------------


def say(*, complaint: Complaint, power: Power, text: str, by: User, now: datetime) -> Message:
    """A party's message to the others, in Markdown. A respondent's first one answers the consultation.

    `Refused` on `text` when there is none, for a power that is no party, and once the complaint is decided.
    """
    html = _rendered(text, "text", "Say something", LONGEST_MESSAGE)
    with transaction.atomic():
        row = locked(complaint)
        _check_voice(row, power, by)
        take(row, ComplaintStep.PARLEY, by)
        if row.messages.count() >= MOST_MESSAGES:
            raise Refused(
                f"This parley has its {MOST_MESSAGES} messages", field="text", allowed="Make an offer"
            )
        message = Message.objects.create(
            complaint=row,
            power=power,
            text=text.strip(),
            text_html=html,
            by=by,
            at=now,
            on=row.campaign.today,
        )
        _answer(row, power)
        _tell(row, now, power, by=by)
    return message


def note_meeting(*, complaint: Complaint, text: str, by: User, now: datetime) -> Message:
    """The GM's one line about what the parties said to each other at the table. It is sealed like the rest."""
    line = " ".join(text.split())
    html = _rendered(line, "note", "Say in a line what they agreed or did not", LONGEST_NOTE)
    with transaction.atomic():
        row = locked(complaint)
        if not records.voice(row.campaign, by).is_chair:
            raise Refused("The GM notes what was said at the table")
        _check_talking(row)
        message = Message.objects.create(
            complaint=row, text=line, text_html=html, by=by, at=now, on=row.campaign.today
        )
        _tell(row, now, None, by=by)
    return message


# Offers ---------------------------------------------------------------------------------------------------------------


def make_offer(
    *,
    complaint: Complaint,
    power: Power,
    terms: str,
    by: User,
    now: datetime,
    effects: Iterable[Mapping[str, Any]] = (),
    lapses_on: StoryDate | None = None,
    answers: Offer | None = None,
) -> Offer:
    """Put terms to the other parties, with the typed effects they would have (see `rules.effects`).

    Whoever makes an offer accepts it by that. `lapses_on` is the last day on which it can be accepted. `answers` is
    another party's offer that this one takes the place of. `Refused` on `terms`, `effects` or `lapses_on` for what
    cannot be, and when the offer answered no longer stands.
    """
    html = _rendered(terms, "terms", "An offer needs terms", LONGEST_TERMS)
    payloads = _checked_effects(effects, complaint.campaign, by)
    _sweep(complaint)
    with transaction.atomic():
        campaign, row = _hold(complaint)
        _check_voice(row, power, by)
        take(row, ComplaintStep.PARLEY, by)
        if row.offers.count() >= MOST_OFFERS:
            raise Refused(f"This parley has its {MOST_OFFERS} offers", field="terms", allowed="Accept one")
        if lapses_on is not None and lapses_on.before(campaign.today) is Answer.YES:
            raise Refused(
                f"That day is over: today is {campaign.today.words()}",
                field="lapses_on",
                allowed="Name a day to come, or none",
            )
        earlier = _answered(row, answers, power, campaign.today) if answers else None
        offer = Offer.objects.create(
            complaint=row,
            number=(row.offers.aggregate(last=Max("number"))["last"] or 0) + 1,
            power=power,
            answers=earlier,
            terms=terms.strip(),
            terms_html=html,
            effects=payloads,
            lapses_on=lapses_on,
            by=by,
            made_at=now,
            made_on=campaign.today,
        )
        Acceptance.objects.create(offer=offer, power=power, by=by, at=now)
        if earlier is not None:
            _end(earlier, OfferState.COUNTERED)
        _answer(row, power)
        _tell(row, now, power, by=by)
    return offer


def accept(*, offer: Offer, power: Power, by: User, now: datetime) -> Offer:
    """A party's yes. With the last one the complaint is settled, and the offer is lodged: its terms are public.

    Accepted by that power already, it stays as it is. `Refused`, saying what happened meanwhile, for an offer that no
    longer stands, when the complaint is no longer open, and while a vote on it is.
    """
    _sweep(offer.complaint)
    with transaction.atomic():
        campaign, row = _hold(offer.complaint)
        _check_voice(row, power, by)
        found = _found(row, offer)
        if found.acceptances.filter(power=power).exists() and found.state in (
            OfferState.OPEN,
            OfferState.ACCEPTED,
        ):
            return found
        _check_stands(row, found, campaign.today)
        take(row, ComplaintStep.SETTLE, by)
        _check_no_vote(row)
        Acceptance.objects.create(offer=found, power=power, by=by, at=now)
        _answer(row, power)
        accepted = set(found.acceptances.values_list("power_id", flat=True))
        if accepted.issuperset(party.pk for party in row.parties):
            _settle(row, found, campaign, now, by)
        else:
            _tell(row, now, power, by=by)
    return found


def refuse(*, offer: Offer, power: Power, by: User, now: datetime) -> Offer:
    """A party's no, which ends the offer: it needed all of them. Refused already, it stays as it is."""
    _sweep(offer.complaint)
    with transaction.atomic():
        campaign, row = _hold(offer.complaint)
        _check_voice(row, power, by)
        found = _found(row, offer)
        if found.state == OfferState.REFUSED:
            return found
        if found.power_id == power.pk:
            raise Refused("This is your own offer", allowed="Take it back instead")
        _check_stands(row, found, campaign.today)
        take(row, ComplaintStep.PARLEY, by)
        _end(found, OfferState.REFUSED)
        _answer(row, power)
        _tell(row, now, power, by=by)
    return found


def take_back(*, offer: Offer, by: User, now: datetime) -> Offer:
    """Its maker takes an offer back, as long as not all have accepted it. Taken back already, it stays as it is."""
    _sweep(offer.complaint)
    with transaction.atomic():
        campaign, row = _hold(offer.complaint)
        found = _found(row, offer)
        _check_voice(row, found.power, by)
        if found.state == OfferState.TAKEN_BACK:
            return found
        _check_stands(row, found, campaign.today)
        take(row, ComplaintStep.PARLEY, by)
        _end(found, OfferState.TAKEN_BACK)
        _tell(row, now, found.power, by=by)
    return found


# Under the lock -------------------------------------------------------------------------------------------------------


def _hold(complaint: Complaint) -> tuple[Campaign, Complaint]:
    campaign = chronicle.lock(complaint.campaign)
    row = locked(complaint)
    row.campaign = campaign
    return campaign, row


def _found(row: Complaint, offer: Offer) -> Offer:
    """The offer read afresh; the row of its complaint is held, and nothing is done to an offer without it."""
    found = Offer.objects.select_related("power").get(pk=offer.pk)
    found.complaint = row
    return found


def _sweep(complaint: Complaint) -> None:
    """Set down which offers have lapsed: by itself, so that it stays set down when what comes next is refused."""
    with transaction.atomic():
        campaign, row = _hold(complaint)
        for offer in row.offers.filter(state=OfferState.OPEN):
            before_filing = row.filed_at is not None and offer.made_at < row.filed_at
            if offer.lapsed(campaign.today) or before_filing:
                _end(offer, OfferState.LAPSED)


def _check_voice(row: Complaint, power: Power, by: User) -> None:
    speaks = records.voice(row.campaign, by).speaks_for(records.called(power))
    if not speaks or power.pk not in {party.pk for party in row.parties}:
        raise Refused("Only the parties speak in their parley, each by its own delegation", field="power")


def _check_talking(row: Complaint) -> None:
    """Whether the parties may still talk, whoever speaks for them."""
    state = records.complaint_state(row)
    anyone = Actor(is_chair=True, power=None, stands_in_for=frozenset([state.complainant]))
    step = complaint_step(ComplaintStep.PARLEY, state, anyone)
    if not step.allowed:
        raise Refused(step.reason)


def _check_stands(row: Complaint, offer: Offer, today: StoryDate) -> None:
    if row.stage == ComplaintStage.SETTLED and offer.state != OfferState.ACCEPTED:
        lodged = row.offers.lodged().get()
        raise Refused(f"The complaint is settled: all have accepted offer {lodged.number}")
    if not offer.stands(today):
        ended = _ENDED.get(OfferState(offer.state), "has lapsed")
        raise Refused(f"Offer {offer.number} {ended}", allowed="You may make an offer of your own")


def _answered(row: Complaint, answers: Offer, power: Power, today: StoryDate) -> Offer:
    found = _found(row, answers)
    if found.power_id == power.pk:
        raise Refused("A power does not answer its own offer", allowed="Take it back, and make another")
    _check_stands(row, found, today)
    return found


def _check_no_vote(row: Complaint) -> None:
    voting = Motion.objects.filter(
        Q(complaint=row) | Q(parent__complaint=row), stage__in=(MotionStage.VOTING, MotionStage.TIED)
    )
    if voting.exists():
        raise Refused(
            "A vote on this complaint is open", allowed="Accept once it has closed, if it decides nothing"
        )


def _settle(row: Complaint, offer: Offer, campaign: Campaign, now: datetime, by: User) -> None:
    """All have accepted: the complaint ends here, and of its parley this one offer becomes public."""
    row.offers.filter(state=OfferState.OPEN).exclude(pk=offer.pk).update(state=OfferState.LAPSED)
    offer.state, offer.lodged_at, offer.lodged_on = OfferState.ACCEPTED, now, campaign.today
    offer.save(update_fields=["state", "lodged_at", "lodged_on"])
    hearing = records.hearing_of(row)
    if hearing and hearing.opened_at is None:
        hearing.delete()  # nothing is left to be heard; what was heard stays on record
    row.stage = ComplaintStage.SETTLED.value
    row.save(update_fields=["stage"])
    path = reverse("complaint", kwargs={"campaign": campaign.slug, "number": row.number})
    activity.record(
        campaign=campaign, kind=ActivityKind.SETTLED, now=now, number=row.number, by=by, path=path
    )


def _end(offer: Offer, state: OfferState) -> None:
    offer.state = state
    offer.save(update_fields=["state"])


def _answer(row: Complaint, power: Power) -> None:
    """A respondent's first word answers the consultation (DSU art. 4.3)."""
    if row.answered_on is None and power.pk != row.complainant_id:
        row.answered_on = row.campaign.today
        row.save(update_fields=["answered_on"])


def _rendered(text: str, field: str, wanted: str, limit: int) -> str:
    if not text.strip():
        raise Refused(wanted, field=field)
    markup.check_length(text.strip(), limit=limit, field=field)
    return markup.render(text.strip(), field=field)


def _checked_effects(
    effects: Iterable[Mapping[str, Any]], campaign: Campaign, by: User
) -> list[dict[str, Any]]:
    """The effects as they are kept. What is kept from whoever makes the offer is answered as what does not exist."""
    payloads = [dict(effect) for effect in effects]
    if len(payloads) > MOST_EFFECTS:
        raise Refused(f"An offer has at most {MOST_EFFECTS} effects", field="effects")
    known = Known(campaign, campaign.memberships.filter(user=by).first())
    try:
        read = [rules.parse(payload) for payload in payloads]
        for effect in read:
            known.check(effect)
    except ValueError as error:
        raise Refused(str(error), field="effects") from error
    return [rules.to_json(effect) for effect in read]


def _tell(row: Complaint, now: datetime, power: Power | None, *, by: User) -> None:
    """The parties, and nobody else, notice that there is something to read."""
    activity.record(
        campaign=row.campaign,
        kind=ActivityKind.PARLEY,
        now=now,
        number=row.number,
        power=power,
        by=by,
        path=reverse("parley", kwargs={"campaign": row.campaign.slug, "number": row.number}),
        powers=row.parties,
    )
