"""Where canon is drawn on the map by default, and the claims that the record tells of."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from khitomer.rules.dates import StoryDate

FILE = Path(__file__).resolve().parent.parent / "canon" / "positions.toml"


@dataclass(frozen=True)
class Claim:
    """A power's claim to a territory that another holds, from before the record until it was given up."""

    territory: str
    power: str
    until: StoryDate


@dataclass(frozen=True)
class Positions:
    """Positions in thousandths of width and height, by sort ("power", "territory", "entry") and slug."""

    drawn: Mapping[str, Mapping[str, tuple[int, int]]]
    claims: tuple[Claim, ...]


@cache
def defaults() -> Positions:
    """What the file says; ValueError where it is broken."""
    given = tomllib.loads(FILE.read_text(encoding="utf-8"))
    drawn = {
        sort: {slug: _point(slug, point) for slug, point in given[sort].items()}
        for sort in ("power", "territory", "entry")
    }
    claims = tuple(
        Claim(each["territory"], each["power"], StoryDate.parse(each["until"])) for each in given["claim"]
    )
    return Positions(drawn, claims)


def _point(slug: str, given: object) -> tuple[int, int]:
    match given:
        case [int(x), int(y)] if 0 <= x <= 1000 and 0 <= y <= 1000:
            return x, y
    raise ValueError(f"The position of “{slug}” is no point of the map: {given}")


def on_a_ring(slugs: list[str]) -> dict[str, tuple[int, int]]:
    """Places along the rim of the map for what has none yet, in the order given: eight along the top, then on."""
    spots = [(x, y) for y in (900, 60, 560, 690) for x in (430, 620, 810, 930, 260, 80)]
    return {slug: spots[number % len(spots)] for number, slug in enumerate(slugs)}
