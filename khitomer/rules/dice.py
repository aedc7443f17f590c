"""What a task at the table comes to, given the faces: two to five twenty-sided dice against a target number.

Nothing is rolled here. Each die at or under the target is a success; a 1 is two, and so is a die at or under the focus.
A die in the complication range (20, or 19 and 20, and so on) is a complication, whatever else it is. Successes beyond
the difficulty become Momentum.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SIDES = 20
DICE = range(2, 6)
TARGETS = range(1, SIDES + 1)
FOCI = range(SIDES + 1)
DIFFICULTIES = range(8)
RANGES = range(1, 6)


@dataclass(frozen=True)
class Task:
    """A task as it is set: `focus` is the rating under which a die counts twice, or 0 where no focus applies."""

    target: int
    focus: int = 0
    difficulty: int = 1
    complication_range: int = 1
    dice: int = 2

    def __post_init__(self) -> None:
        for name, allowed in (
            ("target", TARGETS),
            ("focus", FOCI),
            ("difficulty", DIFFICULTIES),
            ("complication_range", RANGES),
            ("dice", DICE),
        ):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} is {getattr(self, name)}, not {allowed[0]} to {allowed[-1]}")


@dataclass(frozen=True)
class Die:
    """One die: its face, the successes it counts, and whether it is a complication."""

    face: int
    successes: int
    complication: bool


@dataclass(frozen=True)
class Reading:
    """What the dice come to. `momentum` is what a task that succeeds leaves over."""

    dice: tuple[Die, ...]
    successes: int
    complications: int
    passed: bool
    momentum: int


def read(task: Task, faces: Sequence[int]) -> Reading:
    """Read the faces of a task. `ValueError` for faces that are not its dice."""
    if len(faces) != task.dice or not all(1 <= face <= SIDES for face in faces):
        raise ValueError(f"{list(faces)} is not a roll of {task.dice} dice of {SIDES} sides")
    dice = tuple(_die(task, face) for face in faces)
    successes = sum(die.successes for die in dice)
    passed = successes >= task.difficulty
    return Reading(
        dice=dice,
        successes=successes,
        complications=sum(die.complication for die in dice),
        passed=passed,
        momentum=successes - task.difficulty if passed else 0,
    )


def _die(task: Task, face: int) -> Die:
    twice = face == 1 or (face <= task.focus and face <= task.target)
    successes = 2 if twice else int(face <= task.target)
    return Die(face, successes, face > SIDES - task.complication_range)


def in_words(task: Task, reading: Reading) -> str:
    """One line for the log: "2d20 against 11, difficulty 2: 3 successes, 1 complication, 1 Momentum"."""
    said = [counted(reading.successes, "success", "successes")]
    if reading.complications:
        said.append(counted(reading.complications, "complication", "complications"))
    if not reading.passed:
        said.append("not enough")
    elif reading.momentum:
        said.append(f"{reading.momentum} Momentum")
    focus = f" (focus {task.focus})" if task.focus else ""
    return f"{task.dice}d20 against {task.target}{focus}, difficulty {task.difficulty}: {', '.join(said)}"


def counted(number: int, one: str, many: str) -> str:
    return f"{number or 'no'} {one if number == 1 else many}"
