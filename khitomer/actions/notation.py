"""Dice in d20's notation ("2d6+3", "4d6kh3"): faces that nobody can foresee, and an end to what a roll may cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import d20

from khitomer.errors import Refused

LONGEST = 60
"""Characters of one roll: what can be nested or multiplied in them is bounded, too."""
MOST_DICE = 100
MOST_SIDES = 1000
MOST_ROLLS = 300
"""Of all dice together, rerolled and exploded ones counted."""
LARGEST = 10**9

EXAMPLES = "Such as 2d6+3, 4d6kh3 (the highest three) or 1d100"


@dataclass(frozen=True)
class Rolled:
    """A roll: its notation, its total, and die by die the sides, the face and whether it counts."""

    notation: str
    total: int
    dice: tuple[tuple[int, int, bool], ...]


def roll(notation: str, *, source: Random) -> Rolled:
    """Roll what the notation says. `Refused` (on `notation`) for what it cannot say, and for too much of it."""
    text = " ".join(notation.split())
    if not text or len(text) > LONGEST:
        raise _refused("Write what to roll" if not text else f"A roll has at most {LONGEST} characters")
    try:
        rolled = _Roller(source).roll(text, stringifier=d20.SimpleStringifier())
        value = rolled.expr.total
        total = int(value)
    except d20.RollSyntaxError as error:
        raise _refused(f"“{text}” is not how dice are written") from error
    except d20.TooManyRolls as error:
        raise _refused("That would go on for too many dice") from error
    except d20.RollError as error:
        raise _refused(str(error).rstrip(".")) from error
    except Exception as error:
        # Its parser and its arithmetic raise whatever they trip over; all of it means that nothing can be rolled so.
        raise _refused(f"“{text}” cannot be rolled") from error
    if abs(total) > LARGEST:
        raise _refused("The total is too large to be of use")
    dice = tuple(_dice_in(rolled.expr))
    if not dice:
        raise _refused("There is no die in it")
    return Rolled(text, total, dice)


def _refused(reason: str) -> Refused:
    return Refused(reason, field="notation", allowed="Write it as 2d6+3")


def _dice_in(number: Any, counts: bool = True) -> Iterator[tuple[int, int, bool]]:
    counts = counts and number.kept
    if isinstance(number, d20.Dice):
        for die in number.values:
            sides = 100 if die.size == "%" else die.size
            for value in die.values:
                yield sides, int(value.number), counts and die.kept and value.kept
    for child in number.children:
        yield from _dice_in(child, counts)


class _Die(d20.Die):  # type: ignore[misc]
    """A die whose face comes from a source of its context's, which nobody can foresee."""

    def _add_roll(self) -> None:
        sides = 100 if self.size == "%" else self.size
        if not 1 <= sides <= MOST_SIDES:
            raise d20.RollValueError(f"A die has 1 to {MOST_SIDES:,} sides")
        self._context.count_roll()
        source: Random = self._context.source
        face = source.randrange(0, 100, 10) if self.size == "%" else source.randint(1, sides)
        self.values.append(d20.Literal(face))


class _Dice(d20.Dice):  # type: ignore[misc]
    @classmethod
    def new(cls, num: int, size: Any, context: Any = None) -> "_Dice":
        if num > MOST_DICE:
            raise d20.RollValueError(f"At most {MOST_DICE} dice are rolled at once")
        return cls(num, size, [_Die.new(size, context=context) for _ in range(num)], context=context)

    def roll_another(self) -> None:
        self.values.append(_Die.new(self.size, context=self._context))


class _Roller(d20.Roller):  # type: ignore[misc]
    def __init__(self, source: Random) -> None:
        super().__init__(d20.RollContext(max_rolls=MOST_ROLLS))
        self.context.source = source

    def _eval_dice(self, node: Any) -> _Dice:
        return _Dice.new(node.num, node.size, context=self.context)
