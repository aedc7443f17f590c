"""The docket as an open list: what may be asked of it, and who complains of whom.

Everything here starts from the complaints that a viewer may see. What is hidden from them is in no option, no count
and no cell.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from diplomacy.models import Citation, Complaint, Joinder
from diplomacy.models.complaints import JoinderRole
from diplomacy.rules.procedure import CLOSED_STAGES, ComplaintStage
from khitomer.models import Power, Provision

_WIDE = ("open", "closed", "all")
_YEAR = re.compile(r"[1-9]\d{3}", re.ASCII)
_PROVISION = re.compile(r"([-\w]{1,60})\.(\d{1,4})", re.ASCII)
_SLUG = re.compile(r"[-\w]{1,80}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is asked of the docket. `show` is "open", "closed", "all" or a stage; the others are empty where not asked.

    `party` is a power on either side; `by` the complainant; `against` a respondent: slugs all three. `provision` is a
    treaty's slug and a number, "second-khitomer-accords.3"; `year` that of filing.
    """

    show: str = "open"
    party: str = ""
    by: str = ""
    against: str = ""
    provision: str = ""
    year: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether more is asked than open, closed or all."""
        return self.show not in _WIDE or any((self.party, self.by, self.against, self.provision, self.year))

    def query(self, **other: object) -> str:
        """The query string that asks the same, with other values put in their places."""
        asked = {**vars(self), **other}
        return urlencode({name: value for name, value in asked.items() if value})

    def at(self, show: str) -> "Filters":
        """The same of other stages."""
        return replace(self, show=show)


def filters_of(asked: Mapping[str, str]) -> Filters:
    """The filters that a query string asks for; what makes no sense is not asked."""
    show = asked.get("show", "open")
    stages = {each.value for each in ComplaintStage}
    read = {
        name: value
        for name, pattern in (
            ("party", _SLUG),
            ("by", _SLUG),
            ("against", _SLUG),
            ("provision", _PROVISION),
            ("year", _YEAR),
        )
        if pattern.fullmatch(value := asked.get(name, ""))
    }
    return Filters(show=show if show in _WIDE or show in stages else "open", **read)


def narrow(listed: QuerySet[Complaint], filters: Filters) -> QuerySet[Complaint]:
    """Those of the listed complaints that the filters ask for."""
    closed = Q(stage__in=[stage.value for stage in CLOSED_STAGES])
    wide = {"open": ~closed, "closed": closed, "all": Q()}
    rows = listed.filter(wide[filters.show] if filters.show in wide else Q(stage=filters.show))
    if filters.by:
        rows = rows.filter(complainant__slug=filters.by)
    if filters.against:
        rows = rows.filter(_answers(filters.against))
    if filters.party:
        rows = rows.filter(Q(complainant__slug=filters.party) | _answers(filters.party))
    if filters.provision:
        treaty, _, number = filters.provision.partition(".")
        cited = Citation.objects.filter(provision__treaty__slug=treaty, provision__number=int(number))
        rows = rows.filter(Exists(cited.filter(complaint=OuterRef("pk"))))
    if filters.year:
        rows = rows.filter(filed_on__startswith=filters.year)
    return rows


def _answers(slug: str) -> Q:
    joined = Joinder.objects.filter(complaint=OuterRef("pk"), power__slug=slug)
    return Q(respondent__slug=slug) | Exists(joined.filter(role=JoinderRole.RESPONDENT))


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the listed complaints can be narrowed to."""

    stages: tuple[ComplaintStage, ...]
    powers: tuple[Power, ...]
    provisions: tuple[tuple[str, Provision], ...]
    years: tuple[str, ...]


