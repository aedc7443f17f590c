"""docs/operations.md lists every setting, and nothing that is not one."""

import ast
import re
from pathlib import Path

import pytest

from khitomer import settings

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", DOCUMENT, re.MULTILINE))


def calls_in_settings() -> list[ast.Call]:
    tree = ast.parse((ROOT / "khitomer" / "settings.py").read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "env"
    ]


def test_every_setting_is_listed_and_nothing_else():
    read = {ast.literal_eval(call.args[0]) for call in calls_in_settings()}
    assert set(ROWS) == read
    assert settings.env.read <= read


@pytest.mark.parametrize("name", ROWS)
def test_every_setting_names_its_default(name):
    """A default that is written out in settings.py stands in the table as it is there."""
    (call,) = [call for call in calls_in_settings() if ast.literal_eval(call.args[0]) == name]
    default = call.args[1] if len(call.args) > 1 else None
    kind = call.func.attr
    if kind == "flag":
        assert ROWS[name] == ("`1`" if default is not None and ast.literal_eval(default) else "`0`")
    elif default is None:
        assert ROWS[name] == "none"
    elif isinstance(default, ast.Constant):
        assert ROWS[name] == f"`{default.value}`"
    else:
        assert ROWS[name]


def test_a_variable_that_is_spoken_of_exists():
    assert set(re.findall(r"\bKHITOMER_[A-Z_]+\b", DOCUMENT)) <= set(ROWS)
    for name in ("README.md", "SECURITY.md"):
        spoken = set(re.findall(r"\bKHITOMER_[A-Z_]+\b", (ROOT / name).read_text(encoding="utf-8")))
        assert spoken <= set(ROWS)


def test_settings_are_read_by_the_one_helper_alone():
    """No other code looks at the environment, but for the name of Django's settings."""
    found = [
        str(path.relative_to(ROOT))
        for app in ("khitomer", "diplomacy")
        for path in (ROOT / app).rglob("*.py")
        if path.name not in ("environment.py", "asgi.py", "wsgi.py")
        and re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))
    ]
    assert not found
