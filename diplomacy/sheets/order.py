"""The order of the day: what a sitting has before it, by which rules, and who sits there."""

from dataclasses import dataclass

from diplomacy.forms.handouts import OrderForm
from diplomacy.models import Complaint, Conference, Motion
from diplomacy.rules.procedure import MotionStage
from diplomacy.sheets.table import conference_of, rules_of, seats_at
from diplomacy.sitting.motions import visible_motions
from khitomer.access import Viewer
from khitomer.models import Power
from khitomer.sheets import Drawn, Sheet, SheetKind, register

_OFF_THE_TABLE = (
    MotionStage.DRAFT,
    MotionStage.RULED_OUT,
    MotionStage.WITHDRAWN,
    MotionStage.ADOPTED,
    MotionStage.REJECTED,
    MotionStage.VETOED,
)


@dataclass(frozen=True)
class Tabled:
    """A motion on the table: who moves it, and who signed it beside them."""

    motion: Motion
    sponsors: list[Power]


@dataclass(frozen=True)
class Item:
    """A complaint in its place on the agenda, with the motions about it."""

    complaint: Complaint
    motions: list[Tabled]


def draw_order(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    conference = conference_of(eyes, sheet)
    if conference is None:
        return None
    seats = seats_at(conference)
    tabled = on_the_table(eyes, conference)
    items = [
        Item(each, [one for one in tabled if _is_about(one.motion, each)])
        for each in on_the_agenda(eyes, conference)
    ]
    under = {one.motion.pk for item in items for one in item.motions}
    return Drawn(
        {
            "campaign": sheet.campaign,
            "sheet": sheet,
            "details": sheet.details,
            "conference": conference,
            "items": items,
            "others": [one for one in tabled if one.motion.pk not in under],
            "seats": seats,
            "rules": rules_of(conference, seats),
        }
    )


def on_the_agenda(eyes: Viewer, conference: Conference) -> list[Complaint]:
    """The complaints on its agenda that these eyes may see, in their order."""
    seen = eyes.campaign.complaints.visible_to(eyes).docketed().filter(hearing__conference=conference)
    rows = seen.with_parties().prefetch_related("citations__provision__treaty")
    return list(rows.order_by("hearing__position"))


def on_the_table(eyes: Viewer, conference: Conference) -> list[Tabled]:
    """The motions before the conference that wait for their vote: no draft is among them, whoever looks."""
    rows = visible_motions(eyes, conference).exclude(stage__in=[stage.value for stage in _OFF_THE_TABLE])
    rows = rows.select_related("sponsor__power", "parent").prefetch_related("sponsorships__seat__power")
    return [Tabled(motion, _sponsors(motion)) for motion in rows.order_by("number")]


def _sponsors(motion: Motion) -> list[Power]:
    mover = [motion.sponsor.power] if motion.sponsor else []
    return mover + [each.seat.power for each in motion.sponsorships.all() if each.signed_at]


def _is_about(motion: Motion, complaint: Complaint) -> bool:
    about = motion.complaint_id or (motion.parent.complaint_id if motion.parent else None)
    return about == complaint.pk


register(
    SheetKind(
        key="order",
        label="Order of the day",
        group="Conference",
        says="What the sitting has before it, the motions on the table, and the rules in one box.",
        template="print/order.html",
        draw=draw_order,
        form=OrderForm,
    )
)
