"""The GM's edits to the powers and their standings, each through the ledger.

`token` names the form that was sent: sent twice, it is one change.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from khitomer.actions import chronicle
from khitomer.models import Campaign, Change, Power, User
from khitomer.rules import changes as rules


def set_standing(
    *,
    campaign: Campaign,
    first: Power,
    second: Power,
    value: int,
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> list[Change]:
    """Let two powers stand at `value`, −5 to +5, with each other. Nothing is written when they do already."""

    def decide(state: rules.State) -> Iterator[rules.Change]:
        change = value - state.standing(first.slug, second.slug)
        if change:
            yield rules.ChangeStanding(power=first.slug, other=second.slug, by=change)

    return chronicle.apply(campaign=campaign, changes=decide, by=by, why=why, source=f"gm:{token}", now=now)


def add_power(
    *,
    campaign: Campaign,
    slug: str,
    name: str,
    short: str,
    adjective: str,
    colour: str,
    emblem: str,
    aliases: str = "",
    summary: str = "",
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> Power:
    """Add a power of the campaign's own. `short` is two to four capitals, `colour` #rrggbb, `summary` Markdown."""
    change = rules.AddPower(
        slug=slug,
        name=name,
        short=short,
        adjective=adjective,
        colour=colour,
        emblem=emblem,
        aliases=aliases,
        summary=summary,
    )
    chronicle.apply(campaign=campaign, changes=[change], by=by, why=why, source=f"gm:{token}", now=now)
    return campaign.powers.get(slug=slug)


def edit_power(
    *,
    campaign: Campaign,
    power: Power,
    values: Mapping[str, str],
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> list[Change]:
    """Give a power's fields (`rules.AMENDABLE["power"]`) these values: one change for each that differs."""
    return chronicle.amend(
        campaign=campaign,
        subject="power",
        key=power.slug,
        values=values,
        by=by,
        why=why,
        token=token,
        now=now,
    )


def remove_power(
    *, campaign: Campaign, power: Power, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Take away a power that nothing rests on; `Refused`, naming what does, otherwise."""
    change = rules.RemovePower(slug=power.slug)
    return chronicle.apply(campaign=campaign, changes=[change], by=by, why=why, source=f"gm:{token}", now=now)
