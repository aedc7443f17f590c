"""Markdown in, safe HTML out, whatever is typed."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khitomer import markup
from khitomer.errors import Refused
from khitomer.markup import check_length, plain, render

TAGS = set(
    "a blockquote br code del em h2 h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul".split()
)


class Seen(HTMLParser):
    """Every tag and attribute that a browser would find in the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def assert_safe(html: str) -> None:
    for tag, attributes in Seen(html).found:
        assert tag in TAGS
        assert attributes.keys() <= {"href", "title", "rel", "class", "start"}
        if "class" in attributes:
            assert attributes["class"] in ("align-left", "align-center", "align-right")
        if tag == "a":
            assert attributes["rel"] == "nofollow noopener"
            scheme, colon, _ = (attributes.get("href") or "").lower().partition(":")
            assert not colon or scheme in ("http", "https") or any(mark in scheme for mark in "/?#")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain words", "<p>plain words</p>\n"),
        ("*so* **it** ~~goes~~", "<p><em>so</em> <strong>it</strong> <s>goes</s></p>\n"),
        ("# One", "<h2>One</h2>\n"),
        ("## Two", "<h3>Two</h3>\n"),
        ("###### Six", "<h6>Six</h6>\n"),
        ("Under\n===", "<h2>Under</h2>\n"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>\n'),
        ("[a](https://a.example/)", '<p><a href="https://a.example/" rel="nofollow noopener">a</a></p>\n'),
        ("[a](/library/)", '<p><a href="/library/" rel="nofollow noopener">a</a></p>\n'),
        ("http://a.example/ stays text", "<p>http://a.example/ stays text</p>\n"),
        ("![a *map*](https://a.example/m.png)", "<p>a *map*</p>\n"),
        ("![<b>](x)", "<p>&lt;b&gt;</p>\n"),
        ("Qo'noS & Praxis", "<p>Qo'noS &amp; Praxis</p>\n"),
        ("one\r\ntwo", "<p>one\ntwo</p>\n"),
        ("", ""),
    ],
)
def test_markdown(text, html):
    assert render(text) == html


def test_table_columns_are_aligned_by_class():
    html = render("|power|votes|\n|:--|--:|\n|Breen|1|")
    assert '<th class="align-left">power</th>' in html
    assert '<td class="align-right">1</td>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    "link",
    [
        "[[Khitomer]]",
        "[[Camp Khitomer|the camp]]",
        "[[a*b*c]]",
        "[[snake_case_name]]",
        "[[Qo'noS]]",
        "[[one `two` three]]",
    ],
)
def test_links_to_entries_pass_as_they_were_typed(link):
    assert render(f"See {link}, *then* go.") == f"<p>See {link}, <em>then</em> go.</p>\n"


def test_a_link_to_an_entry_cannot_carry_html():
    assert render("[[<img src=x onerror=alert(1)>]]") == "<p>[[&lt;img src=x onerror=alert(1)&gt;]]</p>\n"


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></mtext><style><img src=x onerror=alert(1)></style></math>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://a.example/1)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    '[x](/ "" onmouseover=alert(1) "")',
    '[x](/"onmouseover="alert(1))',
    "![x](javascript:alert(1))",
    '![x"onerror="alert(1)](y)',
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"onmouseover=alert(1)\nx\n```',
    "    <script>alert(1)</script>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0>",
    "<iframe src=//evil.example/></iframe>",
    "<form action=/logout/><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<p style=position:fixed id=main class=button>x</p>",
    "<!--><script>alert(1)</script-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '|a|\n|:-:" onclick=alert(1)|\n|<script>|',
    "<<script>script>alert(1)</script>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_attack_survives(text):
    html = render(text)
    assert_safe(html)
    assert "<script" not in html.lower()
    assert 'href="javascript' not in html.lower()


FRAGMENTS = st.sampled_from(
    [
        *ATTACKS,
        "[[",
        "]]",
        "](",
        "![",
        "`",
        "```\n",
        "<",
        ">",
        '"',
        "'",
        "&#",
        "\n\n",
        "|",
        "|-|\n",
        "# ",
        "> ",
        "- ",
        "\\",
        "\0",
    ]
)


