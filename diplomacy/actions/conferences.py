"""The sitting of signatories: convening it, its seats and roll, and the hearings before it.

Every step takes the conference's row first and decides under that lock; only convening takes the campaign's before.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from diplomacy import records, records_sitting
from diplomacy.actions import charters, complaints, minutes
from diplomacy.actions.chairing import demand_chair, hold
from diplomacy.actions.sittings import opened, set_floor
from diplomacy.actions.under_lock import locked
from diplomacy.models import (
    Ballot,
    Charter,
    Complaint,
    Conference,
    ConferenceStage,
    Hearing,
    MinuteKind,
    Seat,
)
from diplomacy.rules.charters import Knobs
from diplomacy.rules.procedure import ComplaintStage, ComplaintStep, MotionStage, complaint_step
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.models import Campaign, Membership, Power, Role, Session, Treaty, User
from khitomer.rules.adherence import covers
from khitomer.rules.dates import Answer, StoryDate


@dataclass(frozen=True, kw_only=True)
class Place:
    """How one seat is to be: in the room or not, who speaks for it (None: the GM), its weight and its veto."""

    seat: Seat
    present: bool
    delegate: Membership | None
    weight: int = 1
    veto: bool = False


# Convening


def create_conference(
    *,
    campaign: Campaign,
    name: str,
    treaty: Treaty,
    on: StoryDate,
    by: User,
    now: datetime,
    place: str = "",
    session: Session | None = None,
    knobs: Knobs | None = None,
    agenda: Iterable[Complaint] = (),
    observers: Iterable[Power] = (),
) -> Conference:
    """Convene the signatories of a treaty with a forum, with a seat for every power surely bound on the day `on`.

    A seat's delegate is the player of its power where there is exactly one; else the GM speaks for it. `agenda` are
    admitted complaints, in order; `observers` powers that are not bound and come to watch. `Refused` beside the
    field that will not do.
    """
    with transaction.atomic():
        campaign = chronicle.lock(campaign)
        demand_chair(campaign, by)
        _check_treaty(campaign, treaty)
        bound, watching = _bound(treaty, on), list(observers)
        _check_bound(treaty, on, bound)
        conference = Conference.objects.create(
            campaign=campaign,
            slug=_free_slug(campaign, name),
            name=name,
            place=place,
            treaty=treaty,
            session=session,
            on=on,
        )
        knobs = knobs or records.knobs_of(treaty)
        charters.demand_sound(knobs)
        Charter.objects.create(conference=conference, **Charter.columns(knobs))
        _seat(conference, [power for power, answer in bound.items() if answer is Answer.YES])
        for power in watching:
            _check_may_watch(power, bound.get(power, Answer.NO))
        _seat(conference, watching, observer=True)
        _schedule(conference, agenda, by, now)
    return conference


def edit_conference(
    *,
    conference: Conference,
    name: str,
    on: StoryDate,
    by: User,
    now: datetime,
    place: str = "",
    session: Session | None = None,
    knobs: Knobs | None = None,
    agenda: Iterable[Complaint] = (),
) -> Conference:
    """Mend what a conference is called, when and where it sits, and its charter; `agenda` adds to what it hears.

    Its address stays as it was, and so do its seats. A vote that is open keeps the rule it was opened under.
    """
    with transaction.atomic():
        conference = hold(conference)
        demand_chair(conference.campaign, by)
        conference.name, conference.place, conference.on = name, place, on
        conference.session = session
        conference.save(update_fields=["name", "place", "on", "session"])
        if knobs is not None:
            charters.write(conference, knobs, now)
        _schedule(conference, agenda, by, now)
    return conference


def _schedule(conference: Conference, agenda: Iterable[Complaint], by: User, now: datetime) -> None:
    for complaint in agenda:
        try:
            complaints.schedule(complaint=complaint, conference=conference, by=by, now=now)
        except Refused as refused:
            reason = f"Complaint No. {complaint.number}: {refused.reason}"
            raise Refused(reason, field="agenda", allowed=refused.allowed) from refused


def _check_treaty(campaign: Campaign, treaty: Treaty) -> None:
    if treaty.campaign_id != campaign.pk or not treaty.has_forum:
        raise Refused(
            f"The {treaty} has no forum, so no conference sits under it",
            field="treaty",
            allowed="Choose a treaty with a conference system",
        )


def _check_bound(treaty: Treaty, on: StoryDate, bound: dict[Power, Answer]) -> None:
    if Answer.YES in bound.values():
        return
    if bound:
        named = ", ".join(power.name for power in bound)
        raise Refused(
            f"Who was bound by the {treaty} on {on.words()} is in doubt: {named}",
            field="on",
            allowed="Give a more exact date",
        )
    raise Refused(
        f"Nobody was bound by the {treaty} on {on.words()}", field="on", allowed="Give another date"
    )


def _bound(treaty: Treaty, on: StoryDate) -> dict[Power, Answer]:
    """The powers bound on that day, surely or in doubt."""
    spans: dict[Power, list[tuple[StoryDate, StoryDate | None]]] = {}
    for span in treaty.adherences.select_related("power"):
        spans.setdefault(span.power, []).append((span.entered, span.left))
    answers = {power: covers(dates, on) for power, dates in spans.items()}
    return {power: answer for power, answer in answers.items() if answer is not Answer.NO}


def _free_slug(campaign: Campaign, name: str) -> str:
    """A name for the address that no other conference of the campaign has; the campaign's row is held."""
    stem = (slugify(name) or "conference")[:70]
    taken = set(campaign.conferences.filter(slug__startswith=stem).values_list("slug", flat=True))
    if stem == "new":  # an address of the house's own
        taken.add(stem)
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


