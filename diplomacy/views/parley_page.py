"""What the pages show of a parley: to its parties and the GM all of it, to everyone else what was lodged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.http import Http404

from diplomacy import records
from diplomacy.access import actor_for, get_complaint_for
from diplomacy.actions import settlements
from diplomacy.forms.effects import Offers
from diplomacy.forms.parleys import NoteForm
from diplomacy.models import Complaint, Message, Obligation, Offer, OfferState
from diplomacy.rules import effects as rules
from diplomacy.rules.complaints import PARLEY_STAGES
from diplomacy.rules.procedure import ComplaintStage
from diplomacy.views.effect_lines import Effects, Line, Recorded, Told, recorded, terms_of
from khitomer.access import Viewer
from khitomer.models import Power
from khitomer.rules.dates import StoryDate

LATEST = 50  # of what was said and offered, before a link to all of it

_TONES = {
    OfferState.OPEN: "amber",
    OfferState.ACCEPTED: "moss",
    OfferState.REFUSED: "brick",
    OfferState.LAPSED: "",
    OfferState.COUNTERED: "sky",
    OfferState.TAKEN_BACK: "",
}


@dataclass(frozen=True, kw_only=True)
class OfferCard:
    """An offer as one viewer reads it: what it would do in words, who is in, and what the viewer may do with it."""

    offer: Offer
    tag: str
    tone: str
    lines: tuple[str, ...]
    accepted: tuple[Power, ...]
    waits_for: tuple[Power, ...]
    mine_to_answer: tuple[Power, ...]
    own: bool

    @property
    def stands(self) -> bool:
        return bool(self.waits_for)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing said: by a party, on its side of the page, or by the GM, who has none."""

    at: datetime
    on: StoryDate
    power: Power | None
    side: str
    html: str
    card: OfferCard | None = None


@dataclass(frozen=True, kw_only=True)
class Parley:
    """The conversation as its page shows it."""

    complaint: Complaint
    voices: tuple[Power, ...]
    talking: bool
    said: tuple[Said, ...]
    standing: tuple[OfferCard, ...]
    more: int = 0

    @property
    def may_speak(self) -> bool:
        return self.talking and bool(self.voices)


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """A lodged offer: everyone who sees the complaint may read its terms, and what they do as far as they may know."""

    offer: Offer
    effects: Effects
    obligations: tuple[Obligation, ...]
    recorded: Recorded
    may_enact: bool
    may_undo: bool

    @property
    def tag(self) -> tuple[str, str]:
        if self.offer.undone_at is not None:
            return "undone", "brick"
        if self.offer.enacted_at is not None:
            return "in effect", "moss"
        return ("waits for the GM", "amber") if self.offer.effects else ("agreed", "moss")

    @property
    def changes(self) -> tuple[Line, ...]:
        return tuple(line for line in self.effects.lines if not line.owed)

    @property
    def shown(self) -> Effects:
        """The effects without what is owed, which has rows of its own."""
        return Effects(lines=self.changes, impossible=self.effects.impossible)

    @property
    def owed(self) -> tuple[Line, ...]:
        return tuple(line for line in self.effects.lines if line.owed)


def get_parley_for(viewer: Viewer, number: int) -> Complaint:
    """The docketed complaint with this number, for its parties and the GM; the one 404 for everyone else."""
    complaint = get_complaint_for(viewer, number)
    if not _is_inside(viewer, complaint):
        raise Http404
    return complaint


def get_offer_for(viewer: Viewer, number: int, offer: int) -> Offer:
    """An offer in a parley that the viewer may read."""
    complaint = get_parley_for(viewer, number)
    found = complaint.offers.visible_to(viewer).select_related("power").filter(number=offer).first()
    if found is None:
        raise Http404
    found.complaint = complaint
    return found


def voices_of(viewer: Viewer, complaint: Complaint) -> tuple[Power, ...]:
    """The parties for which this viewer speaks: their own, or for the GM those that no player sits for."""
    actor = actor_for(viewer)
    return tuple(party for party in complaint.parties if actor.speaks_for(records.called(party)))


def parley_of(viewer: Viewer, complaint: Complaint, *, everything: bool = False) -> Parley:
    """The conversation, the newest first. As many queries for one message as for fifty."""
    voices = voices_of(viewer, complaint)
    talking = complaint.stage in PARLEY_STAGES
    messages = list(
        complaint.messages.visible_to(viewer)
        .select_related("power")
        .order_by("-pk")[: None if everything else LATEST + 1]
    )
    offers = list(
        complaint.offers.visible_to(viewer)
        .select_related("power", "answers")
        .prefetch_related("acceptances__power")
    )
    cards = _cards(viewer, complaint, offers, voices if talking else ())
    said = sorted(
        chain((_message(complaint, each) for each in messages), (_offer(complaint, each) for each in cards)),
        key=lambda each: each.at,
        reverse=True,
    )
    shown = said if everything else said[:LATEST]
    return Parley(
        complaint=complaint,
        voices=voices,
        talking=talking,
        said=tuple(shown),
        standing=tuple(card for card in reversed(cards) if card.stands),
        more=len(said) - len(shown),
    )


def card_of(viewer: Viewer, offer: Offer) -> OfferCard:
    """One offer by itself, for the question whether to accept it."""
    complaint = offer.complaint
    talking = complaint.stage in PARLEY_STAGES
    (card,) = _cards(viewer, complaint, [offer], voices_of(viewer, complaint) if talking else ())
    return card


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What a complaint's own page shows of its parley, to whoever is inside."""

    standing: tuple[OfferCard, ...]
    may_speak: bool
    talking: bool
    said: int
    note_form: NoteForm | None


