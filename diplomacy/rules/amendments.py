"""Amendments: which is voted first, what it makes of the text, and which others fall when one is adopted.

Pure: texts in, values out. The order and the implied rejections are those of GA rule 90. What changes within a text is
`khitomer.rules.differences`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

STRUCK = 100
"""How far from the text it is to strike a clause whole: nothing is further. An addition touches no word, at 0."""


class Operation(StrEnum):
    """What an amendment does to a clause."""

    ADD = "add"
    STRIKE = "strike"
    REPLACE = "replace"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """An amendment before the conference.

    `clause` is the key of the clause it is about, None for an addition. `before` and `after` are the clause's words as
    they stand and as they would read. `distance`, 0 to 100, is how far the chair puts it from the text; None leaves
    that to `distance_of`.
    """

    number: int
    operation: Operation
    clause: int | None = None
    before: str = ""
    after: str = ""
    distance: int | None = None


def distance_of(proposal: Proposal) -> int:
    """How far an amendment is from the text, 0 to 100: by the chair's word, or by how little of the clause it keeps."""
    if proposal.distance is not None:
        return proposal.distance
    if proposal.operation is Operation.STRIKE:
        return STRUCK
    if proposal.operation is Operation.ADD:
        return 0
    old, new = proposal.before.split(), proposal.after.split()
    kept = sum(block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    return STRUCK - 1 - (STRUCK - 2) * kept // max(len(old), len(new), 1)


def in_order(proposals: Iterable[Proposal]) -> list[Proposal]:
    """The order of the votes: furthest from the text first (GA rule 90), and of equals the one moved first."""
    return sorted(proposals, key=lambda each: (-distance_of(each), each.number))


def why_first(proposal: Proposal) -> str:
    """Why an amendment comes before the others, to follow "Amendment 5 is voted first:"."""
    if proposal.distance is not None:
        return "the chair has put it first"
    return "it is furthest from the text"


def falls(proposal: Proposal, adopted: Proposal) -> bool:
    """Whether adopting one amendment rejects the other by implication (GA rule 90).

    A clause that was struck can be neither replaced nor struck again; one that was replaced stands as it now reads. An
    addition needs no clause to stand on, and never falls.
    """
    if Operation.ADD in (proposal.operation, adopted.operation):
        return False
    return proposal.number != adopted.number and proposal.clause == adopted.clause


# What it makes of the text --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Text:
    """A clause as the text has it: its key, its position from 1, its words, and whether it still stands."""

    key: int
    position: int
    words: str
    stands: bool = True


def applied(text: Sequence[Text], proposal: Proposal, *, after: int = 0, key: int = 0) -> tuple[Text, ...]:
    """The text once an amendment is adopted: positions run from 1 without a gap, struck clauses keeping theirs.

    An addition comes after the position `after` (0: before all others; past the end: last) and is known by `key`.
    Raises ValueError for a clause that the text has not, or that no longer stands.
    """
    ordered = sorted(text, key=lambda each: each.position)
    if proposal.operation is Operation.ADD:
        ordered.insert(after, Text(key=key, position=0, words=proposal.after))
    else:
        place = next(
            (i for i, each in enumerate(ordered) if each.key == proposal.clause and each.stands), None
        )
        if place is None:
            raise ValueError("The clause that it would amend stands no longer.")
        struck = proposal.operation is Operation.STRIKE
        old = ordered[place]
        ordered[place] = replace(old, stands=False) if struck else replace(old, words=proposal.after)
    return tuple(replace(each, position=position) for position, each in enumerate(ordered, start=1))
