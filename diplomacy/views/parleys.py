"""The parley on a complaint, and the settlement that came of it. Whoever is outside finds nothing here at all."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from diplomacy.access import get_complaint_for
from diplomacy.actions import parleys as actions
from diplomacy.actions import settlements
from diplomacy.forms.ballots import UndoForm
from diplomacy.forms.parleys import NoteForm, Offering, SayForm, VoiceForm
from diplomacy.forms.previews import preview_of
from diplomacy.models import Complaint, Offer
from diplomacy.views import parley_page
from diplomacy.views.effect_lines import terms_of
from khitomer.access import Request, gm_required, member_required
from khitomer.actions import once
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.htmx import page_or_part, redirect_to
from khitomer.models import Power


@member_required
def parley(request: Request, number: int) -> HttpResponse:
    """What the parties said and offered, and the form to say more: a post is a message."""
    complaint = parley_page.get_parley_for(request.viewer, number)
    voices = parley_page.voices_of(request.viewer, complaint)
    if request.method == "POST" and not voices:
        raise Refused("Only the parties speak in their parley", allowed="Note what was said at the table")
    form = SayForm(_sent(request), voices=voices) if voices else None
    if form is not None and form.is_bound and form.is_valid():
        try:
            return redirect_to(request, _said(request, complaint, form))
        except Refused as refused:
            refuse(form, refused)
    return _page(request, complaint, say=form)


@gm_required
@require_POST
def parley_note(request: Request, number: int) -> HttpResponse:
    """The GM's line about a meeting at the table."""
    complaint = parley_page.get_parley_for(request.viewer, number)
    form = NoteForm(request.POST, auto_id="note-%s")
    if form.is_valid():
        try:
            return redirect_to(request, _noted(request, complaint, form))
        except Refused as refused:
            refuse(form, refused)
    return _page(request, complaint, note=form)


@member_required
def offer_new(request: Request, number: int) -> HttpResponse:
    """An offer of one's own, or in answer to another (`?answers=2`)."""
    complaint = parley_page.get_parley_for(request.viewer, number)
    voices = parley_page.voices_of(request.viewer, complaint)
    if not voices:
        raise Refused("Only the parties make offers", allowed="Note what was said at the table")
    answers = _answered(request, complaint)
    offering = Offering(viewer=request.viewer, voices=voices, data=_sent(request), answers=answers)
    if offering.saving and offering.is_valid():
        try:
            return redirect_to(request, _offered(request, complaint, offering, answers))
        except Refused as refused:
            offering.refuse(refused)
    context = {
        "here": "docket",
        "complaint": complaint,
        "offering": offering,
        "answers": answers,
        "preview": preview_of(offering),
    }
    status = 422 if offering.saving else 200
    return page_or_part(request, "diplomacy/parley/offer-form.html", context, part="draft", status=status)


@member_required
def offer_accept(request: Request, number: int, offer: int) -> HttpResponse:
    """Whether to accept an offer, with what it would do; a post accepts it."""
    found = parley_page.get_offer_for(request.viewer, number, offer)
    card = parley_page.card_of(request.viewer, found)
    form = VoiceForm(
        _sent(request), voices=card.mine_to_answer or parley_page.voices_of(request.viewer, found.complaint)
    )
    if form.is_bound and form.is_valid():
        try:
            accepted = actions.accept(
                offer=found, power=form.speaker, by=request.viewer.user, now=timezone.now()
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _what_came_of(accepted))
            return redirect_to(request, "complaint", campaign=request.viewer.campaign.slug, number=number)
    context = {
        "here": "docket",
        "complaint": found.complaint,
        "card": card,
        "effects": terms_of(request.viewer, found),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "diplomacy/parley/accept.html", context, status=status)


@member_required
@require_POST
def offer_refuse(request: Request, number: int, offer: int) -> HttpResponse:
    found = parley_page.get_offer_for(request.viewer, number, offer)
    voice = _voice(request, found)
    actions.refuse(offer=found, power=voice, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"Offer {found.number} is refused.")
    return redirect_to(request, _address(request, "parley", found.complaint))


@member_required
@require_POST
def offer_take_back(request: Request, number: int, offer: int) -> HttpResponse:
    found = parley_page.get_offer_for(request.viewer, number, offer)
    actions.take_back(offer=found, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"Offer {found.number} is taken back.")
    return redirect_to(request, _address(request, "parley", found.complaint))


