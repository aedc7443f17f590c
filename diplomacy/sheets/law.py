"""Instruments: the summons of a complaint, and a resolution with its seal and whoever signs it."""

from diplomacy.forms.handouts import ResolutionForm, SummonsForm
from diplomacy.models import Resolution
from diplomacy.rules.tally import Choice
from diplomacy.views.complaint_pages import places_of, summons_of
from diplomacy.views.resolution_page import instrument_of
from khitomer.access import Viewer
from khitomer.models import Power
from khitomer.sheets import Drawn, Sheet, SheetKind, register


def draw_summons(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """The summons, or what was filed, while the complaint stands on the docket for these eyes."""
    seen = eyes.campaign.complaints.visible_to(eyes).docketed().with_parties()
    complaint = seen.filter(pk=sheet.details.get("complaint")).first()
    if complaint is None:
        return None
    context = summons_of(complaint)
    return Drawn({"sheet": sheet, **context}, places_of(context["exhibits"]))


def draw_resolution(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """The instrument: its public text, and where it is asked for, a line for each seat that voted yes."""
    adopted = eyes.campaign.resolutions.with_instrument()
    resolution = adopted.filter(pk=sheet.details.get("resolution")).first()
    if resolution is None:
        return None
    resolution.campaign = resolution.motion.conference.campaign = eyes.campaign
    signatories = in_favour(resolution) if sheet.details.get("signatures") else []
    return Drawn(
        {
            "campaign": sheet.campaign,
            "sheet": sheet,
            "instrument": instrument_of(resolution),
            "signatories": signatories,
        }
    )


def in_favour(resolution: Resolution) -> list[Power]:
    """Who voted for it, by name. A secret vote has no such ballots: nobody knows, and nobody is named."""
    ballots = resolution.motion.ballots.filter(choice=Choice.YES.value).select_related("seat__power")
    return [ballot.seat.power for ballot in ballots.order_by("seat__power__name")]


register(
    SheetKind(
        key="summons",
        label="Summons",
        group="Law",
        says="A complaint as it was docketed: its parties, the charge, the ruling and the exhibits.",
        template="print/summons.html",
        draw=draw_summons,
        form=SummonsForm,
    ),
    SheetKind(
        key="resolution",
        label="Resolution",
        group="Law",
        says="The instrument with seal and signature lines; for each seat that voted yes, if you like.",
        template="print/resolution.html",
        draw=draw_resolution,
        form=ResolutionForm,
    ),
)
