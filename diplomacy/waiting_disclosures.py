"""What was disclosed to a member lately, of whatever sort."""

from dataclasses import dataclass

from django.db.models import Q

from khitomer.access import Viewer
from khitomer.actions.disclosures import path_of
from khitomer.models import THINGS, Disclosure
from khitomer.rules.knowledge import spans_of

LATEST = 5
_LOOKED_AT = 15
"""So many rows are read for them: a thing that was shown twice counts once."""

_WORDS = {"entry": "page", "secret": "secret", "event": "event", "clock": "clock", "handout": "handout"}


@dataclass(frozen=True)
class Disclosed:
    """One thing that was disclosed: when the viewer learned of it, where it is read, and of a secret what it says."""

    row: Disclosure
    name: str
    url: str

    @property
    def sort(self) -> str:
        return _WORDS[self.row.sort]


def disclosed_to(viewer: Viewer) -> list[Disclosed]:
    """The latest things that this viewer was shown and may see still, the newest first. Two queries.

    What they knew from the start was not disclosed to them, nor is what they had learned before told to others since.
    """
    own = viewer.campaign.disclosures.told_to(viewer).with_things()
    latest = list(own.in_force().filter(from_start=False)[:_LOOKED_AT])
    if not latest:
        return []
    keys = {(row.sort, getattr(row, f"{row.sort}_id")): row for row in latest}
    them = Q(pk__in=())
    for name in THINGS:
        them |= Q(**{f"{name}__in": [pk for sort, pk in keys if sort == name]})
    shown: dict[tuple[str, int], list[Disclosure]] = {key: [] for key in keys}
    for row in viewer.campaign.disclosures.filter(them).reaching(viewer.membership):
        shown[row.sort, getattr(row, f"{row.sort}_id")].append(row)
    found = []
    for key, rows in shown.items():
        learned = spans_of(rows)[-1].first
        if not learned.from_start:
            found.append((learned.at, learned.pk, _disclosed(viewer, learned, keys[key].thing)))
    return [each for *_, each in sorted(found, key=lambda each: each[:2], reverse=True)[:LATEST]]


def _disclosed(viewer: Viewer, learned: Disclosure, thing: object) -> Disclosed:
    page = getattr(thing, "entry", thing)  # a secret is read on its page
    page.campaign = viewer.campaign  # type: ignore[attr-defined]
    setattr(learned, learned.sort, thing)
    name = getattr(page, "title", "") or getattr(page, "name", "")
    return Disclosed(learned, str(name), path_of(thing))