# Seats


def _seat(conference: Conference, powers: Collection[Power], *, observer: bool = False) -> list[Seat]:
    players: dict[int, list[Membership]] = {}
    for member in conference.campaign.memberships.delegates().filter(power__in=powers):
        players.setdefault(member.power_id or 0, []).append(member)
    return Seat.objects.bulk_create(
        Seat(
            conference=conference,
            power=power,
            observer=observer,
            delegate=players[power.pk][0] if len(players.get(power.pk, ())) == 1 else None,
        )
        for power in powers
    )


def add_seat(*, conference: Conference, power: Power, observer: bool, by: User) -> Seat:
    """Give one more power a place: as an observer, or as a member when it is or may be bound on the day.

    `Refused` for a power that sits already, for a member that surely is not bound, and for an observer that surely is.
    """
    with transaction.atomic():
        conference = hold(conference)
        demand_chair(conference.campaign, by)
        _check_not_closed(conference)
        answer = _bound(conference.treaty, conference.on).get(power, Answer.NO)
        if observer:
            _check_may_watch(power, answer)
        elif answer is Answer.NO:
            raise Refused(
                f"{power} is not bound by the {conference.treaty} on {conference.on.words()}",
                field="power",
                allowed="It may sit as an observer",
            )
        try:
            with transaction.atomic():
                return _seat(conference, [power], observer=observer)[0]
        except IntegrityError:
            raise Refused(f"{power} has a seat already", field="power") from None


def _check_may_watch(power: Power, answer: Answer) -> None:
    if answer is Answer.YES:
        raise Refused(
            f"{power} is bound by the treaty, so it sits as a member and not as an observer",
            field="observers",
        )


def arrange(*, conference: Conference, places: Iterable[Place], by: User) -> None:
    """Set several seats at once. A vote that is open keeps the electorate it was opened with."""
    with transaction.atomic():
        conference = hold(conference)
        demand_chair(conference.campaign, by)
        _check_not_closed(conference)
        seats = {seat.pk: seat for seat in conference.seats.select_related("power")}
        for place in places:
            seat = seats[place.seat.pk]
            _check_delegate(seat, place.delegate)
            if place.weight < 1:
                raise Refused(f"The weight of {seat.power} is at least 1")
            seat.present, seat.delegate = place.present, place.delegate
            seat.weight, seat.veto = place.weight, place.veto and not seat.observer
        Seat.objects.bulk_update(seats.values(), ["present", "delegate", "weight", "veto"])