@gm_required
@require_POST
def settlement_enact(request: Request, number: int) -> HttpResponse:
    found = _lodged(request, number)
    settlements.give_effect(offer=found, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"The settlement of complaint No. {number} has taken effect.")
    return redirect_to(request, _address(request, "complaint", found.complaint))


@gm_required
def settlement_undo(request: Request, number: int) -> HttpResponse:
    """What would be taken back, and why: asked before it is done."""
    found = _lodged(request, number)
    form = UndoForm(_sent(request))
    if form.is_bound and form.is_valid():
        try:
            settlements.undo(
                offer=found, why=form.cleaned_data["why"], by=request.viewer.user, now=timezone.now()
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, "The effects of the settlement are undone.")
            return redirect_to(request, _address(request, "complaint", found.complaint))
    settlement = parley_page.settlement_of(request.viewer, found.complaint)
    context = {"here": "docket", "complaint": found.complaint, "settlement": settlement, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "diplomacy/parley/undo.html", context, status=status)


def _sent(request: Request) -> QueryDict | None:
    """What a form is bound to: the post, even an empty one; nothing while the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _page(
    request: Request, complaint: Complaint, *, say: SayForm | None = None, note: NoteForm | None = None
) -> HttpResponse:
    viewer = request.viewer
    shown = parley_page.parley_of(viewer, complaint, everything="all" in request.GET)
    if say is None and shown.voices:
        say = SayForm(voices=shown.voices)
    context = {
        "here": "docket",
        "complaint": complaint,
        "parley": shown,
        "say": say,
        "note": (note or NoteForm(auto_id="note-%s")) if viewer.is_gm else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "diplomacy/parley/parley.html", context, status=status)


def _said(request: Request, complaint: Complaint, form: SayForm) -> str:
    """Say it, once however often the form is sent; gives the address of the parley."""
    token, by = form.cleaned_data["token"], request.viewer.user
    with once.sending(token=token, session=request.session, by=by) as said:
        if not said.earlier:
            text = form.cleaned_data["text"]
            actions.say(complaint=complaint, power=form.speaker, text=text, by=by, now=timezone.now())
            said.to = _address(request, "parley", complaint)
    return said.to


def _noted(request: Request, complaint: Complaint, form: NoteForm) -> str:
    token, by = form.cleaned_data["token"], request.viewer.user
    with once.sending(token=token, session=request.session, by=by) as said:
        if not said.earlier:
            note = form.cleaned_data["note"]
            actions.note_meeting(complaint=complaint, text=note, by=by, now=timezone.now())
            said.to = _address(request, "parley", complaint)
            messages.success(request, "It is noted, for the parties and you alone.")
    return said.to


def _offered(request: Request, complaint: Complaint, offering: Offering, answers: Offer | None) -> str:
    token, by = offering.head.cleaned_data["token"], request.viewer.user
    with once.sending(token=token, session=request.session, by=by) as said:
        if not said.earlier:
            made = actions.make_offer(
                complaint=complaint, answers=answers, by=by, now=timezone.now(), **offering.fields()
            )
            said.to = _address(request, "parley", complaint)
            messages.success(request, f"Offer {made.number} is before the other parties, and sealed.")
    return said.to


def _answered(request: Request, complaint: Complaint) -> Offer | None:
    """The offer that the new one answers, by its number in the address; none where it names none."""
    number = request.GET.get("answers", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise Http404
    return parley_page.get_offer_for(request.viewer, complaint.number or 0, int(number))


def _voice(request: Request, offer: Offer) -> Power:
    """In whose name an offer is refused: one of the viewer's own parties, and of several the one named."""
    voices = parley_page.voices_of(request.viewer, offer.complaint)
    others = [power for power in voices if power.pk != offer.power_id] or list(voices)
    if not others:
        raise Refused("Only the parties answer an offer")
    named = request.POST.get("power", "")
    return next((power for power in others if power.slug == named), others[0])


def _lodged(request: Request, number: int) -> Offer:
    complaint = get_complaint_for(request.viewer, number)
    complaint.campaign = request.viewer.campaign
    found = complaint.offers.lodged().first()
    if found is None:
        raise Http404
    found.complaint = complaint
    return found


def _what_came_of(offer: Offer) -> str:
    if offer.lodged_at is None:
        return f"Offer {offer.number} is accepted in your name. It waits for the others."
    return f"Complaint No. {offer.complaint.number} is settled. The terms are on its page."


def _address(request: Request, name: str, complaint: Complaint) -> str:
    return reverse(name, kwargs={"campaign": request.viewer.campaign.slug, "number": complaint.number})
