"""What every change shares: the state it is weighed against, the step it takes, and the refusal in words."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from khitomer.rules.dates import StoryDate

if TYPE_CHECKING:
    from khitomer.rules.changes.powers import AddPower
    from khitomer.rules.changes.story import AddClock, AddEvent
    from khitomer.rules.changes.territory import AddTerritory, SetUpZone
    from khitomer.rules.changes.treaties import AddProvision, AddTreaty

Audience = Literal["gm", "powers", "all"]
FutureState = Literal["ahead", "enacted", "altered", "averted"]
Pair = tuple[str, str]

_Key = TypeVar("_Key")
_Item = TypeVar("_Item")


class Impossible(Exception):
    """A change that cannot be made: `reason` says why not, `allowed` what would do instead, where that is known."""

    def __init__(self, reason: str, allowed: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.allowed = allowed


# The state


@dataclass(frozen=True, kw_only=True)
class Span:
    """Bound, or reserved, from `entered` and free again on `left`."""

    entered: StoryDate
    left: StoryDate | None = None
    note: str = ""
    canon_key: str = ""


@dataclass(frozen=True, kw_only=True)
class Held:
    """Held by a power, or by nobody (""), from `entered` (None: before the record begins) and no longer on `left`."""

    power: str
    entered: StoryDate | None = None
    left: StoryDate | None = None
    note: str = ""
    canon_key: str = ""


@dataclass(frozen=True, kw_only=True, order=True)
class Use:
    """One recorded use of what a provision exempts."""

    on: StoryDate
    power: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the ledger knows of an archive entry: its fate, and who may hear of it.

    `persons` are members who were told of it beside the powers, by sign-in name; no change takes it from them.
    `secret_told` are the powers that know a secret kept on it, `secret_for_all` says that everyone knows one: the entry
    cannot be closed to them.
    """

    name: str
    fate: str = ""
    audience: Audience = "gm"
    told: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    secret_told: tuple[str, ...] = ()
    secret_for_all: bool = False


@dataclass(frozen=True, kw_only=True)
class Future:
    """A piece of canon ahead of the campaign, and what became of it."""

    title: str
    state: FutureState = "ahead"


@dataclass(frozen=True, kw_only=True)
class State:
    """A campaign as far as changes can touch it, every thing by its slug.

    Powers, treaties, provisions, events, clocks, territories and zones are kept as the change that would add them as
    they now are, so that taking one away knows how to bring it back. Provisions go by "treaty/number". A pair without
    a standing stands at 0, and no 0, no empty tuple is ever stored: equal states compare equal. `held` are powers that
    have members or open invitations.
    """

    today: StoryDate
    powers: Mapping[str, AddPower] = field(default_factory=dict)
    treaties: Mapping[str, AddTreaty] = field(default_factory=dict)
    provisions: Mapping[str, AddProvision] = field(default_factory=dict)
    standings: Mapping[Pair, int] = field(default_factory=dict)
    adherence: Mapping[Pair, tuple[Span, ...]] = field(default_factory=dict)  # by treaty and power
    reservations: Mapping[Pair, tuple[Span, ...]] = field(default_factory=dict)  # by provision and power
    uses: Mapping[str, tuple[Use, ...]] = field(default_factory=dict)  # by provision
    events: Mapping[str, AddEvent] = field(default_factory=dict)
    clocks: Mapping[str, AddClock] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    futures: Mapping[str, Future] = field(default_factory=dict)
    territories: Mapping[str, AddTerritory] = field(default_factory=dict)
    holdings: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)  # by territory, each to the next
    zones: Mapping[str, SetUpZone] = field(default_factory=dict)
    held: frozenset[str] = frozenset()

    def power(self, slug: str) -> AddPower:
        """The power with this slug, or `Impossible`."""
        return found(self.powers, slug, "power")

    def treaty(self, slug: str) -> AddTreaty:
        """The treaty with this slug, or `Impossible`."""
        return found(self.treaties, slug, "treaty")

    def provision(self, key: str) -> AddProvision:
        """The provision at "treaty/number", or `Impossible`."""
        return found(self.provisions, key, "provision")

    def label(self, key: str) -> str:
        """A provision as it is cited: "II·4"."""
        provision = self.provision(key)
        return f"{self.treaty(provision.treaty).numeral}·{provision.number}"

    def standing(self, power: str, other: str) -> int:
        """How two powers stand with each other, −5 to +5."""
        return self.standings.get(pair(power, other), 0)


