"""What an entry of the canon says, by kind: the declarations that the reader holds the files to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from khitomer.rules.dates import StoryDate

_NUMERALS = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class Kind(StrEnum):
    """The kinds of entry; each but `PROVISION`, which stands inside its treaty, has a file of its own."""

    SOURCE = "source"
    POWER = "power"
    TREATY = "treaty"
    PROVISION = "provision"
    ADHERENCE = "adherence"
    PERSON = "person"
    PLACE = "place"
    VESSEL = "vessel"
    ORGANISATION = "organisation"
    EVENT = "event"


class PlaceType(StrEnum):
    """What sort of place a place is."""

    WORLD = "world"
    MOON = "moon"
    SETTLEMENT = "settlement"
    SECTOR = "sector"
    ZONE = "zone"
    REGION = "region"


class Dating(StrEnum):
    """How an event hangs on its date: in it, or known only to be no later, or no earlier."""

    IN = "in"
    BY = "by"
    FROM = "from"


def roman(number: int) -> str:
    """A treaty's ordinal in Roman numerals: 2 is "II". Raises ValueError outside 1 to 39."""
    if not 1 <= number <= 39:
        raise ValueError(f"A treaty's ordinal runs from 1 to 39, not {number}.")
    written = ""
    for value, numeral in _NUMERALS:
        count, number = divmod(number, value)
        written += numeral * count
    return written


def _refers(*kinds: Kind, **options: Any) -> Any:
    """A field that holds the key, or keys, of entries of these kinds; none given: of any with a page."""
    linkable = tuple(kind for kind in Kind if kind not in (Kind.SOURCE, Kind.ADHERENCE))
    return field(metadata={"kinds": kinds or linkable}, **options)


def _derived() -> Any:
    """A field that the reader works out; a file may not state it."""
    return field(metadata={"derived": True})


@dataclass(frozen=True, kw_only=True)
class Source:
    """A work that the canon cites, by its `label` ("S1")."""

    kind: ClassVar[Kind] = Kind.SOURCE
    key: str
    name: str
    label: str
    citation: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What every page of the library has.

    `summary` is one sentence; `text` is prose, its paragraphs parted by blank lines; `links` are keys of
    related entries; `sources` are keys of the sources cited, never none; `aliases` are other names in the
    record.
    """

    kind: ClassVar[Kind]
    key: str
    name: str
    summary: str
    text: str
    aliases: tuple[str, ...] = ()
    links: tuple[str, ...] = _refers(default=())
    sources: tuple[str, ...] = _refers(Kind.SOURCE)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The prose, paragraph by paragraph."""
        return tuple(self.text.split("\n\n"))


@dataclass(frozen=True, kw_only=True)
class Power(Entry):
    """A state: `short` name in three letters, common name (`called`), colour (#rrggbb), emblem's name."""

    kind: ClassVar[Kind] = Kind.POWER
    short: str
    called: str
    adjective: str
    colour: str
    emblem: str
    home: str | None = _refers(Kind.PLACE, default=None)


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """What a provision leaves free so long as it is not widespread.

    Widespread is more than `limit` recorded uses in the `window_days` days that end with the day of the act.
    When `own_default` is set the record gives no number and this work chose one; `basis` says so in words.
    """

    name: str
    text: str
    limit: int
    window_days: int
    own_default: bool
    basis: str


@dataclass(frozen=True, kw_only=True)
class Provision(Entry):
    """One numbered article of a treaty, in force from its signing. `label` is how it is cited: "II·4"."""

    kind: ClassVar[Kind] = Kind.PROVISION
    number: int
    exemption: Exemption | None = None
    treaty: str = _derived()
    label: str = _derived()


@dataclass(frozen=True, kw_only=True)
class Treaty(Entry):
    """A treaty and its provisions, in order.

    `weight` is how the record judges it, `later_parties` who joined after the founders, `jurisdiction` whom
    it reaches. `has_forum`: it lets a party bring a complaint. `accrued_rights_survive`: a complaint may
    outlive a withdrawal.
    """

    kind: ClassVar[Kind] = Kind.TREATY
    short: str
    ordinal: int
    signed: StoryDate
    signed_at: str = _refers(Kind.EVENT)
    place: str | None = _refers(Kind.PLACE, default=None)
    has_forum: bool
    accrued_rights_survive: bool = False
    weight: str
    later_parties: str
    jurisdiction: str
    provisions: tuple[Provision, ...]

    @property
    def numeral(self) -> str:
        """The ordinal as it stands in a citation: "II"."""
        return roman(self.ordinal)