@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=12)), max_size=14).map("".join))
@settings(deadline=None, max_examples=300)
def test_no_text_whatever_becomes_unsafe(text):
    assert_safe(render(text))


@given(st.text(alphabet=st.characters(), max_size=200))
@settings(deadline=None)
def test_plain_is_one_line_within_its_limit(text):
    line = plain(text, 40)
    assert len(line) <= 40
    assert len(line.splitlines()) <= 1 and line == line.strip()


def test_half_a_surrogate_pair_does_no_harm():
    assert render("a\ud800b") == "<p>a?b</p>\n"


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("# A *title*\n\nand **more**", 80, "A title and more"),
        ("one\ntwo  \nthree", 80, "one two three"),
        ("- first\n- `second`", 80, "first second"),
        ("|a|b|\n|-|-|\n|1|2|", 80, "a b 1 2"),
        ("See [[Khitomer]] and [this](/x)", 80, "See Khitomer and this"),
        ("<b>bold</b>", 80, "<b>bold</b>"),
        ("the courage of the Enterprise", 20, "the courage of the…"),
        ("the courage, of", 13, "the courage…"),
        ("indivisible", 6, "indiv…"),
        ("exactly", 7, "exactly"),
        ("", 10, ""),
        ("word", 0, ""),
    ],
)
def test_plain(text, limit, line):
    assert plain(text, limit) == line


def test_the_limit_is_told_with_both_counts():
    assert render("a" * 50_000).startswith("<p>aaa")
    with pytest.raises(Refused) as caught:
        render("a" * 50_001, field="statement")
    assert "50,001 characters; the limit is 50,000" in str(caught.value)
    assert caught.value.field == "statement"


def test_a_line_break_counts_once_however_it_was_sent():
    check_length("a\r\n" * 5, limit=10)
    with pytest.raises(Refused, match="11 characters; the limit is 10"):
        check_length("a\r\n" * 5 + "b", limit=10)


class TestGrowth:
    """A short text cannot become a huge page."""

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("|a" * 50 + "|\n" + "|-" * 50 + "|\n" + "|x|\n" * 500, "too many columns"),
            ("|a" * 13 + "|\n" + "|-" * 13 + "|\n", "The limit is 12."),
            ("|a" * 12 + "|\n" + "|-" * 12 + "|\n" + "|x|\n" * 500, "6,012 cells"),
            (("|a" * 10 + "|\n" + "|-" * 10 + "|\n" + "|x|\n" * 100 + "\n") * 2, "The limit is 2,000."),
            ("> " * 21 + "x", "The limit is 20 levels."),
            ("- " * 21 + "x", "too deep"),
            ("1. " * 25 + "x", "too deep"),
            (">" * 20_000 + "x", "too deep"),
            ("> - " * 11 + "x", "too deep"),
            ("*" * 20_000 + "x" + "*" * 20_000, "too deep"),
            ("&" * 50_000 + "", None),
            ("`a`" * 16_000, None),
            ('"' * 45_000 + "x", None),
            ("- \n" * 16_000, None),
            ("*a* " * 12_000, None),
            ("# \n" * 16_000, None),
            ("---\n" * 12_000, None),
        ],
    )
    def test_is_refused_or_stays_small(self, text, words):
        if words is None:
            assert len(render(text)) <= 500_000
            return
        with pytest.raises(Refused) as refused:
            render(text, field="text")
        assert words in str(refused.value)
        assert refused.value.field == "text"

    def test_nothing_that_is_allowed_is_left_out(self):
        assert render("> " * 20 + "deep").count("<blockquote>") == 20
        assert "deep" in render("- " * 20 + "deep")
        table = "|a" * 12 + "|\n" + "|-" * 12 + "|\n" + "|x|\n" * 165
        assert render(table).count("<td>") == 12 * 165

    def test_html_ten_times_the_longest_text_is_refused(self, monkeypatch):
        monkeypatch.setattr(markup, "MAX_HTML", 100)
        assert render("- a\n" * 5)
        with pytest.raises(Refused, match="too long a page"):
            render("- a\n" * 50, field="text")
