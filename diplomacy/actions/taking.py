"""What every action on a motion does first: hold its row, ask the procedure again, and know who speaks."""

from datetime import datetime

from django.db.models import Max

from diplomacy import records_votes as records
from diplomacy.actions import minutes
from diplomacy.models import Conference, Motion, Seat
from diplomacy.rules.procedure import MotionStage, MotionStep, Step, motion_step
from khitomer import markup
from khitomer.errors import Refused
from khitomer.models import Campaign, Membership, User

PRIVATE_NUMBERS = range(20_000, 32_768)
"""The numbers of drafts. What is before the conference counts 1, 2, 3 without a gap."""

Taken = Step[MotionStep, MotionStage]


def held_conference(conference: Conference) -> Conference:
    """The conference read afresh, its row held until the transaction ends; its key is left free to be named."""
    rows = Conference.objects.select_related("campaign", "charter")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=conference.pk)


def held(motion: Motion) -> Motion:
    """The motion read afresh with what the procedure asks for, its row held until the transaction ends."""
    rows = Motion.objects.select_related(
        "conference__campaign",
        "conference__charter",
        "complaint",
        "parent__complaint",
        "sponsor__power",
        "resolution",
    )
    found = rows.select_for_update(of=("self",)).filter(pk=motion.pk).first()
    if found is None:
        raise Refused("This draft has been thrown away")
    return found


def member_of(campaign: Campaign, by: User) -> Membership | None:
    """Who `by` is in the campaign."""
    return campaign.memberships.select_related("power").filter(user=by).first()


def take(name: MotionStep, motion: Motion, *, by: User, now: datetime, reason: str = "") -> Taken:
    """The step, if this person may take it now; what the chair overrules is set down with its reason.

    `Refused` in the procedure's own words if not, and on `reason` where one is wanted and none is given.
    """
    actor = records.actor_at(
        motion.conference, member_of(motion.conference.campaign, by), sponsor=motion.sponsor
    )
    step = motion_step(name, records.motion_state(motion), actor)
    if not step.allowed:
        raise Refused(step.reason)
    if step.needs_reason and not reason.strip():
        wanted = step.reason or "This needs a reason"
        raise Refused(wanted, field="reason", allowed="Give the reason in a sentence")
    markup.check_length(reason.strip(), limit=500, field="reason")
    if step.overrule:
        minutes.overrule(
            campaign=motion.conference.campaign,
            conference=motion.conference,
            motion=motion,
            step=name.value,
            reason=reason.strip(),
            by=by,
            now=now,
        )
    return step


def voice_for(conference: Conference, by: User, *, seat: Seat | None = None, but: int | None = None) -> Seat:
    """The seat that moves or seconds: the one given, if `by` speaks for it, or else the first that `by` speaks for.

    Never an observer's, nor the one whose key is `but`. `Refused`, on `seat`, where there is none.
    """
    member = member_of(conference.campaign, by)
    seats = conference.seats.select_related("power").filter(observer=False).exclude(pk=but or 0)
    own = [each for each in seats if records.is_voice_of(member, each)]
    if seat is not None:
        own = [each for each in own if each.pk == seat.pk]
    if not own:
        raise Refused("You speak for no seat that may do this", field="seat")
    return own[0]


def next_number(conference: Conference) -> int:
    """The next place in the row of motions; the conference's row is held."""
    public = conference.motions.filter(number__lt=PRIVATE_NUMBERS.start)
    return (public.aggregate(last=Max("number"))["last"] or 0) + 1