@dataclass(frozen=True, kw_only=True)
class AdherenceSpan:
    """A dated span in which a power is bound: from the day it `entered` and free again on the day it `left`.

    The two `_by` fields name the events that brought it about. Spans of one power and treaty never overlap.
    """

    kind: ClassVar[Kind] = Kind.ADHERENCE
    key: str
    power: str = _refers(Kind.POWER)
    treaty: str = _refers(Kind.TREATY)
    entered: StoryDate
    entered_by: str | None = _refers(Kind.EVENT, default=None)
    left: StoryDate | None = None
    left_by: str | None = _refers(Kind.EVENT, default=None)
    sources: tuple[str, ...] = _refers(Kind.SOURCE)


@dataclass(frozen=True, kw_only=True)
class Person(Entry):
    """Someone in the record, with a `title` ("Chancellor") where it gives one, and a part played (`role`)."""

    kind: ClassVar[Kind] = Kind.PERSON
    title: str = ""
    role: str
    power: str = _refers(Kind.POWER)


@dataclass(frozen=True, kw_only=True)
class Place(Entry):
    """A place: whose it is (`power`), what it lies in or circles (`within`), when it was abolished (`ended`)."""

    kind: ClassVar[Kind] = Kind.PLACE
    type: PlaceType
    power: str | None = _refers(Kind.POWER, default=None)
    within: str | None = _refers(Kind.PLACE, default=None)
    ended: StoryDate | None = None
    ended_by: str | None = _refers(Kind.EVENT, default=None)


@dataclass(frozen=True, kw_only=True)
class Vessel(Entry):
    """A ship and the power it sailed for."""

    kind: ClassVar[Kind] = Kind.VESSEL
    power: str = _refers(Kind.POWER)


@dataclass(frozen=True, kw_only=True)
class Organisation(Entry):
    """A body of a power."""

    kind: ClassVar[Kind] = Kind.ORGANISATION
    power: str = _refers(Kind.POWER)


@dataclass(frozen=True, kw_only=True)
class Event(Entry):
    """Something that happened, or began, on `date` and ended on `ended` where it lasted.

    `sequence` orders events whose dates cannot, as the record tells them. `dating` says whether it happened
    in that date or is only known to be no later, or no earlier. A war names its `belligerents`, as far as
    the record does, and why the Accords reached it or not (`jurisdiction`). `rests_on` are the events without
    which, as the record itself tells it, this one would not have come about.
    """

    kind: ClassVar[Kind] = Kind.EVENT
    date: StoryDate
    sequence: int = 1
    dating: Dating = Dating.IN
    ended: StoryDate | None = None
    belligerents: tuple[str, ...] = _refers(Kind.POWER, default=())
    rests_on: tuple[str, ...] = _refers(Kind.EVENT, default=())
    jurisdiction: str = ""

    def when(self) -> str:
        """For display: "2344", "2372–2373", "2372 or earlier", "2373 or later"."""
        if self.dating is Dating.BY:
            return f"{self.date.words()} or earlier"
        if self.dating is Dating.FROM:
            return f"{self.date.words()} or later"
        return self.date.words() if self.ended is None else f"{self.date.words()}–{self.ended.words()}"


Item = Source | Entry | AdherenceSpan


def names(entry: Entry) -> tuple[str, ...]:
    """Every name that an entry goes by, its own first."""
    called = (entry.called,) if isinstance(entry, Power) and entry.called != entry.name else ()
    return (entry.name, *called, *entry.aliases)


@dataclass(frozen=True)
class Reference:
    """One mention of another item: in which field, by which key, and the kinds that the field allows."""

    field: str
    key: str
    kinds: tuple[Kind, ...]


def references(item: Item) -> Iterator[Reference]:
    """Every reference that an item makes by key, field by field."""
    for each in dataclasses.fields(item):
        given = getattr(item, each.name)
        for key in given if isinstance(given, tuple) else (given,):
            if key is not None and "kinds" in each.metadata:
                yield Reference(each.name, key, each.metadata["kinds"])
