"""Searching: what a viewer typed, and what of it they may see, in an order that is the same on both engines."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from khitomer.access import Viewer
from khitomer.markup import plain
from khitomer.models import Entry, SearchDocument, Secret
from khitomer.rules.spelling import nearest
from khitomer.search.sources import INSTEAD, SOURCES, Source, source_of
from khitomer.search.triggers import APOSTROPHES, DOCUMENT, INDEX

MOST_WORDS = 8
MOST_LETTERS = 40
MOST_HITS = 300
"""How many of the hits are put in order; beyond that a search is to be narrowed."""

FEW = 3
"""Fewer hits than this, and words that are nearly the same count too."""

EXCERPT = 160
_SIGNS = str.maketrans("", "", "".join(APOSTROPHES))
_TARGET = re.compile(r"\[\[[^\[\]|\n]{1,200}\|")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Hit:
    """One thing found: what sort, what it is called, where it is, and an excerpt with the words marked."""

    source: Source
    title: SafeString
    excerpt: SafeString
    url: str


@dataclass(frozen=True)
class Found:
    """What came of a search. `counts` are by label, of what this viewer may see; `like` are words taken instead."""

    hits: Sequence[Hit]
    counts: dict[str, int]
    like: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def words_of(text: str) -> list[str]:
    """The words of a text as the index has them: lower case, without accents and apostrophes."""
    bare = unicodedata.normalize("NFKD", text.translate(_SIGNS).lower())
    return _WORD.findall("".join(letter for letter in bare if not unicodedata.combining(letter)))


def search(viewer: Viewer, typed: str, *, label: str = "", first: int = 0, most: int = 20) -> Found:
    """What the viewer may see that has every word of what they typed, each as the beginning of a word.

    `label` narrows to one group of sources; `first` and `most` choose a page of the hits.
    """
    words = [word[:MOST_LETTERS] for word in words_of(typed)][:MOST_WORDS]
    if not words:
        return Found((), {})
    documents = _visible(viewer)
    keys, like = _shown(documents, _keys(documents, words), words), ()
    if len(keys) < FEW:
        instead = _instead(documents, words)
        if instead != words:
            found = _shown(documents, _keys(documents, instead), instead)
            more = [key for key in found if key not in keys]
            keys, like = [*keys, *more], tuple(instead) if more else ()
    ordered = _once(keys)
    counts = Counter(source_of(sort).label for sort, _ in ordered)
    if label:
        ordered = [key for key in ordered if source_of(key[0]).label == label]
    hits = _hits(viewer, ordered[first : first + most], [*words, *like])
    return Found(hits, dict(counts), like)


def _visible(viewer: Viewer) -> QuerySet[SearchDocument]:
    """The documents whose things this viewer may see, each source asked in the same query."""
    seen = Q()
    for source in SOURCES:
        seen |= Q(sort=source.sort, key__in=source.visible(viewer).order_by().values("pk"))
    return SearchDocument.objects.filter(campaign=viewer.campaign).filter(seen)


def _keys(documents: QuerySet[SearchDocument], words: Sequence[str]) -> list[tuple[str, int]]:
    """The sorts and keys of what has all these words, the best first."""
    titled = _matching(documents, words, titles=True)
    others = _matching(documents, words, titles=False)
    rows = {
        (row["sort"], row["key"]): row
        for found in (others, titled)
        for row in found.order_by(Length("title"), "title", "sort", "key").values(
            "sort", "key", "title", "names"
        )[:MOST_HITS]
    }
    return sorted(rows, key=lambda key: (*_rank(rows[key], words), *key))


def _matching(
    documents: QuerySet[SearchDocument], words: Sequence[str], *, titles: bool
) -> QuerySet[SearchDocument]:
    if connection.vendor == "sqlite":
        terms = " AND ".join(f'"{word}"*' for word in words)
        match = f"{{title names}} : ({terms})" if titles else terms
        where = f"{DOCUMENT}.id IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s)"
    else:
        weight = "A" if titles else ""
        match = " & ".join(f"{word}:*{weight}" for word in words)
        where = f"{DOCUMENT}.words @@ to_tsquery('simple', %s)"
    return documents.extra(where=[where], params=[match])


def _rank(row: dict[str, Any], words: Sequence[str]) -> tuple[int, int, str]:
    """How well a thing fits: its whole title, its beginning, the title's words, other names, the text."""
    title = words_of(row["title"])
    said, asked = " ".join(title), " ".join(words)
    if not title:
        place = 4
    elif said == asked:
        place = 0
    elif said.startswith(asked):
        place = 1
    elif all(any(each.startswith(word) for each in title) for word in words):
        place = 2
    else:
        place = 3 if row["names"] else 4
    return place, len(said), said


