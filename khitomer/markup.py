"""Markdown to safe HTML, once, when a text is saved.

Two walls, either of which would hold alone: the parser never passes HTML through, and the cleaner afterwards keeps
only what is on its short list. `[[names]]` of entries pass as they were typed; who may follow them depends on the
reader, so they are resolved when the page is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from html import unescape
from itertools import accumulate
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from khitomer.errors import Refused

MAX_CHARACTERS = 50_000
MAX_COLUMNS = 12
"""Of one table: a row of a Markdown table may be one character long, and is filled up to all of its columns."""
MAX_CELLS = 2_000
MAX_NESTING = 20
"""How deep lists and quotations, or emphasis within a line, may stand in one another."""
MAX_OPEN_BRACKETS = 500
"""How many square brackets may stand open: for each, the parser looks for its end in all that follows."""
MAX_HTML = 10 * MAX_CHARACTERS

_ALIGNMENTS = {"align-left", "align-center", "align-right"}
_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_HOLDERS = {
    f"{kind}_{end}" for kind in ("blockquote", "bullet_list", "ordered_list") for end in ("open", "close")
}
_ENTRY_LINK = re.compile(r"\[\[([^\[\]\n]{1,200})\]\]")
_TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
_VERBATIM = re.compile(r"<(/?)(code|pre|a)\b")


def render(text: str, *, field: str | None = None) -> str:
    """Safe HTML for Markdown `text` of at most 50,000 characters; `Refused` (on `field`) above that.

    So is a short text that would grow into a huge page: tables of too many columns or cells, lists, quotations or
    emphasis too deep in one another, and more than ten characters of HTML for each that may be typed.

    CommonMark with tables and strikethrough. No pictures, no HTML, no classes or ids of the writer's; headings go
    one level down, so that the page keeps its one h1.
    """
    text = _normalised(text)
    check_length(text, field=field)
    if text.count("[") - text.count("]") > MAX_OPEN_BRACKETS:
        raise Refused(
            "The text opens far more square brackets than it closes",
            field=field,
            allowed=f"At most {MAX_OPEN_BRACKETS} may stand open; close the others, or take them out",
        )
    tokens = _MARKDOWN.parse(text)
    _check_tables(tokens, field)
    _check_nesting(tokens, field)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    if len(html) > MAX_HTML:
        raise Refused(
            "The text becomes too long a page",
            field=field,
            allowed=f"Its HTML may have {MAX_HTML:,} characters, and has {len(html):,}; use less formatting",
        )
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes={"td": _ALIGNMENTS, "th": _ALIGNMENTS},
        url_schemes={"http", "https"},
        link_rel="nofollow noopener",
    )


def names_in(html: str) -> set[str]:
    """The names in `[[brackets]]` of a rendered text, as they were typed; those in code are no names."""
    return {
        _name_and_words(found)[0]
        for piece, within in _pieces(html)
        if "code" not in within and "pre" not in within
        for found in _ENTRY_LINK.findall(piece)
    }


def with_names(html: str, link: Callable[[str, str], str]) -> str:
    """A rendered text with what `link` makes (safe HTML) of each `[[name]]` and of the words shown for it.

    `[[Name|words]]` shows other words. What is code stays as it is; within a link there is no other, and the words
    stand alone.
    """

    def replaced(piece: str, within: Collection[str]) -> str:
        if "code" in within or "pre" in within:
            return piece
        if "a" in within:
            return _ENTRY_LINK.sub(lambda found: escapeHtml(_name_and_words(found[1])[1]), piece)
        return _ENTRY_LINK.sub(lambda found: link(*_name_and_words(found[1])), piece)

    return "".join(
        piece if piece.startswith("<") else replaced(piece, within) for piece, within in _pieces(html)
    )


def _pieces(html: str) -> Iterator[tuple[str, set[str]]]:
    """Tags and what stands between them, each with those elements around it that say how names are read."""
    within: list[str] = []
    for piece in _TAG.split(html):
        if (tag := _VERBATIM.match(piece)) and not tag[1]:
            within.append(tag[2])
        elif tag and tag[2] in within:
            within.remove(tag[2])
        yield piece, set(within)


def _name_and_words(found: str) -> tuple[str, str]:
    name, _, words = (part.strip() for part in unescape(found).partition("|"))
    return name, words or name


def plain(text: str, limit: int) -> str:
    """The words of Markdown `text` on one line, at most `limit` characters, cut at a word with an ellipsis.

    Plain text, not HTML: whoever shows it escapes it.
    """
    words = " ".join(" ".join(_words(_MARKDOWN.parse(_normalised(text)))).split())
    if len(words) <= limit:
        return words
    cut = words[: max(limit - 1, 0)]
    if words[len(cut)] != " " and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return f"{cut.rstrip(' ,;:.')}…"[:limit]


def check_length(text: str, *, limit: int = MAX_CHARACTERS, field: str | None = None) -> None:
    """Refuse a text of more than `limit` characters, saying both counts. A line break counts as one."""
    length = len(_normalised(text))
    if length > limit:
        raise Refused(f"The text has {length:,} characters; the limit is {limit:,}.", field=field)


def _check_tables(tokens: Sequence[Token], field: str | None) -> None:
    cells = columns = 0
    for token in tokens:
        if token.type == "tr_open":
            columns = 0
        elif token.type in ("th_open", "td_open"):
            cells, columns = cells + 1, columns + 1
        if columns > MAX_COLUMNS:
            raise Refused(
                "A table in the text has too many columns", field=field, allowed=f"The limit is {MAX_COLUMNS}"
            )
    if cells > MAX_CELLS:
        raise Refused(
            f"The tables in the text have {cells:,} cells", field=field, allowed=f"The limit is {MAX_CELLS:,}"
        )


def _check_nesting(tokens: Sequence[Token], field: str | None) -> None:
    lines = [token.children or [] for token in tokens if token.type == "inline"]
    if max(_depth(tokens, _HOLDERS), *(_depth(line) for line in lines), 0) > MAX_NESTING:
        raise Refused(
            "Lists, quotations or emphasis in the text stand too deep in one another",
            field=field,
            allowed=f"The limit is {MAX_NESTING} levels",
        )


def _depth(tokens: Sequence[Token], kinds: Collection[str] = ()) -> int:
    """How many of these kinds of token, or of any kind, are open at once at most."""
    steps = (token.nesting for token in tokens if not kinds or token.type in kinds)
    return max(accumulate(steps), default=0)


def _normalised(text: str) -> str:
    """One kind of line break, and no half of a surrogate pair, which no encoder would take."""
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_inline_words(token.children or []))
        elif token.type in ("fence", "code_block"):
            yield token.content


def _inline_words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "text":
            yield _ENTRY_LINK.sub(lambda found: _name_and_words(found[1])[1], token.content)
        elif token.type in ("code_inline", "image"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "


def _entry_link(state: StateInline, silent: bool) -> bool:
    """`[[name]]` is taken as plain text before Markdown can read emphasis or a link into it."""
    if state.src[state.pos] != "[":
        return False
    match = _ENTRY_LINK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("text", "", 0).content = match[0]
    state.pos = match.end()
    return True


def _demote_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"


def _align_by_class(state: StateCore) -> None:
    """Column alignment as a class: the security policy would ignore the style attribute that the parser writes."""
    for token in state.tokens:
        if token.type in ("td_open", "th_open") and (style := token.attrs.pop("style", None)):
            token.attrs["class"] = f"align-{str(style).removeprefix('text-align:')}"


def _picture_as_words(_renderer: Any, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    """A picture from elsewhere would tell its owner who reads the page: its description stands in for it."""
    return escapeHtml(tokens[index].content)


def _parser() -> MarkdownIt:
    # Deeper than `MAX_NESTING` can be: what the parser will not open it leaves out, and we had rather refuse it.
    options = {"html": False, "linkify": False, "maxNesting": 5 * MAX_NESTING}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    parser.inline.ruler.before("link", "entry_link", _entry_link)
    parser.core.ruler.push("demote_headings", _demote_headings)
    parser.core.ruler.push("align_by_class", _align_by_class)
    parser.add_render_rule("image", _picture_as_words)
    return parser


_MARKDOWN = _parser()
