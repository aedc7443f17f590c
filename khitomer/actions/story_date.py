"""Going on in the story: the date, the canon that comes up with it and the clocks that move, as one change of mind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from khitomer.actions import campaigns, chronicle
from khitomer.models import Campaign, Change, Clock, Future, User
from khitomer.rules import changes as rules
from khitomer.rules.dates import StoryDate


@dataclass(frozen=True)
class Plan:
    """Where the story goes, and what happens on the way: canon that is enacted or averted, and clocks that tick."""

    to: StoryDate
    enacted: Sequence[Future] = ()
    averted: Sequence[Future] = ()
    ticks: Mapping[Clock, int] = field(default_factory=dict)

    def changes(self, today: StoryDate) -> list[rules.Change]:
        """The plan as changes: the date first, then canon in its order, then the clocks."""
        if self.to < today:
            return [rules.ReturnDate(to=self.to, advanced_to=today)]
        made: list[rules.Change] = [rules.AdvanceDate(to=self.to)]
        for future in sorted([*self.enacted, *self.averted], key=lambda each: (each.on, each.pk)):
            happens = future in self.enacted
            made.append(
                rules.SettleFuture(canon_key=future.canon_key, state="enacted" if happens else "averted")
            )
            if happens:
                made += [rules.from_json(change) for change in future.changes]
        made += [rules.TickClock(clock=clock.slug, by=by) for clock, by in self.ticks.items() if by]
        return made


def preview(campaign: Campaign, plan: Plan, *, state: rules.State | None = None) -> tuple[rules.Step, ...]:
    """What the plan would change, step by step. `Refused` when one of them cannot be made."""
    return chronicle.preview(campaign, plan.changes(campaign.today), state=state)


def go_on(
    *, campaign: Campaign, plan: Plan, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Carry a plan out, whole or not at all, under one source in the ledger: it is undone as one.

    Whom the canon that happens brings into the story joins the archive. `Refused` names what cannot be made.
    """
    with transaction.atomic():
        rows = chronicle.apply(
            campaign=campaign,
            changes=lambda state: plan.changes(state.today),
            by=by,
            why=why,
            source=f"date:{token}",
            story_date=max(plan.to, campaign.today),
            now=now,
        )
        for future in plan.enacted:
            campaigns.introduce(future, by, now)
    return rows
