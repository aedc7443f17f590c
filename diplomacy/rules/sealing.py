"""What was said in a parley is not quoted outside it: offers made to settle are no evidence (DSU art. 4.6).

A text repeats a sealed one when eight or more of its words in a row stand there in the same order, whatever their case
and punctuation. What stood on the public record anyway may be said again, whoever repeated it in the parley.
"""

import re
import unicodedata
from collections.abc import Iterable

WORDS = 8
"""As many words in a row make a quotation."""

_WORD = re.compile(r"[^\W_]+")
# Marks of emphasis and escapes may stand inside a word without parting it.
_INSIDE = str.maketrans("", "", "*_~`\\")


def repeats(text: str, *, sealed: Iterable[str], public: Iterable[str] = ()) -> bool:
    """Whether `text` repeats eight or more consecutive words of a sealed text that no public text has as well."""
    said = _runs(text)
    if not said:
        return False
    quoted = said & {run for each in sealed for run in _runs(each)}
    return bool(quoted.difference(*map(_runs, public)))


def _runs(text: str) -> set[tuple[str, ...]]:
    """Every eight words of a text that follow one another."""
    words = _words(text)
    return {tuple(words[start : start + WORDS]) for start in range(len(words) - WORDS + 1)}


def _words(text: str) -> list[str]:
    """The words of a text as they compare: without case, width, punctuation, and what cannot be seen."""
    plain = unicodedata.normalize("NFKC", text).translate(_INSIDE)
    seen = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    return _WORD.findall(seen.casefold())