def _shown(
    documents: QuerySet[SearchDocument], keys: Sequence[tuple[str, int]], words: Sequence[str]
) -> list[tuple[str, int]]:
    """Those with the words where a reader sees them: the name in `[[name|words]]` is not shown, and finds nothing."""
    linked = documents.filter(body__contains="[[", key__in=[key for _, key in keys]).filter(
        body__contains="|"
    )
    hidden = set()
    for row in linked.values("sort", "key", "title", "names", "body"):
        text = " ".join((row["title"], row["names"], _TARGET.sub(" ", row["body"])))
        there = words_of(text)
        if not all(any(each.startswith(word) for each in there) for word in words):
            hidden.add((row["sort"], row["key"]))
    return [key for key in keys if key not in hidden]


def _once(keys: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Each thing once: an entry found by its name is not found again by its text, nor a clock by its note."""
    instead = [key for sort, key in keys if sort == INSTEAD]
    pages = dict(Secret.objects.filter(pk__in=instead).values_list("pk", "entry_id")) if instead else {}
    seen: set[tuple[type[Any], int]] = set()
    kept = []
    for sort, key in keys:
        thing = (Entry, pages[key]) if sort == INSTEAD else (source_of(sort).model, key)
        if thing not in seen:
            seen.add(thing)
            kept.append((sort, key))
    return kept


def _instead(documents: QuerySet[SearchDocument], words: Sequence[str]) -> list[str]:
    """The words with those that no visible title has replaced by the nearest that one does have."""
    titles = documents.exclude(title="").values_list("title", "names")[:20_000]
    known = {word for pair in titles for text in pair for word in words_of(text)}
    instead = []
    for word in words:
        if any(each.startswith(word) for each in known):
            instead.append(word)
        else:
            instead.append(min(nearest(word, known), default=word))
    return instead


def _hits(viewer: Viewer, keys: Sequence[tuple[str, int]], words: Sequence[str]) -> list[Hit]:
    """The rows behind the keys, asked for once more with the viewer's own rights."""
    rows: dict[tuple[str, int], Any] = {}
    for sort in {sort for sort, _ in keys}:
        source = source_of(sort)
        wanted = [key for each, key in keys if each == sort]
        rows |= {(sort, row.pk): row for row in source.visible(viewer).filter(pk__in=wanted)}
    hits = []
    for key in keys:
        source, row = source_of(key[0]), rows.get(key)
        if row is None:
            continue
        if hasattr(row, "campaign_id"):
            row.campaign = viewer.campaign
        text = plain(around(source.text(row), words), 4 * EXCERPT)
        hits.append(
            Hit(
                source,
                marked(source.called(row), words),
                marked(excerpt(text, words), words),
                source.url(row),
            )
        )
    return hits


def around(text: str, words: Sequence[str]) -> str:
    """The part of a Markdown text around the first of the words, so that not all of it need be read as Markdown.

    What a reader does not see, the name in `[[name|words]]`, is no place for it, and is not cut in two.
    """
    text = _TARGET.sub("[[", text)
    if len(text) <= 12 * EXCERPT:
        return text
    at = next((match.start() for match in _WORD.finditer(text) if _fits(match[0], words)), 0)
    begin = max(0, at - 2 * EXCERPT)
    if begin:
        begin = max(text.rfind("\n", 0, at), text.find(" ", begin)) + 1
    return text[begin : begin + 4 * EXCERPT]


def excerpt(text: str, words: Sequence[str]) -> str:
    """About so many characters of a text around the first of the words in it, cut between words."""
    at = next((match.start() for match in _WORD.finditer(text) if _fits(match[0], words)), 0)
    begin = max(0, at - EXCERPT // 3)
    if begin:
        begin = text.find(" ", begin) + 1
    end = begin + EXCERPT
    cut = text[begin:end]
    if end < len(text):
        cut = cut[: cut.rindex(" ")] if " " in cut else cut
    return f"{'… ' if begin else ''}{cut}{' …' if end < len(text) else ''}"


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text, made safe, with each of its words that was asked for in a `<mark>`."""
    pieces, at = [], 0
    for match in re.finditer(rf"[\w{re.escape(''.join(APOSTROPHES))}]+", text):
        if _fits(match[0], words):
            pieces += [escape(text[at : match.start()]), f"<mark>{escape(match[0])}</mark>"]
            at = match.end()
    return mark_safe("".join([*pieces, escape(text[at:])]))  # noqa: S308  (every piece is escaped)


def _fits(text: str, words: Sequence[str]) -> bool:
    return any(each.startswith(word) for each in words_of(text) for word in words)
