"""The way back at the top of a page: it names the places above, and ends with one of them."""

import re
from pathlib import Path

import pytest

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "templates").rglob("*.html"))
CRUMBS = re.compile(r'<p class="crumbs">(.*?)</p>', re.DOTALL)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_breadcrumb_ends_in_a_slash(template):
    for crumbs in CRUMBS.findall(template.read_text()):
        shown = re.sub(r"{%.*?%}|<[^>]*>", "", crumbs).strip()
        assert not shown.endswith("/")
