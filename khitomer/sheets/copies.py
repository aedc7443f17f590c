"""Whose copy of a sheet it is: through whose eyes it is drawn.

A copy goes by a token in its address: “all” for what anybody at the table may see, “power:klingon”, “person:12”, and
“gm” for all there is. None but the GM chooses; everyone else has their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from khitomer.access import Viewer, eyes_of
from khitomer.actions.disclosures import Told
from khitomer.forms.audience import players_of
from khitomer.forms.fields import as_key
from khitomer.models import Audience, Handout, Membership, Power
from khitomer.rules.press import EVERYONE, GM


@dataclass(frozen=True)
class Copy:
    """One reader's copy: the token it goes by, who that is in words, and their eyes."""

    token: str
    name: str
    eyes: Viewer
    power: Power | None = None
    person: Membership | None = None

    @property
    def told(self) -> Told:
        """Whom it is given to, as an audience."""
        return Told(
            everyone=self.token == EVERYONE,
            powers=frozenset([self.power] if self.power else []),
            persons=frozenset([self.person] if self.person else []),
        )


def copies_of(viewer: Viewer, handout: Handout) -> list[Copy]:
    """The copies that a GM may want: of those it is meant for first, then everyone's, then their own."""
    campaign = viewer.campaign
    found = []
    if handout.meant == Audience.POWERS:
        found = [_power(viewer, power) for power in handout.meant_powers.all()]
        meant = players_of(campaign).filter(pk__in=handout.meant_persons.all())
        found += [persons(viewer, person) for person in meant]
    elif handout.meant == Audience.ALL:
        found = [everyones(viewer)]
    return [*found, gms(viewer)]


def readers_of(viewer: Viewer) -> list[Copy]:
    """Everybody to whom a sheet may be given: everyone, each power, each player, the GM; nobody, where the viewer is no
    GM."""
    if not viewer.is_gm:
        return []
    powers = [_power(viewer, power) for power in viewer.campaign.powers.seated_first()]
    players = [persons(viewer, player) for player in players_of(viewer.campaign)]
    return [everyones(viewer), *powers, *players, gms(viewer)]


def copy_for(viewer: Viewer, token: str) -> Copy:
    """The copy of this token, for a GM; for anybody else their own, whatever they ask for. 404 for nobody."""
    if not viewer.is_gm:
        return Copy("", str(viewer.user), viewer, viewer.power, viewer.membership)
    sort, _, key = token.partition(":")
    if token in ("", GM):
        return gms(viewer)
    if token == EVERYONE:
        return everyones(viewer)
    if sort == "power" and (power := viewer.campaign.powers.filter(slug=key).first()):
        return _power(viewer, power)
    if sort == "person" and (number := as_key(key)):
        person = players_of(viewer.campaign).filter(pk=number).first()
        if person is not None:
            return persons(viewer, person)
    raise Http404


def everyones(viewer: Viewer) -> Copy:
    """What anybody at the table may see."""
    return Copy(EVERYONE, "Everyone at the table", eyes_of(viewer))


def gms(viewer: Viewer) -> Copy:
    """All there is."""
    return Copy(GM, "The GM", viewer)


def _power(viewer: Viewer, power: Power) -> Copy:
    return Copy(f"power:{power.slug}", power.name, eyes_of(viewer, power=power), power=power)


def persons(viewer: Viewer, person: Membership) -> Copy:
    """What one person may see."""
    eyes = eyes_of(viewer, person=person)
    return Copy(f"person:{person.pk}", str(person.user), eyes, person=person)