def panel_of(viewer: Viewer, complaint: Complaint, *, note_form: NoteForm | None = None) -> Panel | None:
    """The parley on a complaint's page; None, and not one query, for whoever is outside."""
    if complaint.number is None or not _is_inside(viewer, complaint):
        return None
    talking = complaint.stage in PARLEY_STAGES
    said = complaint.messages.visible_to(viewer).count()
    if not talking:
        return Panel(standing=(), may_speak=False, talking=False, said=said, note_form=None) if said else None
    voices = voices_of(viewer, complaint)
    offers = complaint.offers.visible_to(viewer).open().select_related("power", "answers")
    cards = _cards(viewer, complaint, list(offers.prefetch_related("acceptances__power")), voices)
    return Panel(
        standing=tuple(card for card in reversed(cards) if card.stands),
        may_speak=bool(voices),
        talking=True,
        said=said,
        note_form=(note_form or NoteForm(auto_id="note-%s")) if viewer.is_gm else None,
    )


def settlement_of(viewer: Viewer, complaint: Complaint) -> Settlement | None:
    """How a complaint was settled, for everyone who sees it; None, without a query, where it was not."""
    if complaint.stage != ComplaintStage.SETTLED:
        return None
    offer = complaint.offers.lodged().select_related("power").first()
    if offer is None:
        return None
    complaint.campaign = viewer.campaign
    offer.complaint = complaint
    done = offer.enacted_at is not None
    return Settlement(
        offer=offer,
        effects=terms_of(viewer, offer) if offer.effects else Effects(),
        obligations=tuple(offer.obligations.select_related("power")) if done else (),
        recorded=recorded(offer, for_gm=viewer.is_gm),
        may_enact=viewer.is_gm and bool(offer.effects) and not done,
        may_undo=viewer.is_gm and done and offer.undone_at is None,
    )


# What an offer would do, in words -------------------------------------------------------------------------------------


def lines_of(viewer: Viewer, offers: Sequence[Offer]) -> dict[int, tuple[str, ...]]:
    """The effects of each offer in a few words, as far as this viewer may know of what they touch."""
    effects = {offer.pk: settlements.effects_of(offer)[0].effects for offer in offers}
    if not any(effects.values()):
        return dict.fromkeys(effects, ())
    today = viewer.campaign.today
    told = Told.of(viewer, [change for each in chain(*effects.values()) for change in _changes(each, today)])
    names = Offers.to(viewer).names()

    def words(effect: rules.Effect) -> Iterable[str]:
        if all(told.hears_of(change) for change in _changes(effect, today)):
            yield rules.describe(effect, names)
        elif isinstance(effect, rules.Disclose):
            yield rules.DISCLOSED_UNSEEN

    return {pk: tuple(line for each in found for line in words(each)) for pk, found in effects.items()}


def _changes(effect: rules.Effect, today: StoryDate) -> Sequence[rules.changes.Change]:
    return rules.changes_of([rules.ClauseEffects(position=1, effects=(effect,))], on=today)


# Parts ----------------------------------------------------------------------------------------------------------------


def _is_inside(viewer: Viewer, complaint: Complaint) -> bool:
    return viewer.is_gm or viewer.power_id in {party.pk for party in complaint.parties}


def _cards(
    viewer: Viewer, complaint: Complaint, offers: Sequence[Offer], voices: Sequence[Power]
) -> list[OfferCard]:
    lines = lines_of(viewer, offers)
    return [_card(viewer, complaint, offer, voices, lines[offer.pk]) for offer in offers]


def _card(
    viewer: Viewer, complaint: Complaint, offer: Offer, voices: Sequence[Power], lines: tuple[str, ...]
) -> OfferCard:
    today = viewer.campaign.today
    stands = offer.stands(today) and complaint.stage in PARLEY_STAGES and not _before_filing(complaint, offer)
    state = OfferState(offer.state)
    if state is OfferState.OPEN and not stands:
        state = OfferState.LAPSED
    accepted = {each.power_id for each in offer.acceptances.all()}
    waits_for = tuple(party for party in complaint.parties if party.pk not in accepted) if stands else ()
    return OfferCard(
        offer=offer,
        tag=str(state.label),
        tone=_TONES[state],
        lines=lines,
        accepted=tuple(party for party in complaint.parties if party.pk in accepted),
        waits_for=waits_for,
        mine_to_answer=tuple(party for party in waits_for if party in voices),
        own=stands and offer.power in voices,
    )


def _before_filing(complaint: Complaint, offer: Offer) -> bool:
    return complaint.filed_at is not None and offer.made_at < complaint.filed_at


def _message(complaint: Complaint, message: Message) -> Said:
    return Said(
        at=message.at,
        on=message.on,
        power=message.power,
        side=_side(complaint, message.power),
        html=message.text_html,
    )


def _offer(complaint: Complaint, card: OfferCard) -> Said:
    offer = card.offer
    return Said(
        at=offer.made_at,
        on=offer.made_on,
        power=offer.power,
        side=_side(complaint, offer.power),
        html=offer.terms_html,
        card=card,
    )


def _side(complaint: Complaint, power: Power | None) -> str:
    if power is None:
        return "between"
    return "left" if power.pk == complaint.complainant_id else "right"
