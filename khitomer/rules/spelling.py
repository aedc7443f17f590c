"""Words that are nearly the same: how many slips lie between them, and how many are forgiven."""

from __future__ import annotations

from collections.abc import Iterable


def slips(one: str, other: str, most: int) -> int:
    """How many letters are missing, added, wrong or swapped with their neighbour between two words, up to `most` + 1.

    The restricted Damerau-Levenshtein distance (optimal string alignment): no letter is touched twice.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, beside in enumerate(other, start=1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != beside))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == beside:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most and (not last or min(last) > most):
            return most + 1
        before, last = last, now
    return min(last[-1], most + 1)


def forgiven(word: str) -> int:
    """How many slips a word of this length may hold: none up to three letters, one up to seven, two beyond."""
    if len(word) < 4:
        return 0
    return 1 if len(word) < 8 else 2


def nearest(word: str, words: Iterable[str]) -> frozenset[str]:
    """Those of `words` that come nearest to a word, within what is forgiven; none if the best is too far."""
    most = forgiven(word)
    found: set[str] = set()
    letters = set(word)
    for other in words:
        # A slip changes one letter of either word, a swap none: what shares too few letters need not be measured.
        if not most or abs(len(other) - len(word)) > most or len(letters - set(other)) > most:
            continue
        far = slips(word, other, most)
        if far > most:
            continue
        if far < most:
            found.clear()
            most = far
        found.add(other)
    return frozenset(found)
