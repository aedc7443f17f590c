"""The steps of the fuller procedure in the demo: the parties talk in a parley, and a committee debates."""

from __future__ import annotations

from diplomacy.actions import amendments, conferences, floor, motions, parleys, speakers, stages
from diplomacy.actions.sittings import open_sitting, take_in_hand
from diplomacy.demo import fuller, powers, sittings
from diplomacy.demo.house import House, file
from diplomacy.models import Conference, Motion, SpeechKind
from diplomacy.rules.procedure import MotionStep
from khitomer.models import Campaign, User
from khitomer.rules.dates import StoryDate


def talk(house: House) -> None:
    """A complaint is put on the docket, and its parties talk; the offer waits for the complainant."""
    filed = file(house, fuller.GUARDS)
    complaint = stages.docket(complaint=filed, by=house.gm, now=house.now())
    for said in fuller.TALK:
        parleys.say(
            complaint=complaint,
            power=house.power(said.power),
            text=said.text,
            by=_voice(house, said.power),
            now=house.now(),
        )
    parleys.make_offer(
        complaint=complaint,
        power=house.power(powers.FEDERATION),
        terms=fuller.TERMS,
        effects=fuller.TERMS_EFFECTS,
        lapses_on=StoryDate.parse(fuller.LAPSES),
        by=_voice(house, powers.FEDERATION),
        now=house.now(),
    )


def deliberate(house: House) -> None:
    """A committee under the full charter debates a motion: two amendments are moved, and seats wait to speak."""
    committee = conferences.create_conference(
        campaign=house.campaign,
        name=fuller.COMMITTEE,
        place=sittings.PLACE,
        treaty=house.campaign.treaties.get(slug=powers.ACCORDS),
        on=Campaign.objects.get(pk=house.campaign.pk).today,
        session=None,
        knobs=fuller.COMMITTEE_RULE,
        agenda=[],
        observers=[],
        by=house.gm,
        now=house.now(),
    )
    open_sitting(conference=committee, by=house.gm, now=house.now())
    _amend(house, _open_debate(house, committee))
    _line_up(house, committee)


def _open_debate(house: House, committee: Conference) -> Motion:
    by = _voice(house, fuller.SPONSOR)
    drafted = motions.draft_motion(
        conference=committee,
        complaint=None,
        sponsor=committee.seats.get(power__slug=fuller.SPONSOR),
        title=fuller.SHIPS_TITLE,
        finding="",
        clauses=fuller.SHIPS,
        by=by,
        now=house.now(),
    )
    moved = motions.submit_motion(motion=drafted, by=by, now=house.now())
    floor.rule_on(motion=moved, in_order=True, by=house.gm, now=house.now())
    floor.second(motion=moved, by=_voice(house, fuller.SECONDER), now=house.now())
    floor.set_debate(motion=moved, step=MotionStep.OPEN_DEBATE, by=house.gm, now=house.now())
    take_in_hand(conference=committee, motion=moved, by=house.gm)
    return moved


def _amend(house: House, motion: Motion) -> None:
    first, last = motion.clauses.get(position=2), motion.clauses.order_by("position").last()
    amendments.propose(
        motion=motion,
        operation="replace",
        clause=first,
        wording=fuller.ADVISED,
        by=_voice(house, powers.ROMULAN),
        now=house.now(),
    )
    amendments.propose(
        motion=motion, operation="strike", clause=last, by=_voice(house, powers.KLINGON), now=house.now()
    )


def _line_up(house: House, committee: Conference) -> None:
    for power, side in fuller.LIST:
        speakers.ask(
            conference=committee,
            seat=committee.seats.get(power__slug=power),
            kind=SpeechKind.SPEECH,
            side=side,
            by=_voice(house, power),
            now=house.now(),
        )


def _voice(house: House, power: str) -> User:
    """Whoever speaks for a power: its player, or the GM."""
    return house.people[sittings.SPEAKERS.get(power, "gm")]
