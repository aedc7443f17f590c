"""Changes to the law itself: treaties, their provisions and exemptions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from khitomer.rules.changes.core import (
    Change,
    Impossible,
    State,
    Step,
    check_words,
    clip,
    having,
    the,
    when,
    without,
    words,
)
from khitomer.rules.changes.powers import check_slug
from khitomer.rules.dates import Answer, StoryDate


@dataclass(frozen=True, kw_only=True)
class AddTreaty(Change):
    """A treaty comes into being; nobody is bound by it yet."""

    kind: ClassVar[str] = "add treaty"
    slug: str = words(60)
    name: str = words(80)
    numeral: str = words(8)
    signed: StoryDate
    has_forum: bool = False
    accrued_rights_survive: bool = False
    summary: str = words(50_000, default="")
    canon_key: str = words(80, default="")

    def check(self, state: State) -> None:
        """Refuse a treaty that is not in order, that takes another's slug or numeral, or is signed after an entry."""
        check_words(self)
        check_slug(self.slug)
        for treaty in state.treaties.values():
            for field, called in (("slug", "address"), ("numeral", "numeral")):
                if getattr(treaty, field) == getattr(self, field):
                    raise Impossible(f"The {called} “{getattr(self, field)}” is taken by {the(treaty.name)}")
        for (treaty_slug, power), spans in state.adherence.items():
            if treaty_slug == self.slug and spans[0].entered.before(self.signed) is Answer.YES:
                raise Impossible(
                    f"{state.power(power).name} entered {the(self.name)} {when(spans[0].entered)}, before that signing",
                    "Correct that entry first",
                )

    def step(self, state: State) -> Step:
        self.check(state)
        return Step(
            change=self,
            state_after=replace(state, treaties=having(state.treaties, self.slug, self)),
            before="not in this campaign",
            after=f"signed {when(self.signed)}",
            sentence=f"Treaty added: {self.name}",
            inverse=RemoveTreaty(slug=self.slug),
        )


@dataclass(frozen=True, kw_only=True)
class RemoveTreaty(Change):
    """A treaty that has no provisions and never bound anyone is taken away."""

    kind: ClassVar[str] = "remove treaty"
    slug: str

    def step(self, state: State) -> Step:
        treaty = state.treaty(self.slug)
        if any(provision.treaty == self.slug for provision in state.provisions.values()):
            raise Impossible(f"There are provisions in {the(treaty.name)}", "Remove them first")
        if any(self.slug == bound for bound, _ in state.adherence):
            raise Impossible(f"A power is or was bound by {the(treaty.name)}", "Strike those spans first")
        return Step(
            change=self,
            state_after=replace(state, treaties=without(state.treaties, self.slug)),
            before=f"signed {when(treaty.signed)}",
            after="not in this campaign",
            sentence=f"Treaty removed: {treaty.name}",
            inverse=treaty,
        )


@dataclass(frozen=True, kw_only=True)
class AddProvision(Change):
    """A treaty gets one more numbered provision."""

    kind: ClassVar[str] = "add provision"
    treaty: str
    number: int
    title: str = words(120)
    text: str = words(50_000)
    exemption: str = words(300, default="")
    exemption_limit: int | None = None
    exemption_window_days: int | None = None
    canon_key: str = words(80, default="")

    @property
    def key(self) -> str:
        return f"{self.treaty}/{self.number}"

    def check(self, state: State) -> None:
        """Refuse a provision that is not in order, of no treaty, or with a number already taken."""
        check_words(self)
        treaty = state.treaty(self.treaty)
        if not 1 <= self.number <= 999:
            raise Impossible(f"A provision has no number {self.number}", "Number it from 1 to 999")
        if self.key in state.provisions:
            raise Impossible(f"There is a provision {self.number} in {the(treaty.name)} already")
        check_exemption(self.exemption_limit, self.exemption_window_days)

    def step(self, state: State) -> Step:
        self.check(state)
        label = f"{state.treaty(self.treaty).numeral}·{self.number}"
        return Step(
            change=self,
            state_after=replace(state, provisions=having(state.provisions, self.key, self)),
            before="not in the treaty",
            after=self.title,
            sentence=f"Provision added: {label}, {self.title}",
            inverse=RemoveProvision(provision=self.key),
        )


def check_exemption(limit: int | None, window_days: int | None) -> None:
    """Refuse a limit of uses without a window of days, and a window without a limit."""
    if (limit is None) != (window_days is None):
        raise Impossible(
            "An exemption's limit of uses and its window of days go together", "Give both or neither"
        )
    if limit is not None and not 0 <= limit <= 32_767:
        raise Impossible(f"An exemption's limit cannot be {limit} uses", "Give 0 or more")
    if window_days is not None and not 1 <= window_days <= 32_767:
        raise Impossible(f"An exemption's window cannot be {window_days} days", "Give 1 or more")


@dataclass(frozen=True, kw_only=True)
class RemoveProvision(Change):
    """A provision that nothing rests on is taken away."""

    kind: ClassVar[str] = "remove provision"
    provision: str

    def step(self, state: State) -> Step:
        provision, label = state.provision(self.provision), state.label(self.provision)
        if any(self.provision == reserved for reserved, _ in state.reservations):
            raise Impossible(f"A reservation was made to {label}", "Strike the reservation first")
        if self.provision in state.uses:
            raise Impossible(f"Uses are recorded under {label}", "Strike those uses first")
        return Step(
            change=self,
            state_after=replace(state, provisions=without(state.provisions, self.provision)),
            before=provision.title,
            after="not in the treaty",
            sentence=f"Provision removed: {label}, {provision.title}",
            inverse=provision,
        )


@dataclass(frozen=True, kw_only=True)
class SetExemption(Change):
    """What a provision leaves free, and how often in how many days before that lapses (no limit: never)."""

    kind: ClassVar[str] = "set exemption"
    provision: str
    exemption: str = words(300, blank=True)
    limit: int | None = None
    window_days: int | None = None

    def step(self, state: State) -> Step:
        check_words(self)
        check_exemption(self.limit, self.window_days)
        provision, label = state.provision(self.provision), state.label(self.provision)
        old = SetExemption(
            provision=self.provision,
            exemption=provision.exemption,
            limit=provision.exemption_limit,
            window_days=provision.exemption_window_days,
        )
        if old == self:
            raise Impossible(f"The exemption of {label} is that already")
        changed = replace(
            provision,
            exemption=self.exemption,
            exemption_limit=self.limit,
            exemption_window_days=self.window_days,
        )
        return Step(
            change=self,
            state_after=replace(state, provisions=having(state.provisions, self.provision, changed)),
            before=old.words(),
            after=self.words(),
            sentence=f"The exemption of {label} is now: {self.words()}",
            inverse=old,
        )

    def words(self) -> str:
        """The exemption on one line: "Tri-cobalt devices, up to 3 uses in 30 days"."""
        if not self.exemption and self.limit is None:
            return "none"
        if self.limit is None:
            return clip(self.exemption)
        bound = f"up to {self.limit} {'use' if self.limit == 1 else 'uses'} in {self.window_days} days"
        return ", ".join(part for part in (clip(self.exemption), bound) if part)
