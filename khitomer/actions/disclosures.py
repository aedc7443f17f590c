"""Showing things to people, taking it back, and the record of who was shown what.

What a page goes by is the audience on the thing itself; every change of it goes through here, so that the record of
disclosures says the same. Whoever is told a secret may also see the entry it is kept on: the two are kept in step, so
that no list of secrets can name an entry to someone who must not know of it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from khitomer.actions import activity
from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.models import (
    ActivityKind,
    Audience,
    Campaign,
    Clock,
    Disclosure,
    Entry,
    Event,
    Handout,
    Membership,
    Power,
    Secret,
    SessionState,
    User,
)

Thing = Entry | Secret | Event | Clock | Handout
"""What can be disclosed."""


@dataclass(frozen=True)
class Told:
    """An audience as a value: everyone, or these powers and persons, or (naming nobody) the GM alone."""

    everyone: bool = False
    powers: frozenset[Power] = frozenset()
    persons: frozenset[Membership] = frozenset()

    @property
    def audience(self) -> Audience:
        if self.everyone:
            return Audience.ALL
        return Audience.POWERS if self.powers or self.persons else Audience.GM

    def reaches(self, person: Membership) -> bool:
        """Whether this member, who does not run the campaign, is among those told."""
        return self.everyone or person in self.persons or person.power in self.powers

    def and_also(self, other: "Told") -> "Told":
        """Everybody whom either names. Who is told along with everyone is not named any more."""
        if self.everyone or other.everyone:
            return Told(everyone=True)
        return Told(powers=self.powers | other.powers, persons=self.persons | other.persons)

    def but_not(self, other: "Told") -> "Told":
        """Without whom the other names; without everyone, nobody is left."""
        if other.everyone:
            return Told()
        return Told(self.everyone, self.powers - other.powers, self.persons - other.persons)

    def beyond(self, outer: "Told") -> list[str]:
        """Whom this names and the other does not reach, in words."""
        if outer.everyone:
            return []
        if self.everyone:
            return ["everyone at the table"]
        missed = [power.name for power in self.powers - outer.powers]
        missed += [str(person.user) for person in self.persons if not outer.reaches(person)]
        return sorted(missed)


def to_whom(
    *, campaign: Campaign, audience: str, powers: Iterable[Power] = (), persons: Iterable[Membership] = ()
) -> Told:
    """An audience as a form gives it. `Refused` where the audience and the names do not agree."""
    told = Told(audience == Audience.ALL, frozenset(powers), frozenset(persons))
    named: list[Power | Membership] = [*told.powers, *told.persons]
    if any(each.campaign_id != campaign.pk for each in named):
        raise Refused("Somebody of another campaign cannot be told", field="powers")
    if audience == Audience.POWERS and not named:
        raise Refused("Nobody is named", field="powers", allowed="Choose who may see it")
    if audience != Audience.POWERS and named:
        raise Refused(
            "Powers or persons are chosen, but the audience is not “Named powers or persons”",
            field="audience",
            allowed="Choose “Named powers or persons”, or nobody",
        )
    return told


def told_of(thing: Thing) -> Told:
    """Who has been told of a thing, by its own row."""
    if thing.audience != Audience.POWERS:
        return Told(everyone=thing.audience == Audience.ALL)
    return Told(powers=frozenset(thing.powers.all()), persons=frozenset(thing.persons.all()))


def campaign_of(thing: Thing) -> Campaign:
    """The campaign that a thing belongs to."""
    return thing.entry.campaign if isinstance(thing, Secret) else thing.campaign


def meant_of(handout: Handout) -> Told:
    """For whom a handout is made."""
    if handout.meant != Audience.POWERS:
        return Told(everyone=handout.meant == Audience.ALL)
    powers, persons = handout.meant_powers.all(), handout.meant_persons.select_related("user", "power")
    return Told(powers=frozenset(powers), persons=frozenset(persons))


# Showing, and taking back


def reveal(*, thing: Thing, to: Told, with_entry: bool = False, by: User, now: datetime) -> bool:
    """Show a thing to more people than know of it already; gives whether anybody was told something new.

    A secret is shown to those alone who see its entry; `with_entry` opens the entry to the others too. Without it the
    refusal names them.
    """
    with transaction.atomic():
        lock(campaign_of(thing))
        row = again(thing)
        if isinstance(row, Secret) and with_entry:
            _set(row.entry, told_of(row.entry).and_also(to), by=by, now=now)
        return _set(row, told_of(row).and_also(to), by=by, now=now)


def take_back(*, thing: Thing, whom: Told, with_secrets: bool = False, by: User, now: datetime) -> bool:
    """Take a thing from those named, or (of everyone) from all; gives whether anybody lost something.

    What everyone knows is taken from all or from nobody. An entry is not closed to somebody who knows a secret kept on
    it, unless `with_secrets` takes those back as well.
    """
    with transaction.atomic():
        lock(campaign_of(thing))
        row = again(thing)
        known = told_of(row)
        if known.everyone and not whom.everyone:
            raise Refused("Everyone knows it", allowed="Take it back from everyone, then show it to some")
        left = known.but_not(whom)
        if isinstance(row, Entry) and with_secrets:
            for secret in row.secrets.all():
                kept = told_of(secret)
                if kept.beyond(left):
                    _set(secret, _within(kept, left), by=by, now=now)
        return _set(row, left, by=by, now=now)


def set_audience(*, thing: Thing, to: Told, by: User | None, now: datetime) -> bool:
    """Say anew who may see a thing; gives whether that is a change."""
    with transaction.atomic():
        lock(campaign_of(thing))
        return _set(again(thing), to, by=by, now=now)


def again(thing: Thing) -> Any:
    """The thing's row, read afresh under the campaign's lock."""
    return type(thing)._default_manager.get(pk=thing.pk)


def _within(told: Told, outer: Told) -> Told:
    """Those of an audience whom another one reaches."""
    if outer.everyone:
        return told
    if told.everyone:
        return outer
    return Told(
        powers=told.powers & outer.powers,
        persons=frozenset(person for person in told.persons if outer.reaches(person)),
    )


def _set(row: Any, to: Told, *, by: User | None, now: datetime) -> bool:
    if told_of(row) == to:
        return False
    check(row, to)
    row.audience = to.audience
    row.save(update_fields=["audience"])
    row.powers.set(to.powers)
    row.persons.set(to.persons)
    keep_record(row, by=by, now=now, tell=True)
    return True


def check(row: Thing, to: Told) -> None:
    """Refuse an audience for a secret that its entry does not have, for an entry that would hide it from those who
    know a secret on it, and for a sealed handout that is not made for them."""
    if isinstance(row, Secret):
        missed = to.beyond(told_of(row.entry))
        if missed:
            raise Refused(
                f"The entry itself is not open to {', '.join(missed)}",
                field="audience" if to.everyone else "powers",
                allowed="Open the entry to them first, or keep the secret closer",
            )
    elif isinstance(row, Handout) and row.sealed:
        missed = to.beyond(meant_of(row))
        if missed:
            raise Refused(
                f"“{row}” is not for {', '.join(missed)}",
                field="powers",
                allowed="Show it to those that it is made for, or make another",
            )
    elif isinstance(row, Entry):
        # Who does not see the entry as it is either, because they changed sides, loses nothing by this.
        secrets, was = row.secrets.filter(deleted_at=None).with_audience(), told_of(row)
        kept = [told_of(secret) for secret in secrets]
        missed = sorted({name for each in kept for name in {*each.beyond(to)} - {*each.beyond(was)}})
        if missed:
            raise Refused(
                f"A secret on this entry is open to {', '.join(missed)}, who would no longer see the entry",
                field="audience",
                allowed="Keep the entry open to them, or close that secret first",
            )


# The record


def keep_record(thing: Any, *, by: User | None, now: datetime, tell: bool = False) -> None:
    """Bring the disclosures in force into step with the thing's audience; `tell` lets the newly told notice.

    What is taken back takes with it the way to its page from the activity of those who no longer see it.
    """
    campaign = campaign_of(thing)
    told = told_of(thing)
    wanted: set[tuple[int | None, int | None]] = {(power.pk, None) for power in told.powers}
    wanted |= {(None, person.pk) for person in told.persons}
    if told.everyone:
        wanted = {(None, None)}
    rows = {(row.power_id, row.person_id): row for row in Disclosure.objects.of(thing).in_force()}
    gone = [row.pk for key, row in rows.items() if key not in wanted]
    if gone:
        Disclosure.objects.filter(pk__in=gone).update(taken_back_at=now, taken_back_by=by)
        # A secret's page is its entry's, which they may still see: of its activity only what told of it goes.
        moments = None
        if isinstance(thing, Secret):
            own = {row.at for row in rows.values() if row.pk in gone}
            moments = own - set(
                Disclosure.objects.of(thing.entry).filter(at__in=own).values_list("at", flat=True)
            )
        narrow_activity(campaign, thing, told, at=moments)
        lost = [row for key, row in rows.items() if key not in wanted]
        everyone = any(row.power_id is None and row.person_id is None for row in lost)
        activity.record(
            campaign=campaign,
            kind=ActivityKind.NARROWED,
            now=now,
            powers=None if everyone else campaign.powers.filter(pk__in=[row.power_id for row in lost]),
            persons=campaign.memberships.filter(pk__in=[row.person_id for row in lost]),
        )
    new = sorted(wanted - set(rows), key=str)
    session = campaign.sessions.filter(state=SessionState.IN_PLAY).first() if new else None
    Disclosure.objects.bulk_create(
        Disclosure(
            campaign=campaign,
            power_id=power,
            person_id=person,
            session=session,
            at=now,
            story_date=campaign.today,
            by=by,
            **{thing._meta.model_name: thing},
        )
        for power, person in new
    )
    if new and tell:
        activity.record(
            campaign=campaign,
            kind=ActivityKind.DISCLOSED,
            now=now,
            by=by,
            path=path_of(thing),
            powers=None if told.everyone else [power for power in told.powers if (power.pk, None) in new],
            persons=[person for person in told.persons if (None, person.pk) in new],
        )


def look_again(thing: Thing, *, now: datetime, heard: set[Told] | None = None) -> None:
    """Let the open pages of those who see a thing look again, for it goes into the bin or comes out of it.

    Of many things in one transaction each audience hears once: `heard` are those that did.
    """
    told = told_of(thing)
    if isinstance(thing, Secret):
        told = _within(told, told_of(thing.entry))
    if heard is not None:
        if told in heard:
            return
        heard.add(told)
    activity.record(
        campaign=campaign_of(thing),
        kind=ActivityKind.NARROWED,
        now=now,
        powers=told.powers,
        persons=told.persons,
        audience=told.audience,
    )


def known_from_start(campaign: Campaign, things: Iterable[Any], now: datetime) -> None:
    """Note, without a day or an evening, that everyone knows of these already: what a campaign opens with."""
    Disclosure.objects.bulk_create(
        Disclosure(
            campaign=campaign,
            from_start=True,
            at=now,
            story_date=campaign.today,
            **{thing._meta.model_name: thing},
        )
        for thing in things
    )


def narrow_activity(
    campaign: Campaign, thing: Any, told: Told, *, at: Collection[datetime] | None = None
) -> None:
    """Whoever no longer sees a thing finds no way to its page among the latest either; `at` names the moments meant."""
    if told.everyone:
        return
    rows = campaign.activity.filter(path=path_of(thing))
    if at is not None:
        rows = rows.filter(at__in=at)
    for row in rows.prefetch_related("powers", "persons__power"):
        kept = _within(
            Told(row.audience == Audience.ALL, frozenset(row.powers.all()), frozenset(row.persons.all())),
            told,
        )
        row.audience = kept.audience
        row.save(update_fields=["audience"])
        row.powers.set(kept.powers)
        row.persons.set(kept.persons)


def path_of(thing: Any) -> str:
    """Where a thing is to be seen."""
    campaign = campaign_of(thing).slug
    match thing:
        case Secret():
            return reverse("entry", kwargs={"campaign": campaign, "entry": thing.entry.slug})
        case Clock():
            return f"{reverse('clocks', kwargs={'campaign': campaign})}#clock-{thing.slug}"
    name = thing._meta.model_name
    return reverse(name, kwargs={"campaign": campaign, name: thing.slug})
