"""The GM's edits to treaties and to who is bound by them, each through the ledger.

`token` names the form that was sent: sent twice, it is one change. `story_date` of a change is the campaign's today.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from khitomer.actions import chronicle
from khitomer.models import (
    Adherence,
    Campaign,
    Change,
    Power,
    Provision,
    RecordedUse,
    Reservation,
    Treaty,
    User,
)
from khitomer.rules import changes as rules
from khitomer.rules.changes.spans import period_words
from khitomer.rules.changes.written import Scalar
from khitomer.rules.dates import StoryDate


def key_of(provision: Provision) -> str:
    """A provision as changes name it: "second-khitomer-accords/4"."""
    return f"{provision.treaty.slug}/{provision.number}"


def _apply(
    campaign: Campaign, change: rules.Change, *, by: User, token: str, now: datetime, why: str
) -> list[Change]:
    return chronicle.apply(campaign=campaign, changes=[change], by=by, why=why, source=f"gm:{token}", now=now)


# Treaties and provisions


def add_treaty(
    *,
    campaign: Campaign,
    slug: str,
    name: str,
    numeral: str,
    signed: StoryDate,
    has_forum: bool = False,
    accrued_rights_survive: bool = False,
    summary: str = "",
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> Treaty:
    """Add a treaty that binds nobody yet. `numeral` is the first half of its provisions' labels ("II")."""
    change = rules.AddTreaty(
        slug=slug,
        name=name,
        numeral=numeral,
        signed=signed,
        has_forum=has_forum,
        accrued_rights_survive=accrued_rights_survive,
        summary=summary,
    )
    _apply(campaign, change, by=by, token=token, now=now, why=why)
    return campaign.treaties.get(slug=slug)


def edit_treaty(
    *,
    campaign: Campaign,
    treaty: Treaty,
    values: Mapping[str, Scalar | StoryDate],
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> list[Change]:
    """Give a treaty's fields (`rules.AMENDABLE["treaty"]`) these values: one change for each that differs."""
    return chronicle.amend(
        campaign=campaign,
        subject="treaty",
        key=treaty.slug,
        values=values,
        by=by,
        why=why,
        token=token,
        now=now,
    )


def add_provision(
    *,
    campaign: Campaign,
    treaty: Treaty,
    number: int,
    title: str,
    text: str,
    exemption: str = "",
    exemption_limit: int | None = None,
    exemption_window_days: int | None = None,
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> Provision:
    """Add a numbered provision; an exemption's limit of uses and its window of days go together."""
    change = rules.AddProvision(
        treaty=treaty.slug,
        number=number,
        title=title,
        text=text,
        exemption=exemption,
        exemption_limit=exemption_limit,
        exemption_window_days=exemption_window_days,
    )
    _apply(campaign, change, by=by, token=token, now=now, why=why)
    return treaty.provisions.get(number=number)


def edit_provision(
    *,
    campaign: Campaign,
    provision: Provision,
    title: str,
    text: str,
    exemption: str,
    exemption_limit: int | None,
    exemption_window_days: int | None,
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> list[Change]:
    """Give a provision this title, text and exemption: one change for each that differs."""
    key = key_of(provision)
    stated = (exemption, exemption_limit, exemption_window_days)

    def decide(state: rules.State) -> Iterator[rules.Change]:
        yield from chronicle.amendments(state, "provision", key, {"title": title, "text": text})
        old = state.provision(key)
        if (old.exemption, old.exemption_limit, old.exemption_window_days) != stated:
            yield rules.SetExemption(
                provision=key, exemption=exemption, limit=exemption_limit, window_days=exemption_window_days
            )

    return chronicle.apply(campaign=campaign, changes=decide, by=by, why=why, source=f"gm:{token}", now=now)


# Who is bound


def enter_treaty(
    *,
    campaign: Campaign,
    treaty: Treaty,
    power: Power,
    on: StoryDate,
    left: StoryDate | None = None,
    note: str = "",
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> list[Change]:
    """Bind a power from a date; `left` for a span of the past that has ended. `Refused` if spans would overlap."""
    change = rules.EnterTreaty(treaty=treaty.slug, power=power.slug, on=on, left=left, note=note)
    return _apply(campaign, change, by=by, token=token, now=now, why=why)


def leave_treaty(
    *,
    campaign: Campaign,
    treaty: Treaty,
    power: Power,
    on: StoryDate,
    manner: rules.Manner = "withdrawn",
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> list[Change]:
    """Free a power from a date, in one of the manners of leaving. `Refused` if it is not bound."""
    change = rules.LeaveTreaty(treaty=treaty.slug, power=power.slug, on=on, manner=manner)
    return _apply(campaign, change, by=by, token=token, now=now, why=why)


def correct_span(
    *,
    campaign: Campaign,
    span: Adherence,
    entered: StoryDate,
    left: StoryDate | None,
    note: str = "",
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> list[Change]:
    """Strike a span and enter it with the right dates. What was canon is then the campaign's own."""
    treaty, power = span.treaty.slug, span.power.slug
    was = period_words(rules.Span(entered=span.entered, left=span.left))
    return chronicle.apply(
        campaign=campaign,
        changes=[
            rules.StrikeAdherence(treaty=treaty, power=power, entered=span.entered),
            rules.EnterTreaty(treaty=treaty, power=power, on=entered, left=left, note=note, instead_of=was),
        ],
        by=by,
        why=why,
        source=f"gm:{token}",
        now=now,
    )


def strike_span(
    *, campaign: Campaign, span: Adherence, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Strike a span from the record, as if it had never been."""
    change = rules.StrikeAdherence(treaty=span.treaty.slug, power=span.power.slug, entered=span.entered)
    return _apply(campaign, change, by=by, token=token, now=now, why=why)


# Reservations and uses


def make_reservation(
    *,
    campaign: Campaign,
    provision: Provision,
    power: Power,
    on: StoryDate,
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> list[Change]:
    """Let a power exclude one provision for itself from a date (VCLT 2(1)(d))."""
    change = rules.MakeReservation(provision=key_of(provision), power=power.slug, on=on)
    return _apply(campaign, change, by=by, token=token, now=now, why=why)


def end_reservation(
    *,
    campaign: Campaign,
    reservation: Reservation,
    on: StoryDate,
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> list[Change]:
    """Let a power give up its reservation from a date."""
    change = rules.EndReservation(
        provision=key_of(reservation.provision), power=reservation.power.slug, on=on
    )
    return _apply(campaign, change, by=by, token=token, now=now, why=why)


def record_use(
    *,
    campaign: Campaign,
    provision: Provision,
    power: Power,
    on: StoryDate,
    note: str = "",
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> list[Change]:
    """Record one use of what a provision exempts."""
    change = rules.RecordUse(provision=key_of(provision), power=power.slug, on=on, note=note)
    return _apply(campaign, change, by=by, token=token, now=now, why=why)


def strike_use(
    *, campaign: Campaign, use: RecordedUse, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Strike a recorded use."""
    change = rules.StrikeUse(provision=key_of(use.provision), power=use.power.slug, on=use.on, note=use.note)
    return _apply(campaign, change, by=by, token=token, now=now, why=why)