def pair(power: str, other: str) -> Pair:
    """Two powers as one key, whichever is named first."""
    return (power, other) if power <= other else (other, power)


def found(things: Mapping[str, _Item], key: str, what: str) -> _Item:
    """The thing with this key; `Impossible`, naming the key, when there is none."""
    try:
        return things[key]
    except KeyError:
        raise Impossible(f"This campaign has no {what} “{key}”") from None


def having(things: Mapping[_Key, _Item], key: _Key, item: _Item) -> dict[_Key, _Item]:
    """The mapping with this item in it; an item that is nothing (0, an empty tuple) leaves no entry."""
    kept = {**things, key: item}
    return kept if item else without(kept, key)


def without(things: Mapping[_Key, _Item], key: _Key) -> dict[_Key, _Item]:
    """The mapping less one key."""
    return {other: item for other, item in things.items() if other != key}


# Changes and steps


@dataclass(frozen=True, kw_only=True)
class Change(ABC):
    """One typed, reversible alteration of campaign state. Things are named by slug."""

    kind: ClassVar[str]

    @abstractmethod
    def step(self, state: State) -> Step:
        """What comes of this change in this state. Raises `Impossible`."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A change made: the state after it, its words for people, and the change that would take it back.

    `audience`, `told` (slugs of powers) and `persons` (sign-in names of members) say who may notice it at all.
    """

    change: Change
    state_after: State
    before: str
    after: str
    sentence: str
    inverse: Change
    audience: Audience = "all"
    told: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()


def words(most: int, *, blank: bool = False, called: str = "", **options: Any) -> Any:
    """A field of text with a limit of characters; `called` is its name on screen, where the field's own will not do."""
    return field(metadata={"most": most, "blank": blank or "default" in options, "called": called}, **options)


def check_words(thing: Change) -> None:
    """Refuse a text that is empty where it may not be, or longer than its field holds."""
    for each in dataclasses.fields(thing):
        if "most" not in each.metadata:
            continue
        text, most = getattr(thing, each.name), each.metadata["most"]
        called = each.metadata["called"] or each.name.replace("_", " ")
        if not text.strip() and not each.metadata["blank"]:
            raise Impossible(f"The {called} is empty")
        if len(text) > most:
            raise Impossible(f"The {called} has {len(text):,} characters", f"The limit is {most:,}")


def check_audience(
    state: State, audience: Audience, told: tuple[str, ...], persons: tuple[str, ...] = ()
) -> None:
    """Refuse powers that do not exist, and names where nobody in particular is told."""
    for slug in told:
        state.power(slug)
    if (told or persons) and audience != "powers":
        raise Impossible("Powers or persons are named, but the audience is not “named powers or persons”")


# Words


def signed(number: int) -> str:
    """A standing as it is shown: "−3", "0", "+2"."""
    if number == 0:
        return "0"
    return f"+{number}" if number > 0 else f"−{-number}"


def when(date: StoryDate) -> str:
    """A date as an adverb: "in 2372", "in March 2372", "on 14 March 2372"."""
    return date.adverb()


def the(name: str) -> str:
    """A name with its article, unless it brings one."""
    return name if name.casefold().startswith("the ") else f"the {name}"


def clip(text: str, most: int = 120) -> str:
    """At most so many characters on one line, the last an ellipsis when something was cut."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
