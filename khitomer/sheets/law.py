"""The law on paper: a treaty as an instrument with its parties, and a single provision, large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from khitomer.access import Viewer
from khitomer.forms.sheets import ProvisionForm, TreatyForm
from khitomer.models import Power, Provision, Reservation, Treaty
from khitomer.rules.adherence import Bond, covers
from khitomer.rules.dates import Answer, StoryDate
from khitomer.sheets import Drawn, Sheet, SheetKind, register
from khitomer.views.linking import linked
from khitomer.views.treaty_parts import Party, exemption_of, parties_on, recorded


@dataclass(frozen=True)
class Article:
    """A provision as it is printed: its text, whether its exemption stands, and who has excluded it."""

    provision: Provision
    text: SafeString
    exemption: Bond | None
    reservations: list[Reservation]


def draw_treaty(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """The text as it stands today. Treaties, and who is bound by them, are everyone's to know."""
    treaty = _treaty(eyes, sheet.details.get("treaty"))
    if treaty is None:
        return None
    today, parties = eyes.campaign.today, parties_on(treaty, eyes.campaign.today)
    provisions = list(treaty.provisions.all())
    summary, *texts = linked(eyes, [treaty.summary_html, *(each.text_html for each in provisions)])
    context: dict[str, Any] = {
        "sheet": sheet,
        "treaty": treaty,
        "today": today,
        "summary": summary,
        "articles": _articles(sheet, provisions, texts, today),
        "parties": parties if _wanted(sheet, "parties") else [],
        "signing": _signing(parties) if _wanted(sheet, "signatures") else [],
    }
    return Drawn(context)


def draw_provision(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """One provision as it stands today, with whoever it binds."""
    given = sheet.details.get("provision")
    treaty = _treaty(eyes, None, provision=given) if given else None
    if treaty is None:
        return None
    today = eyes.campaign.today
    provision = next(each for each in treaty.provisions.all() if each.pk == given)
    (article,) = _articles(sheet, [provision], linked(eyes, [provision.text_html]), today)
    parties = parties_on(treaty, today)
    context = {
        "sheet": sheet,
        "treaty": treaty,
        "today": today,
        "article": article,
        "bound": [each for each in parties if _binds(each, provision)],
        "with_parties": _wanted(sheet, "parties"),
        "uses": recorded(provision) if _wanted(sheet, "uses") else [],
    }
    return Drawn(context)


def _treaty(eyes: Viewer, key: Any, *, provision: Any = None) -> Treaty | None:
    treaties = eyes.campaign.treaties.prefetch_related(
        "adherences__power", "provisions__reservations__power", "provisions__uses__power"
    )
    asked = {"provisions": provision} if provision else {"pk": key}
    found: Treaty | None = treaties.filter(**asked).first() if provision or key else None
    for each in found.provisions.all() if found else ():
        each.treaty = found
    return found


def _articles(
    sheet: Sheet, provisions: list[Provision], texts: list[SafeString], today: StoryDate
) -> list[Article]:
    reserved = _wanted(sheet, "reservations")
    return [
        Article(
            provision, text, exemption_of(provision, today), _in_force(provision, today) if reserved else []
        )
        for provision, text in zip(provisions, texts, strict=True)
    ]


def _in_force(provision: Provision, today: StoryDate) -> list[Reservation]:
    """The reservations that hold today, or may."""
    return [
        each
        for each in provision.reservations.all()
        if covers([(each.entered, each.left)], today) is not Answer.NO
    ]


def _binds(party: Party, provision: Provision) -> bool:
    """Whether a party is bound by the treaty today, or may be, and has not surely excluded this provision."""
    out = any(each.provision.pk == provision.pk and each.answer is Answer.YES for each in party.excluded)
    return party.bond.answer is not Answer.NO and not out


def _signing(parties: list[Party]) -> list[Power]:
    bound = [party.power for party in parties if party.bond.answer is not Answer.NO]
    return bound or [party.power for party in parties]


def _wanted(sheet: Sheet, name: str) -> bool:
    return bool(sheet.details.get(name, True))


register(
    SheetKind(
        key="treaty",
        label="Treaty",
        group="Law",
        says="The whole text with its parties and reservations, ready to be signed.",
        template="print/treaty.html",
        draw=draw_treaty,
        form=TreatyForm,
    ),
    SheetKind(
        key="provision",
        label="Provision",
        group="Law",
        says="One provision, large: what it says, whom it binds, and what is exempt from it.",
        template="print/provision.html",
        draw=draw_provision,
        form=ProvisionForm,
    ),
)
