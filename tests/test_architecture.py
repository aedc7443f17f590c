"""The walls of the house: the floors, the purity of the rules, views without managers, templates without scripts.

Imports are read from the source, not from what happens to be loaded, so an arrow that runs up fails before it hurts.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("khitomer", "diplomacy")

FLOORS = {
    # Pure values and functions, and the one exception for people.
    "rules": 0,
    "errors": 0,
    # What turns text, pictures and pages into safe ones; it knows no row.
    "markup": 1,
    "imaging": 1,
    "calendars": 1,
    "printing": 1,
    "drawing": 1,
    "environment": 1,
    "models": 2,
    # Rows read as values of the rules.
    "records": 3,
    "actions": 3,
    "access": 4,
    # What a viewer meets, gathered for a page: what waits for them, the desk of a sitting.
    "agenda": 4,
    "due": 4,
    "reading": 4,
    "evening": 4,
    "waiting": 4,
    "sitting": 4,
    "search": 4,
    "panels": 4,
    "notices": 4,
    "charting": 4,
    "forms": 4,
    "htmx": 4,
    "views": 5,
    # The kinds of handouts: each with its form, and drawn as a view draws.
    "sheets": 5,
    # What is told to open pages, beside the views.
    "live": 5,
    "listening": 5,
    "middleware": 5,
    "context": 5,
    "templatetags": 5,
    # What fetches pages as a browser would, and what an app above tells it.
    "auditing": 5,
    "canaries": 5,
    # What starts the house and fills it: above everything but the composition root.
    "demo": 6,
    "management": 6,
    "apps": 6,
    "asgi": 6,
    "wsgi": 6,
    # The composition root.
    "settings": 7,
    "urls": 7,
}
"""How high each part stands. A part may import what stands as high as itself or lower, and nothing above."""

OPEN_TO_DIPLOMACY = {
    "rules",
    "models",
    "access",
    "errors",
    "htmx",
    "actions",
    "forms",
    "markup",
    "imaging",
    "printing",
    "drawing",
    "context",
    "agenda",
    "due",
    "auditing",
    "search",
    "reading",
    "evening",
    "sheets",
    "live",
}
"""The parts of khitomer that diplomacy may use."""

KNOWN_ARROWS: dict[tuple[str, str], str] = {
    ("khitomer.models.fields", "khitomer.forms.fields"): (
        "a model field names its form field, inside the function that Django calls for it"
    ),
}
"""Arrows that run up all the same, each with its reason."""

LONG_FILES: dict[str, str] = {
    "diplomacy/rules/tally.py": (
        "one rule, read in one piece beside docs/guide/voting.md: the words of each reason stand by the count they give"
    ),
}
"""Files past 400 lines, each with the reason why it is better whole."""

MOST_LINES = 400


def modules() -> dict[str, Path]:
    """Every module of the two apps by its dotted name; migrations are Django's own."""
    found = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                found[".".join(part for part in parts if part != "__init__")] = path
    return found


MODULES = modules()


def part_of(module: str) -> str | None:
    """The part a module belongs to: "actions" for "khitomer.actions.powers"; the packages themselves are of none.

    A part may be several files side by side: `records_votes.py` is of "records".
    """
    parts = module.split(".")
    return parts[1].partition("_")[0] if len(parts) > 1 else None


