"""Two editors of one page: the second is shown both texts, and loses neither."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from khitomer.access import Request
from khitomer.actions import disclosures, versions
from khitomer.models import Audience, Entry, Secret, Version
from khitomer.rules.differences import Run, compared, in_paragraphs
from khitomer.views.posting import form_page


@dataclass(frozen=True)
class Meanwhile:
    """What stands there now, against what was typed. `others` are what else differs: its label, theirs, yours."""

    text: str
    paragraphs: list[tuple[Run, ...]]
    others: list[tuple[str, str, str]]
    last: Version | None


def both_texts(
    request: Request, page: str, form: Any, theirs: Entry | Secret, **context: Any
) -> HttpResponse:
    """The form again with what was typed in it, below what another saved meanwhile. The next save has seen both."""
    given = form.cleaned_data
    data = form.data.copy()
    data["began"] = versions.began(theirs)
    form.data = data
    meanwhile = Meanwhile(
        text=theirs.text,
        paragraphs=in_paragraphs(compared(theirs.text, given["text"])),
        others=[each for each in _others(theirs, given) if each[1] != each[2]],
        last=versions.versions_of(theirs).select_related("by").first(),
    )
    context |= {"here": "archive", "meanwhile": meanwhile}
    return form_page(request, f"khitomer/{page}.html", form, status=409, **context)


def _others(theirs: Entry | Secret, given: dict[str, Any]) -> list[tuple[str, str, str]]:
    named = [
        (label, str(getattr(theirs, name)), str(given[name]))
        for name, label in (("name", "Name"), ("kind", "Kind"))
        if name in given
    ]
    told = disclosures.told_of(theirs)
    mine = disclosures.Told(
        given["audience"] == Audience.ALL, frozenset(given["powers"]), frozenset(given["persons"])
    )
    return [*named, ("Who may know", _whom(told), _whom(mine))]


def _whom(told: disclosures.Told) -> str:
    if told.everyone:
        return "everyone"
    names = [*(power.name for power in told.powers), *(str(person.user) for person in told.persons)]
    return ", ".join(sorted(names)) or "the GM alone"
