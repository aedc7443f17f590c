"""Turning the knobs of a charter: a treaty's, for what comes, and that of one conference.

A vote that has opened keeps its own copy of the rule and its electorate; nothing here reaches it.
"""

from datetime import datetime

from django.db import transaction

from diplomacy import records
from diplomacy.actions.minutes import note
from diplomacy.models import Charter, Conference, ConferenceStage, MinuteKind, TreatyCharter
from diplomacy.rules.charter_words import changes
from diplomacy.rules.charters import Knobs, faults
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.models import Campaign, Treaty, User


def turn_treaty(*, treaty: Treaty, knobs: Knobs, by: User, now: datetime) -> TreatyCharter:
    """Give a treaty this charter: for the conferences convened from now on, and for complaints on no agenda yet.

    `Refused` for a treaty without a forum, and beside the knob that will not do.
    """
    with transaction.atomic():
        campaign = chronicle.lock(treaty.campaign)
        _demand_chair(campaign, by)
        if not treaty.has_forum:
            raise Refused(f"The {treaty} has no forum, so no conference sits under it")
        demand_sound(knobs)
        columns = TreatyCharter.columns(knobs)
        charter, _ = TreatyCharter.objects.update_or_create(treaty=treaty, defaults=columns)
    return charter


def turn_conference(*, conference: Conference, knobs: Knobs, by: User, now: datetime) -> Charter:
    """Give a conference this charter, from the next step on. What is turned while it sits stands in its minutes.

    `Refused` beside the knob that will not do.
    """
    with transaction.atomic():
        rows = Conference.objects.select_related("campaign", "charter")
        conference = rows.select_for_update(of=("self",), no_key=True).get(pk=conference.pk)
        _demand_chair(conference.campaign, by)
        return write(conference, knobs, now)


def write(conference: Conference, knobs: Knobs, now: datetime) -> Charter:
    """Write the knobs into the conference's charter; whoever calls this holds the conference's row."""
    demand_sound(knobs)
    said = changes(conference.charter.knobs, knobs)
    Charter.objects.filter(conference=conference).update(**Charter.columns(knobs))
    if said and conference.stage != ConferenceStage.PLANNED:
        text = f"The charter was changed. {'; '.join(said)}."
        note(conference=conference, kind=MinuteKind.NOTE, now=now, text=text)
    return Charter.objects.get(conference=conference)


def demand_sound(knobs: Knobs) -> None:
    """`Refused` beside the first knob that will not do."""
    for name, fault in faults(knobs).items():
        raise Refused(fault.rstrip("."), field=name)


def _demand_chair(campaign: Campaign, by: User) -> None:
    if not records.voice(campaign, by).is_chair:
        raise Refused("This is for the chair: the GM sets the rules of a conference")