def imports_of(module: str) -> Iterator[str]:
    """What a module imports, wherever in it, as dotted names; what only the type checker reads is left out."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
    typing_only = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for branch in node.body
        for inner in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            # `from khitomer.views import powers` imports a module, `from khitomer.errors import Refused` a name.
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield whole if whole in MODULES else base


ARROWS = [(module, target) for module in MODULES for target in sorted(set(imports_of(module)))]
INNER = [(module, target) for module, target in ARROWS if target.split(".")[0] in APPS]


def test_every_part_has_a_floor():
    """A new part of an app is put on a floor here before anything else."""
    homeless = {part_of(module) for module in MODULES} - {None} - set(FLOORS)
    assert not homeless


def test_no_arrow_runs_up():
    upward = [
        f"{module} imports {target}"
        for module, target in INNER
        if (part_of(module) and part_of(target))
        and FLOORS[part_of(module)] < FLOORS[part_of(target)]
        and (module, target) not in KNOWN_ARROWS
    ]
    assert not upward


def test_khitomer_does_not_know_diplomacy():
    root = {"khitomer.settings", "khitomer.urls"}
    found = [
        f"{module} imports {target}"
        for module, target in INNER
        if module.startswith("khitomer") and target.startswith("diplomacy") and module not in root
    ]
    assert not found


def test_diplomacy_uses_only_what_is_open_to_it():
    found = [
        f"{module} imports {target}"
        for module, target in INNER
        if module.startswith("diplomacy")
        and target.startswith("khitomer.")
        and part_of(target) not in OPEN_TO_DIPLOMACY
        and part_of(module) not in ("management", "demo")
    ]
    assert not found


def test_no_name_of_the_other_app_outside_the_root():
    """Not by string either: khitomer's code names no app label, model or view of diplomacy."""
    named = re.compile(r"""["']diplomacy[."'/]""")
    found = [
        module
        for module, path in MODULES.items()
        if module.startswith("khitomer.")
        and module not in ("khitomer.settings", "khitomer.urls")
        and named.search(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_known_arrows_are_still_there():
    assert set(KNOWN_ARROWS) <= set(INNER)


# The rules


RULES = [module for module in MODULES if part_of(module) == "rules"]


@pytest.mark.parametrize("module", RULES)
def test_rules_import_the_standard_library_and_rules(module):
    foreign = [
        target
        for target in imports_of(module)
        if target.split(".")[0] not in sys.stdlib_module_names
        and not (target.split(".")[0] in APPS and part_of(target) == "rules")
    ]
    assert not foreign


@pytest.mark.parametrize("module", RULES)
def test_rules_read_no_clock_and_roll_no_dice(module):
    """Time and chance are handed in: a ruling is the same whenever it is asked for."""
    assert not {"random", "secrets", "time", "os", "uuid"} & {
        name.split(".")[0] for name in imports_of(module)
    }
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    assert not [call for call in calls if call.rpartition(".")[2] in ("now", "utcnow", "today")]


def test_every_rules_module_imports_with_django_absent():
    """One process in which Django, and whatever else is installed, cannot be found."""
    program = f"""
import importlib, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {(*APPS,)!r} and name.partition(".")[0] not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f"{{name}} is not to be had here")

sys.meta_path.insert(0, Absent())
for name in {RULES!r}:
    importlib.import_module(name)
assert "django" not in sys.modules
"""
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


# Views


VIEWS = [module for module in MODULES if part_of(module) == "views"]


@pytest.mark.parametrize("module", VIEWS)
def test_views_touch_no_manager(module):
    """Every query starts from the viewer; `.objects` starts from everything there is."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    names = {"objects", "_default_manager", "_base_manager"}
    found = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in names]
    assert not found


# Templates


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

INLINE = {
    "a style attribute": r"<[a-z][^>]*\sstyle\s*=",
    "a style element": r"<style[\s>]",
    "a script with a body": r"<script(?![^>]*\ssrc\s*=)[^>]*>",
    "an event handler": r"<[a-z][^>]*\son[a-z]+\s*=",
    "hx-on": r"\shx-on\b",
    "hx-vals that is a script": r"hx-vals\s*=\s*[\"']js:",
    "a javascript: address": r"(?:href|src|action)\s*=\s*[\"']\s*javascript:",
    "an htmx event filter": r"hx-trigger\s*=\s*\"[^\"]*\[",
    "an address of another site": r"(?:src|srcset)\s*=\s*[\"']\s*(?:https?:)?//",
}


@pytest.mark.parametrize("what", list(INLINE))
def test_templates_hold_nothing_inline(what):
    pattern = re.compile(INLINE[what], re.IGNORECASE)
    found = [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        if pattern.search(_without_comments(path.read_text(encoding="utf-8")))
    ]
    assert not found


def _without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|\{% comment .*?\{% endcomment %\}|<!--.*?-->", "", text, flags=re.DOTALL)


def test_templates_mark_nothing_safe():
    """What is safe was made so at save time; a template that says `|safe` claims it for anything."""
    found = [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        if re.search(r"\|\s*safe\b|autoescape\s+off", path.read_text(encoding="utf-8"))
        and not _only_saved_html(path)
    ]
    assert not found


def _only_saved_html(path: Path) -> bool:
    """Whether `|safe` stands only behind a column that holds rendered Markdown."""
    text = path.read_text(encoding="utf-8")
    return "autoescape off" not in text and all(
        name.rpartition(".")[2].endswith("html") for name in re.findall(r"([\w.]+)\s*\|\s*safe\b", text)
    )


# Size


def test_no_file_has_grown_past_its_reader():
    # Tests are left out: a table of expected answers is as long as what it is about.
    kinds = [*MODULES.values(), *TEMPLATES, *(ROOT / "benchmarks").rglob("*.py")]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in kinds
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not sorted(f"{name}: {lines}" for name, lines in long.items() if name not in LONG_FILES)
    assert set(LONG_FILES) <= set(long), "A file has shrunk: take it off the list."
