"""The whip board of a motion: what each seat has pledged or seems to intend, against the rule as it stands.

It is made of pledges and of standings, which every member may read, and never of a ballot. Nobody pledges any more once
the vote is open, so what stands here then is what was said before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from diplomacy import records_votes as records
from diplomacy.models import Elector, Motion, Seat
from diplomacy.records import called
from diplomacy.rules import tally as rules
from diplomacy.rules import whip
from diplomacy.rules.procedure import MAIN_KINDS, UNVOTED_STAGES, Finding, MotionStage
from diplomacy.sitting.room import Place, place_of
from khitomer.access import Viewer
from khitomer.models import Power

_SHOWN = (*(stage for stage in UNVOTED_STAGES if stage is not MotionStage.DRAFT), MotionStage.VOTING)
_TONES = {rules.Choice.YES: "moss", rules.Choice.NO: "brick"}


@dataclass(frozen=True, kw_only=True)
class WhipRow:
    """One seat: how it leans and why. `mine`: the viewer may pledge for it; `pledged` is its pledge or ""."""

    seat: Seat
    said: str
    tone: str
    because: str
    pledged: str = ""
    mine: bool = False


@dataclass(frozen=True, kw_only=True)
class WhipBoard:
    """The board: the seats as the horseshoe draws them, the rows of the table, and the forecast in words."""

    places: list[Place]
    rows: tuple[WhipRow, ...]
    forecast: whip.Forecast

    @property
    def counts(self) -> dict[str, int]:
        return {"yes": self.forecast.yes, "no": self.forecast.no, "abstain": self.forecast.abstain}


def whip_board(
    viewer: Viewer, motion: Motion, seats: Sequence[Seat], electors: Sequence[Elector], rule: rules.VotingRule
) -> WhipBoard | None:
    """The board of a motion before its vote, in three queries; None for a draft, for a minor motion, and afterwards."""
    if MotionStage(motion.stage) not in _SHOWN or motion.kind not in MAIN_KINDS:
        return None
    voters = {each.seat_id: each for each in electors} if motion.opened_at else {}
    pledges = {row.seat_id: rules.Choice(row.choice) for row in motion.pledges.all()}
    sponsors = {
        motion.sponsor_id,
        *motion.sponsorships.exclude(signed_at=None).values_list("seat", flat=True),
    }
    standings = _Standings(viewer)
    room, rows, leanings = [], [], {}
    for seat in seats:
        member = _member(motion, seat, voters.get(seat.pk))
        if member.status is rules.Status.OBSERVER:
            continue
        room.append(member)
        if not member.may_vote:
            rows.append(WhipRow(seat=seat, said=_AWAY[member.status], tone="", because=""))
            continue
        leaning = _leaning(motion, seat, pledges.get(seat.pk), seat.pk in sponsors, standings)
        leanings[member.id] = leaning
        rows.append(
            WhipRow(
                seat=seat,
                said=_SAID[leaning.choice],
                tone=_TONES.get(leaning.choice, "") if leaning.choice else "",
                because=leaning.because,
                pledged=pledges.get(seat.pk, ""),
                mine=not motion.opened_at and records.is_voice_of(viewer.membership, seat),
            )
        )
    return WhipBoard(
        places=[place_of(row.seat, _state(row, leanings.get(str(row.seat.pk)))) for row in rows],
        rows=tuple(rows),
        forecast=whip.forecast(seats=room, leanings=leanings, rule=rule),
    )


_SAID = {
    rules.Choice.YES: "Yes",
    rules.Choice.NO: "No",
    rules.Choice.ABSTAIN: "Abstains",
    None: "Open",
}
_AWAY = {rules.Status.RECUSED: "Recused, as a party", rules.Status.ELIGIBLE: "Absent"}


def _state(row: WhipRow, leaning: whip.Leaning | None) -> str:
    if leaning is None:
        return "recused" if row.said.startswith("Recused") else "absent"
    return leaning.choice.value if leaning.choice else "present"


def _member(motion: Motion, seat: Seat, elector: Elector | None) -> rules.Seat:
    """The seat as it would vote now, or as it was when the vote opened."""
    status = rules.Status(elector.status) if elector else records.status_of(seat, motion)
    row = elector or seat
    return rules.Seat(id=str(seat.pk), weight=row.weight, veto=row.veto, present=row.present, status=status)


def _leaning(
    motion: Motion, seat: Seat, pledge: rules.Choice | None, sponsors: bool, standings: "_Standings"
) -> whip.Leaning:
    if pledge:
        return whip.pledged(pledge)
    if seat.delegate_id is not None and not sponsors:
        # How a player will vote is for the player to say.
        return whip.Leaning(choice=None, because="has pledged nothing")
    helped, hurt = _parties(motion)
    mover = standings.with_each(seat, [motion.sponsor.power]) if motion.sponsor else []
    return whip.likely(
        sponsors=sponsors,
        sponsor=mover[0] if mover else None,
        helped=standings.with_each(seat, helped),
        hurt=standings.with_each(seat, hurt),
    )


def _parties(motion: Motion) -> tuple[list[Power], list[Power]]:
    """Whom the finding would favour, and whom it would blame."""
    complaint = motion.complaint
    if complaint is None or motion.finding == Finding.NONE.value:
        return [], []
    complainant, respondents = [complaint.complainant], list(complaint.respondents)
    if motion.finding == Finding.BREACH.value:
        return complainant, respondents
    return respondents, complainant


class _Standings:
    """How the campaign's powers stand, read when first asked for."""

    def __init__(self, viewer: Viewer) -> None:
        rows = viewer.campaign.standings.values_list("first_id", "second_id", "value")
        self._values = {frozenset((first, second)): value for first, second, value in rows}

    def with_each(self, seat: Seat, powers: Sequence[Power]) -> list[tuple[str, int]]:
        return [
            (called(power), self._values.get(frozenset((seat.power_id, power.pk)), 0))
            for power in powers
            if power.pk != seat.power_id
        ]
