"""The charter of a conference as the table reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

from diplomacy.models import Charter, Seat
from diplomacy.rules.charter_words import name_of, share_words
from diplomacy.rules.tally import Base, Kind, Tie


@dataclass(frozen=True, kw_only=True)
class CharterWords:
    """The charter as the table reads it."""

    name: str
    adopted_by: str
    finding: str
    quorum: str
    tie: str
    veto: str


def charter_words(charter: Charter, seats: Sequence[Seat]) -> CharterWords:
    """What the charter says, in words: the share of the votes cast, the quorum, a tie, and whose veto."""
    base = _BASES[Base(charter.base)]
    needed = f"{_more(charter.at_least)} {share_words(charter.threshold)} {base}"
    if charter.kind != Kind.MAJORITY:
        needed = charter.get_kind_display().lower()
    holders = [seat.power.name for seat in seats if seat.veto and not seat.observer]
    finding = ""
    if charter.finding_threshold is not None and charter.kind == Kind.MAJORITY:
        finding = f"{_more(charter.finding_at_least)} {share_words(charter.finding_threshold)} {base}"
    quorum = f"{'more than ' if charter.quorum_more_than else ''}{share_words(charter.quorum)} of the members"
    return CharterWords(
        name=name_of(charter.knobs),
        adopted_by=needed,
        finding=finding,
        quorum=quorum if charter.quorum or charter.quorum_more_than else "none",
        tie=_TIES[Tie(charter.tie)],
        veto=(", ".join(holders) or "allowed; no seat holds one yet") if charter.veto else "nobody has one",
    )


def _more(at_least: bool) -> str:
    return "at least" if at_least else "more than"


_BASES = {
    Base.CAST: "of the votes cast",
    Base.PRESENT: "of those present",
    Base.MEMBERSHIP: "of the members",
}
_TIES = {
    Tie.CASTING: "the chair gives a casting vote",
    Tie.REJECT: "the motion is rejected",
    Tie.SECOND_VOTE: "the conference votes once more",
}
