"""The charter of a conference as the table reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from diplomacy.models import Charter, Seat
from diplomacy.rules.tally import Base, Kind, Tie


@dataclass(frozen=True, kw_only=True)
class CharterWords:
    """The charter as the table reads it."""

    adopted_by: str
    quorum: str
    tie: str
    veto: str


def charter_words(charter: Charter, seats: Sequence[Seat]) -> CharterWords:
    """What the charter says, in words: the share of the votes cast, the quorum, a tie, and whose veto."""
    share = _SHARES.get(charter.threshold, f"{charter.threshold}")
    base = {
        Base.CAST: "of the votes cast",
        Base.PRESENT: "of those present",
        Base.MEMBERSHIP: "of the members",
    }
    needed = f"{'at least' if charter.at_least else 'more than'} {share} {base[Base(charter.base)]}"
    if charter.kind != Kind.MAJORITY:
        needed = charter.get_kind_display().lower()
    holders = [seat.power.name for seat in seats if seat.veto and not seat.observer]
    return CharterWords(
        adopted_by=needed,
        quorum=f"{_SHARES.get(charter.quorum, str(charter.quorum))} of the members"
        if charter.quorum
        else "none",
        tie=_TIES[Tie(charter.tie)],
        veto=(", ".join(holders) or "allowed; no seat holds one yet") if charter.veto else "nobody has one",
    )


_SHARES = {
    Fraction(1, 3): "a third",
    Fraction(1, 2): "half",
    Fraction(2, 3): "two thirds",
    Fraction(1): "all",
}
_TIES = {
    Tie.CASTING: "the chair gives a casting vote",
    Tie.REJECT: "the motion is rejected",
    Tie.SECOND_VOTE: "the conference votes once more",
}
