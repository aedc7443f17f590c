"""What was said in a parley is not quoted outside it: offers made to settle are no evidence (DSU art. 4.6).

A text repeats a sealed one when eight or more of its words in a row stand there in the same order, whatever their case
and punctuation. What stood on the public record anyway may be said again, whoever repeated it in the parley.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

WORDS = 8
"""As many words in a row make a quotation."""

Run = tuple[str, ...]
"""Eight words that follow one another."""

_WORD = re.compile(r"[^\W_]+")
# Marks of emphasis and escapes may stand inside a word without parting it.
_UNSEEN = frozenset({"Cf", "Mn", "Me"})  # joiners, and marks that sit on a letter
_INSIDE = str.maketrans("", "", "*_~`\\")


def repeats(text: str, *, sealed: Iterable[str], public: Iterable[str] = ()) -> bool:
    """Whether `text` repeats eight or more consecutive words of a sealed text that no public text has as well."""
    return bool(quoted(runs(text), sealed=sealed, public=public))


def quoted(said: frozenset[Run], *, sealed: Iterable[str], public: Iterable[str] = ()) -> frozenset[Run]:
    """Those of the runs that a sealed text has and no public one.

    Every sealed text is read once, and the public ones only where something was found, whatever the number of texts
    that `said` was taken from.
    """
    found = frozenset[Run]().union(*(said.intersection(_each_run(text)) for text in sealed)) if said else said
    for text in public if found else ():
        found = found.difference(_each_run(text))
    return found


def runs(*texts: str) -> frozenset[Run]:
    """Every eight words that follow one another in one of the texts."""
    return frozenset(run for text in texts for run in _each_run(text))


def _each_run(text: str) -> Iterator[Run]:
    words = _words(text)
    return zip(*(words[start:] for start in range(WORDS)), strict=False)


def _words(text: str) -> list[str]:
    """The words of a text as they compare: without case, width, accents, punctuation, and what cannot be seen."""
    if not text.isascii():
        taken_apart = unicodedata.normalize("NFKD", text)
        text = "".join(each for each in taken_apart if unicodedata.category(each) not in _UNSEEN)
    return _WORD.findall(text.translate(_INSIDE).casefold())