def options_of(listed: QuerySet[Complaint]) -> Options:
    """The stages, parties, provisions and years that the listed complaints have, in three queries."""
    rows = list(listed.order_by().values_list("stage", "filed_on").distinct())
    present = {stage for stage, _ in rows}
    joined = Joinder.objects.filter(complaint__in=listed.order_by(), role=JoinderRole.RESPONDENT)
    parties = Power.objects.filter(
        Q(complaints_made__in=listed.order_by())
        | Q(complaints_answered__in=listed.order_by())
        | Q(joinders__in=joined)
    )
    cited = Provision.objects.filter(citations__complaint__in=listed.order_by()).select_related("treaty")
    provisions = cited.order_by("treaty__signed", "treaty__slug", "number").distinct()
    return Options(
        stages=tuple(each for each in ComplaintStage if each.value in present),
        powers=tuple(parties.order_by("name").distinct()),
        provisions=tuple((f"{each.treaty.slug}.{each.number}", each) for each in provisions),
        years=tuple(sorted({str(filed.year) for _, filed in rows if filed}, reverse=True)),
    )


def strays(filters: Filters, options: Options) -> dict[str, str]:
    """What was asked that no listed complaint has, by the filter's name: its select shows it all the same.

    What is hidden from the viewer is a stray like what never was.
    """
    powers = {power.slug for power in options.powers}
    known = {
        "show": {*_WIDE, *(stage.value for stage in options.stages)},
        "party": powers,
        "by": powers,
        "against": powers,
        "provision": {value for value, _ in options.provisions},
        "year": set(options.years),
    }
    asked = vars(filters)
    return {name: asked[name] for name, values in known.items() if asked[name] and asked[name] not in values}


# Who complains of whom ----------------------------------------------------------------------------------------------


class Outcome(StrEnum):
    """How a complaint came out, as the picture tells it."""

    OPEN = "open"
    BREACH = "breach found"
    NO_BREACH = "no breach"
    SETTLED = "settled"
    ENDED = "ended otherwise"


_S = ComplaintStage
_OUTCOMES = {
    _S.BREACH: Outcome.BREACH,
    _S.COMPLIANCE: Outcome.BREACH,
    _S.DISPUTED: Outcome.BREACH,
    _S.COMPLIED: Outcome.BREACH,
    _S.NON_COMPLIANT: Outcome.BREACH,
    _S.COUNTERMEASURES: Outcome.BREACH,
    _S.NO_BREACH: Outcome.NO_BREACH,
    _S.SETTLED: Outcome.SETTLED,
    _S.NO_DECISION: Outcome.ENDED,
    _S.INADMISSIBLE: Outcome.ENDED,
    _S.WITHDRAWN: Outcome.ENDED,
}


@dataclass(frozen=True, kw_only=True)
class Quarrel:
    """One power's complaints of another, counted by how they came out."""

    complainant: Power
    respondent: Power
    counts: tuple[tuple[Outcome, int], ...]

    @property
    def total(self) -> int:
        return sum(number for _, number in self.counts)


@dataclass(frozen=True, kw_only=True)
class Quarrels:
    """Who complains of whom. A complaint against several powers counts once for each of them."""

    powers: tuple[Power, ...]
    pairs: tuple[Quarrel, ...]
    complaints: int

    @property
    def charges(self) -> int:
        return sum(pair.total for pair in self.pairs)


def quarrels_of(listed: Iterable[Complaint]) -> Quarrels:
    """The pairs of complainant and respondent, the most complaints first. Fetch the complaints `with_parties`."""
    counted: dict[tuple[Power, Power], Counter[Outcome]] = {}
    complaints = 0
    for complaint in listed:
        complaints += 1
        outcome = _OUTCOMES.get(ComplaintStage(complaint.stage), Outcome.OPEN)
        for respondent in complaint.respondents:
            counted.setdefault((complaint.complainant, respondent), Counter())[outcome] += 1
    pairs = [
        Quarrel(
            complainant=one,
            respondent=other,
            counts=tuple((outcome, counts[outcome]) for outcome in Outcome),
        )
        for (one, other), counts in counted.items()
    ]
    powers = {power for pair in counted for power in pair}
    return Quarrels(
        powers=tuple(sorted(powers, key=lambda power: power.name)),
        pairs=tuple(
            sorted(pairs, key=lambda each: (-each.total, each.complainant.name, each.respondent.name))
        ),
        complaints=complaints,
    )