def set_roll(*, conference: Conference, present_seats: Iterable[Seat], by: User, now: datetime) -> None:
    """Call the roll: these seats are in the room, and no others. It is minuted each time."""
    present = {seat.pk for seat in present_seats}
    with transaction.atomic():
        conference = hold(conference)
        demand_chair(conference.campaign, by)
        _check_not_closed(conference)
        conference.seats.filter(pk__in=present).update(present=True)
        conference.seats.exclude(pk__in=present).update(present=False)
        seats = list(conference.seats.select_related("power"))
        minutes.note(
            conference=conference,
            kind=MinuteKind.ROLL,
            now=now,
            present=[seat.power.name for seat in seats if seat.present and not seat.observer],
            absent=[seat.power.name for seat in seats if not seat.present and not seat.observer],
            observers=[seat.power.name for seat in seats if seat.present and seat.observer],
        )


def set_delegate(*, seat: Seat, delegate: Membership | None, by: User) -> Seat:
    """Say who speaks for a seat: a player of its power, or with None the GM."""
    with transaction.atomic():
        conference = hold(seat.conference)
        demand_chair(conference.campaign, by)
        seat = conference.seats.select_related("power").get(pk=seat.pk)
        _check_delegate(seat, delegate)
        seat.delegate = delegate
        seat.save(update_fields=["delegate"])
    return seat


def take_empty_seats(membership: Membership) -> None:
    """Whoever comes to play a power speaks for its seats that have no delegate, at conferences not closed."""
    if membership.role == Role.PLAYER:
        open_seats = Seat.objects.exclude(conference__stage=ConferenceStage.CLOSED)
        open_seats.filter(power=membership.power_id, delegate=None).update(delegate=membership)


def leave_seats(membership: Membership) -> None:
    """Whoever speaks for a power no longer gives its seats back to the GM.

    What they cast in a vote that is still open stands, sealed until the close: it is nobody's to read any more, not
    even the other chairs' once this one helps to run the campaign.
    """
    cast = Ballot.objects.filter(seat__delegate=membership, by=membership.user_id)
    cast.filter(motion__stage=MotionStage.VOTING.value).update(by=None)
    Seat.objects.filter(delegate=membership).update(delegate=None)


def _check_delegate(seat: Seat, delegate: Membership | None) -> None:
    if delegate is None or (delegate.power_id == seat.power_id and delegate.role == Role.PLAYER):
        return
    raise Refused(
        f"{delegate.user} does not play for {seat.power}",
        field="delegate",
        allowed="Choose one of its players, or let the GM speak for the seat",
    )


# Hearings


def open_hearing(*, hearing: Hearing, by: User, now: datetime, with_sitting: bool = False) -> Hearing:
    """Open the hearing of a complaint: the conference sits, and its charter's quorum is in the room.

    `with_sitting` opens the sitting as well where it was only planned: both, or neither. The complaint then stands
    at “heard”. `Refused` with the procedure's reason, or with the count of the quorum.
    """
    with transaction.atomic():
        conference = hold(hearing.conference)
        if with_sitting and conference.stage in (ConferenceStage.PLANNED, ConferenceStage.SUSPENDED):
            demand_chair(conference.campaign, by)
            opened(conference, now, by=by)
        complaint = locked(hearing.complaint)
        hearing = conference.hearings.get(pk=hearing.pk)
        state = records.complaint_state(complaint)
        step = complaint_step(ComplaintStep.HEAR, state, records.voice(conference.campaign, by))
        if not step.allowed:
            raise Refused(step.reason)
        charter = conference.charter
        lacking = records_sitting.quorum_lacking(
            conference.seats.all(), charter.quorum, charter.quorum_more_than
        )
        if lacking:
            raise Refused(lacking, allowed="Call the roll again when more seats are in the room")
        hearing.opened_at = now
        hearing.save(update_fields=["opened_at"])
        complaint.stage = ComplaintStage.HEARD.value
        complaint.save(update_fields=["stage"])
        set_floor(conference=conference, hearing=hearing)
        minutes.note(conference=conference, kind=MinuteKind.HEARING, now=now, complaint=complaint)
    return hearing


# All of them


def _check_not_closed(conference: Conference) -> None:
    if conference.stage == ConferenceStage.CLOSED:
        raise Refused("The sitting is closed", allowed="Open it again to change who sits in it")
