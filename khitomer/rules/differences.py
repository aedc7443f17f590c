"""Two texts beside each other: what was struck, what was put in, and what was kept, word by word.

Pure: texts in, values out. The struck and the kept together are the earlier text to the letter, the kept and what was
put in the later one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

MOST_PAIRS = 50_000
"""How many pairs of like words are weighed against each other in one comparison; what is beyond is told as a whole."""

AKIN = 4
"""A paragraph is read as another one changed when at least one word in so many was kept."""


class Mark(StrEnum):
    """What becomes of a run of words."""

    KEPT = "kept"
    STRUCK = "struck"
    PUT_IN = "put in"


@dataclass(frozen=True)
class Run:
    """Words that share a fate."""

    mark: Mark
    words: str


def tracked(before: str, after: str) -> tuple[Run, ...]:
    """The change word by word. Kept and struck runs together give `before` to the letter; kept and put in, `after`."""
    return tuple(_joined(_by_word(_words(before), _words(after))))


def compared(before: str, after: str) -> tuple[Run, ...]:
    """The same for texts of many paragraphs: word by word within those that differ.

    Of texts in which too many words are alike to weigh each against each, whole paragraphs are struck and put in.
    """
    old, new = _paragraphs(before), _paragraphs(after)
    left = MOST_PAIRS - _pairs(old, new)
    if left < 0:
        return tuple(_joined([Run(Mark.STRUCK, before), Run(Mark.PUT_IN, after)]))
    runs: list[Run] = []
    for tag, i, j, m, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(Run(Mark.KEPT, "".join(old[i:j])))
            continue
        for gone, come in zip_longest(old[i:j], new[m:n], fillvalue=""):
            struck, put_in = _words(gone), _words(come)
            left -= _pairs(struck, put_in)
            inside = list(_by_word(struck, put_in)) if left >= 0 else []
            whole = [Run(Mark.STRUCK, gone), Run(Mark.PUT_IN, come)]
            runs += inside if _is_akin(inside, struck, put_in) else whole
    return tuple(_joined(runs))


def in_paragraphs(runs: Iterable[Run]) -> list[tuple[Run, ...]]:
    """Runs as they are shown: cut where a paragraph ends. A break that came or went is a sign of its own, “¶”."""
    shown: list[list[Run]] = [[]]
    for run in runs:
        for piece in re.split(r"(\n[ \t]*\n\s*)", run.words):
            if not re.fullmatch(r"\n[ \t]*\n\s*", piece):
                shown[-1] += [Run(run.mark, piece)] if piece else []
                continue
            if run.mark is not Mark.KEPT:
                shown[-1].append(Run(run.mark, "¶"))
            shown.append([])
    return [tuple(each) for each in shown if each]


def in_words(runs: Iterable[Run]) -> str:
    """The same for whoever hears it read: what is struck and what is put in, in the order of the text."""
    said = []
    for run in runs:
        if run.mark is not Mark.KEPT and run.words.strip():
            said.append(f"“{run.words.strip()}” is {run.mark}")
    return "; ".join(said) + "." if said else "The words stay as they are."


def _by_word(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    # Spaces and stops are never what two texts have in common; they go along with the words beside them.
    blocks = SequenceMatcher(_is_between, old, new, autojunk=False).get_opcodes()
    for place, (tag, i, j, m, n) in enumerate(blocks):
        # A stop that ends both stays where it is: no word is struck for the sake of what follows it.
        stops = 0
        while (
            tag == "replace"
            and stops < min(j - i, n - m)
            and _is_stop(old[j - 1 - stops], new[n - 1 - stops])
        ):
            stops += 1
        kept = "".join(old[j - stops : j])
        gone, come = "".join(old[i : j - stops]), "".join(new[m : n - stops])
        # A space between two changes is no island: it goes with what was struck and with what was put in.
        bridge = tag == "equal" and _is_between(gone) and 0 < place < len(blocks) - 1
        if tag == "equal" and not bridge:
            yield Run(Mark.KEPT, gone)
        else:
            yield Run(Mark.STRUCK, gone)
            yield Run(Mark.PUT_IN, come)
            if kept:
                yield Run(Mark.KEPT, kept)


def _is_stop(one: str, other: str) -> bool:
    return one == other and _is_between(one) and not one.isspace()


def _is_akin(runs: Sequence[Run], old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether so much was kept that the change of a paragraph is better read within it than beside it."""
    kept = sum(_number(_words(run.words)) for run in runs if run.mark is Mark.KEPT)
    return AKIN * kept >= max(_number(old), _number(new))


def _number(pieces: Iterable[str]) -> int:
    return sum(not _is_between(piece) for piece in pieces)


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Each change as one: all that was struck in a place, then all that was put in there."""
    struck = put_in = kept = ""
    for run in runs:
        if run.mark is Mark.KEPT:
            yield from _changed(struck, put_in)
            struck = put_in = ""
            kept += run.words
        elif run.words:
            yield from _kept(kept)
            kept = ""
            struck += run.words if run.mark is Mark.STRUCK else ""
            put_in += run.words if run.mark is Mark.PUT_IN else ""
    yield from _kept(kept)
    yield from _changed(struck, put_in)


def _kept(words: str) -> list[Run]:
    return [Run(Mark.KEPT, words)] if words else []


def _changed(struck: str, put_in: str) -> list[Run]:
    runs = [Run(Mark.STRUCK, struck), Run(Mark.PUT_IN, put_in)]
    return [run for run in runs if run.words]


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """How much there is to weigh: how often each piece of one text stands in the other."""
    here, there = Counter(old), Counter(new)
    like = sum(number * there[piece] for piece, number in here.items() if not _is_between(piece))
    # Many short runs that are kept cost as much as many like words: then it is the lengths that count.
    return max(like, len(old) * len(new) // 80)


def _words(text: str) -> list[str]:
    """Words, the spaces between them and each stop, so that joined they are the text again."""
    return re.findall(r"\s+|\w+(?:[-'’]\w+)*|[^\w\s]", text)


def _is_between(piece: str) -> bool:
    """Whether there is no word in it: space, or punctuation."""
    return not re.search(r"\w", piece)


def _paragraphs(text: str) -> list[str]:
    """Paragraphs, each with the break that ends it, so that joined they are the text again."""
    pieces = re.split(r"(\n[ \t]*\n\s*)", text)
    return [piece for piece in map("".join, zip(pieces[::2], [*pieces[1::2], ""], strict=True)) if piece]
