"""Keeping out of the record what was said in a parley, wherever a party to it writes something that others read."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from diplomacy.models import Clause, Complaint, Exhibit, Message, Offer, OfferState, Supplement
from diplomacy.models.complaints import PRIVATE_STAGES
from diplomacy.rules.procedure import MotionStage
from diplomacy.rules.sealing import Run, quoted, runs
from khitomer import markup
from khitomer.errors import Refused
from khitomer.models import Power, Provision


def check_unquoted(power: Power, texts: Iterable[tuple[str, str]]) -> None:
    """`Refused`, on its field, where a text of this power repeats what it heard, or said, in a parley.

    `texts` are pairs of a field and what was typed there. Only what the power may read itself is compared, so that
    nobody learns anything by trying. What was on the public record before may be repeated. Two queries for a power
    without a parley, and none for a few words.
    """
    # As it was typed and as it reads: a mark or a link in the middle does not make it another sentence.
    said = [(field, runs(text, markup.plain(text, markup.MAX_HTML))) for field, text in texts]
    everything = frozenset[Run]().union(*(each for _, each in said))
    sealed = _sealed(power) if everything else []
    if not sealed:
        return
    found = quoted(everything, sealed=sealed, public=_public(power))
    for field, each in said:
        if each & found:
            raise Refused(
                "This repeats what was said in the parley, which nothing may quote",
                field=field,
                allowed="Say it in words of your own",
            )


def _sealed(power: Power) -> list[str]:
    messages = Message.objects.of_party(power).values_list("text", flat=True)
    offers = Offer.objects.of_party(power).exclude(state=OfferState.ACCEPTED).values_list("terms", "effects")
    terms = [text for terms, effects in offers for text in (terms, *effect_texts(effects))]
    return [text for text in (*messages, *terms) if text]


def effect_texts(payloads: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the payloads of effects say in words: an event's title and text, what is owed."""
    return [text for payload in payloads for name in ("title", "text") if (text := payload.get(name))]


def _public(power: Power) -> list[str]:
    """What everyone may read of the complaints that the power is in, and its own statements."""
    complaints = Complaint.objects.of(power).filter(
        Q(complainant=power) | ~Q(stage__in=[str(stage) for stage in PRIVATE_STAGES])
    )
    keys = list(complaints.values_list("pk", flat=True))
    rows = [
        *complaints.values_list("title", "statement", "asks_for", "objection"),
        *Supplement.objects.filter(complaint__in=keys).values_list("text"),
        *Exhibit.objects.filter(complaint__in=keys).values_list("title"),
        *Provision.objects.filter(citations__complaint__in=keys).values_list("text"),
        *Offer.objects.filter(complaint__in=keys, state=OfferState.ACCEPTED).values_list("terms"),
        *Clause.objects.filter(motion__complaint__in=keys)
        .exclude(motion__stage=MotionStage.DRAFT.value)
        .values_list("text"),
    ]
    return [text for row in rows for text in row if text]
