"""The ruling on jurisdiction, computed and kept: one for each respondent and provision cited."""

from datetime import datetime
from itertools import product

from diplomacy import records
from diplomacy.models import Complaint, Ruling


def compute(row: Complaint, now: datetime) -> None:
    """Rule on each provision cited against each respondent, and keep each ruling with its grounds.

    Call it under the complaint's lock, once it is filed (PROCEDURE, jurisdiction).
    """
    if row.respondent is None or row.act_on is None or row.filed_on is None:
        raise ValueError("Only a filed complaint is ruled on.")
    citations = list(row.citations.select_related("provision__treaty"))
    provisions = [citation.provision for citation in citations]
    respondents = row.respondents
    record = records.draw([row.complainant, *respondents], provisions, [])
    for citation, respondent in product(citations, respondents):
        found = records.weigh(
            record,
            citation.provision,
            complainant=row.complainant,
            respondent=respondent,
            act=row.act_on,
            filed=row.filed_on,
        )
        Ruling.objects.update_or_create(
            citation=citation,
            respondent=respondent,
            defaults={
                "verdict": found.verdict.value,
                "grounds": [
                    {"question": ground.question, "answer": ground.answer.value, "because": ground.because}
                    for ground in found.grounds
                ],
                "computed_at": now,
            },
        )


def verdicts(row: Complaint) -> list[str]:
    """The verdicts as they are kept, in a steady order, to tell whether computing again changed any."""
    kept = Ruling.objects.filter(citation__complaint=row).order_by("citation", "respondent")
    return list(kept.values_list("verdict", flat=True))
