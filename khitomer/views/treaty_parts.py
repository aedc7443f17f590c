"""What a treaty's page shows for a day: who is bound, who has reserved what, and which exemptions stand."""

from collections import defaultdict
from dataclasses import dataclass

from django import forms

from khitomer.access import Viewer
from khitomer.models import Adherence, Power, Provision, RecordedUse, Treaty
from khitomer.rules.adherence import Bond, bound_on, covers, exemption_on
from khitomer.rules.dates import Answer, StoryDate

_ORDER = [Answer.YES, Answer.DOUBT, Answer.NO]


@dataclass(frozen=True)
class Excluded:
    """A provision that a reservation keeps from a power; in doubt where the dates do not say."""

    provision: Provision
    answer: Answer


@dataclass(frozen=True)
class Party:
    """A power that is or was bound by a treaty, and how it stands on the day asked about."""

    power: Power
    spans: tuple[Adherence, ...]
    bond: Bond
    excluded: tuple[Excluded, ...]

    @property
    def drawn(self) -> tuple[str, str, str, tuple[tuple[StoryDate, StoryDate | None], ...]]:
        """The power as the adherence strip takes it."""
        power = self.power
        return power.name, power.short, power.colour, tuple((span.entered, span.left) for span in self.spans)


@dataclass(frozen=True)
class Window:
    """What the adherence strip shows, from when to when."""

    start: StoryDate
    end: StoryDate


def asked_on(form: forms.Form, today: StoryDate) -> tuple[StoryDate, int]:
    """The day asked for and the status of the answer; today where none was given or what was given is no date."""
    if form.is_bound and not form.is_valid():
        return today, 422
    return (form.cleaned_data["day"] if form.is_bound else None) or today, 200


def parties_on(treaty: Treaty, day: StoryDate) -> list[Party]:
    """Everyone who is or was bound, those bound on the day first, then those in doubt."""
    excluded = _excluded(treaty, day)
    parties = [
        Party(power, tuple(spans), bond, tuple(excluded[power.pk]))
        for power, spans, bond in _bonds(treaty, day)
    ]
    return sorted(parties, key=lambda party: (_ORDER.index(party.bond.answer), party.power.name))


def _excluded(treaty: Treaty, day: StoryDate) -> dict[int, list[Excluded]]:
    found: dict[int, list[Excluded]] = defaultdict(list)
    for provision in treaty.provisions.all():
        spans: dict[int, list[tuple[StoryDate, StoryDate | None]]] = defaultdict(list)
        for reservation in provision.reservations.all():
            spans[reservation.power_id].append((reservation.entered, reservation.left))
        for power, reserved in spans.items():
            answer = covers(reserved, day)
            if answer is not Answer.NO:
                found[power].append(Excluded(provision, answer))
    return found


def never(viewer: Viewer, parties: list[Party]) -> list[Power]:
    """The campaign's powers that have never been a party."""
    known = {party.power.pk for party in parties}
    return [power for power in viewer.campaign.powers.all() if power.pk not in known]


def bound_by(treaty: Treaty, day: StoryDate) -> list[Party]:
    """Those bound on the day, and those of whom the record does not say."""
    return [
        Party(power, tuple(spans), bond, ())
        for power, spans, bond in _bonds(treaty, day)
        if bond.answer is not Answer.NO
    ]


def _bonds(treaty: Treaty, day: StoryDate) -> list[tuple[Power, list[Adherence], Bond]]:
    """Each power that was ever a party, its spans, and whether they bind on the day."""
    spans: dict[Power, list[Adherence]] = defaultdict(list)
    for span in treaty.adherences.all():
        spans[span.power].append(span)
    return [
        (power, found, bound_on([(span.entered, span.left) for span in found], day))
        for power, found in spans.items()
    ]


def window_of(treaty: Treaty, day: StoryDate) -> Window:
    """From the treaty's signing to the campaign's day, and further where a span or the day asked about lies beyond."""
    dates = [treaty.signed, day, treaty.campaign.today]
    for span in treaty.adherences.all():
        dates += [date for date in (span.entered, span.left) if date]
    return Window(StoryDate(min(dates).year), max(dates, key=lambda date: date.last))


def turning_points(treaty: Treaty, today: StoryDate) -> list[StoryDate]:
    """The dates on which someone was bound or freed, in order, and today."""
    dates = {today}
    for span in treaty.adherences.all():
        dates.update(date for date in (span.entered, span.left) if date)
    return sorted(dates)


def exemption_of(provision: Provision, day: StoryDate) -> Bond | None:
    """Whether a provision's exemption stands on a day; None where it has none, or one without a limit."""
    if provision.exemption_limit is None or provision.exemption_window_days is None:
        return None
    return exemption_on(
        [use.on for use in provision.uses.all()],
        day,
        limit=provision.exemption_limit,
        window_days=provision.exemption_window_days,
    )


def recorded(provision: Provision) -> list[RecordedUse]:
    """The recorded uses, the latest first."""
    return sorted(provision.uses.all(), key=lambda use: (use.on, use.pk), reverse=True)
