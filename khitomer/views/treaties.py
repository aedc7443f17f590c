"""The treaties: what they say, who is bound by what on which day, and the GM's edits, each a change of the ledger."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required, member_required
from khitomer.actions import treaties as actions
from khitomer.actions.naming import address_of
from khitomer.errors import Refused
from khitomer.forms import treaties as forms
from khitomer.forms.campaigns import form_token
from khitomer.forms.placing import place
from khitomer.htmx import page_or_part, redirect_to
from khitomer.models import Provision, Treaty
from khitomer.rules.dates import Answer
from khitomer.views.posting import form_page, made, pressed, said
from khitomer.views.treaty_parts import (
    asked_on,
    bound_by,
    exemption_of,
    never,
    parties_on,
    recorded,
    turning_points,
    window_of,
)


@member_required
def treaties(request: Request) -> HttpResponse:
    campaign = request.viewer.campaign
    found = campaign.treaties.prefetch_related("provisions", "adherences__power")
    shown = [{"treaty": treaty, "bound": bound_by(treaty, campaign.today)} for treaty in found]
    return render(request, "khitomer/treaties.html", {"here": "treaties", "shown": shown})


@gm_required
def treaty_new(request: Request) -> HttpResponse:
    form = forms.TreatyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        campaign, given = request.viewer.campaign, form.values()
        slug = address_of(
            given["name"],
            most=60,
            otherwise=address_of(f"treaty-{given['numeral']}", most=60, otherwise="treaty"),
        )
        try:
            treaty = actions.add_treaty(campaign=campaign, slug=slug, **given, **made(request, form))
        except Refused as refused:
            place(form, refused, by_words=forms.AT_TREATY)
        else:
            messages.success(request, f"{treaty} is on record. It binds nobody yet.")
            return redirect_to(request, "treaty", campaign=campaign.slug, treaty=treaty.slug)
    return page_of(request, "treaty-form", form)


@member_required
def treaty(request: Request, treaty: str) -> HttpResponse:
    """Who is bound by what on a day: today, or the one asked for with `?as-of=`."""
    viewer = request.viewer
    found = get_treaty(
        request, treaty, "adherences__power", "provisions__reservations__power", "provisions__uses"
    )
    form = forms.AsOfForm(request.GET if "as-of" in request.GET else None)
    day, status = asked_on(form, viewer.campaign.today)
    parties = parties_on(found, day)
    context = {
        "here": "treaties",
        "treaty": found,
        "asked": form["day"].value() or day,
        "error": " ".join(form.errors.get("day", ())),
        "day": day,
        "unsigned": day.before(found.signed) is Answer.YES,
        "parties": parties,
        "strip": [party.drawn for party in parties],
        "never": never(viewer, parties),
        "window": window_of(found, day),
        "turning_points": turning_points(found, viewer.campaign.today),
        "provisions": [(each, exemption_of(each, day)) for each in found.provisions.all()],
    }
    response = page_or_part(request, "khitomer/treaty.html", context, part="as-of", status=status)
    if status != 200:
        response["HX-Push-Url"] = "false"  # what is no date is no address to keep
    return response


@gm_required
def treaty_edit(request: Request, treaty: str) -> HttpResponse:
    found = get_treaty(request, treaty)
    form = forms.TreatyForm(request.POST or None, initial=forms.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.edit_treaty(
                campaign=request.viewer.campaign, treaty=found, values=form.values(), **made(request, form)
            )
        except Refused as refused:
            place(form, refused, by_words=forms.AT_TREATY)
        else:
            return to_treaty(request, found, changed)
    return page_of(request, "treaty-form", form, treaty=found)


# Who is bound


@gm_required
def span_new(request: Request, treaty: str) -> HttpResponse:
    campaign, found = request.viewer.campaign, get_treaty(request, treaty)
    form = forms.SpanForm(request.POST or None, campaign=campaign, initial={"power": asked_power(request)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            changed = actions.enter_treaty(
                campaign=campaign, treaty=found, power=given["power"], on=given["entered"],
                left=given["left"], note=given["note"], **made(request, form),
            )  # fmt: skip
        except Refused as refused:
            place(form, refused, by_words=forms.AT_SPAN, otherwise="entered")
        else:
            return to_treaty(request, found, changed)
    return page_of(request, "span-form", form, treaty=found)


@gm_required
def span_edit(request: Request, treaty: str, pk: int) -> HttpResponse:
    """Correct what is on record; beside it the forms that end the span or strike it."""
    found = get_treaty(request, treaty)
    if sent_before(request):
        return to_treaty(request, found)
    span = get_object_or_404(found.adherences.select_related("power", "treaty"), pk=pk)
    dates = {"entered": span.entered, "left": span.left, "note": span.note}
    form = forms.CorrectSpanForm(request.POST or None, initial=dates)
    if request.method == "POST" and form.is_valid():
        if not form.differs_from(span):
            return to_treaty(request, found, ())
        given = {name: form.cleaned_data[name] for name in dates}
        try:
            changed = actions.correct_span(
                campaign=request.viewer.campaign, span=span, **given, **made(request, form)
            )
        except Refused as refused:
            place(form, refused, by_words=forms.AT_SPAN, otherwise="entered")
        else:
            return to_treaty(request, found, changed)
    return page_of(request, "span-form", form, treaty=found, span=span, leave=forms.LeaveForm(prefix="leave"))


@gm_required
@require_POST
def span_leave(request: Request, treaty: str, pk: int) -> HttpResponse:
    found = get_treaty(request, treaty)
    span = get_object_or_404(found.adherences.select_related("power", "treaty"), pk=pk)
    form = forms.LeaveForm(request.POST, prefix="leave")
    if form.is_valid():
        given = form.cleaned_data
        try:
            changed = actions.leave_treaty(
                campaign=request.viewer.campaign, treaty=found, power=span.power,
                on=given["on"], manner=given["manner"], **made(request, form),
            )  # fmt: skip
        except Refused as refused:
            place(form, refused, otherwise="on")
        else:
            return to_treaty(request, found, changed)
    dates = forms.CorrectSpanForm(initial={"entered": span.entered, "left": span.left, "note": span.note})
    return page_of(request, "span-form", dates, treaty=found, span=span, leave=form, status=422)


@gm_required
@require_POST
def span_strike(request: Request, treaty: str, pk: int) -> HttpResponse:
    found = get_treaty(request, treaty)
    if sent_before(request):
        return to_treaty(request, found)
    span = get_object_or_404(found.adherences.select_related("power", "treaty"), pk=pk)
    changed = actions.strike_span(campaign=request.viewer.campaign, span=span, **pressed(request))
    return to_treaty(request, found, changed)


# Provisions


@gm_required
def provision_new(request: Request, treaty: str) -> HttpResponse:
    found = get_treaty(request, treaty, "provisions")
    number = max((each.number for each in found.provisions.all()), default=0) + 1
    form = forms.ProvisionForm(request.POST or None, initial={"number": number})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.fields if name not in ("token", "why")}
        try:
            provision = actions.add_provision(
                campaign=request.viewer.campaign, treaty=found, **given, **made(request, form)
            )
        except Refused as refused:
            place(form, refused, by_words=forms.AT_PROVISION)
        else:
            messages.success(request, f"{provision.label} is part of the treaty.")
            return to_provision(request, provision)
    return page_of(request, "provision-form", form, treaty=found)


@member_required
def provision(request: Request, treaty: str, number: int) -> HttpResponse:
    found, today = get_provision(request, treaty, number), request.viewer.campaign.today
    context = {
        "here": "treaties",
        "provision": found,
        "treaty": found.treaty,
        "exemption": exemption_of(found, today),
        "uses": recorded(found),
        "token": form_token(),
    }
    return render(request, "khitomer/provision.html", context)


@gm_required
def provision_edit(request: Request, treaty: str, number: int) -> HttpResponse:
    found = get_provision(request, treaty, number)
    names = [name for name in forms.EditProvisionForm.base_fields if name not in ("token", "why")]
    initial = {name: getattr(found, name) for name in names}
    form = forms.EditProvisionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in names}
        try:
            changed = actions.edit_provision(
                campaign=request.viewer.campaign, provision=found, **given, **made(request, form)
            )
        except Refused as refused:
            place(form, refused, by_words=forms.AT_PROVISION)
        else:
            return to_provision(request, found, changed)
    return page_of(request, "provision-form", form, treaty=found.treaty, provision=found)


@gm_required
def use_new(request: Request, treaty: str, number: int) -> HttpResponse:
    campaign, found = request.viewer.campaign, get_provision(request, treaty, number)
    form = forms.UseForm(request.POST or None, campaign=campaign, initial={"on": campaign.today})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("power", "on", "note")}
        try:
            changed = actions.record_use(campaign=campaign, provision=found, **given, **made(request, form))
        except Refused as refused:
            place(form, refused, otherwise="on")
        else:
            return to_provision(request, found, changed)
    return page_of(request, "use-form", form, treaty=found.treaty, provision=found)


@gm_required
@require_POST
def use_strike(request: Request, treaty: str, number: int, pk: int) -> HttpResponse:
    found = get_provision(request, treaty, number)
    if sent_before(request):
        return to_provision(request, found)
    use = get_object_or_404(found.uses.select_related("power", "provision__treaty"), pk=pk)
    changed = actions.strike_use(campaign=request.viewer.campaign, use=use, **pressed(request))
    return to_provision(request, found, changed)


@gm_required
def reservation_new(request: Request, treaty: str, number: int) -> HttpResponse:
    campaign, found = request.viewer.campaign, get_provision(request, treaty, number)
    form = forms.ReservationForm(request.POST or None, campaign=campaign, initial={"on": campaign.today})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("power", "on")}
        try:
            changed = actions.make_reservation(
                campaign=campaign, provision=found, **given, **made(request, form)
            )
        except Refused as refused:
            place(form, refused, otherwise="on")
        else:
            return to_provision(request, found, changed)
    return page_of(request, "reservation-form", form, treaty=found.treaty, provision=found)


@gm_required
def reservation_end(request: Request, treaty: str, number: int, pk: int) -> HttpResponse:
    campaign, found = request.viewer.campaign, get_provision(request, treaty, number)
    reservation = get_object_or_404(found.reservations.select_related("power", "provision__treaty"), pk=pk)
    form = forms.EndReservationForm(request.POST or None, initial={"on": campaign.today})
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        try:
            changed = actions.end_reservation(
                campaign=campaign, reservation=reservation, on=on, **made(request, form)
            )
        except Refused as refused:
            place(form, refused, otherwise="on")
        else:
            return to_provision(request, found, changed)
    context = {"treaty": found.treaty, "provision": found, "reservation": reservation}
    return page_of(request, "reservation-form", form, **context)


# What the views share


def get_treaty(request: Request, slug: str, *with_it: str) -> Treaty:
    """The treaty of the viewer's campaign with this slug, or the one 404."""
    return get_object_or_404(request.viewer.campaign.treaties.prefetch_related(*with_it), slug=slug)


def get_provision(request: Request, slug: str, number: int) -> Provision:
    """A provision of a treaty of the viewer's campaign, or the one 404."""
    provisions = get_treaty(request, slug).provisions.select_related("treaty")
    return get_object_or_404(provisions.prefetch_related("uses__power", "reservations__power"), number=number)


def asked_power(request: Request) -> Any:
    """The power that the address names with `?power=`, so that its form begins with it."""
    slug = request.GET.get("power")
    return request.viewer.campaign.powers.filter(slug=slug).first() if slug else None


def sent_before(request: Request) -> bool:
    """Whether the ledger has this post already: what it struck is gone, and it was right to be."""
    token = request.POST.get("token", "")
    return bool(token) and request.viewer.campaign.ledger.filter(source=f"gm:{token}").exists()


def to_treaty(request: Request, treaty: Treaty, changed: Any = None) -> HttpResponse:
    said(request, changed)
    return redirect_to(request, "treaty", campaign=request.viewer.campaign.slug, treaty=treaty.slug)


def to_provision(request: Request, provision: Provision, changed: Any = None) -> HttpResponse:
    said(request, changed)
    campaign, treaty = request.viewer.campaign.slug, provision.treaty.slug
    return redirect_to(request, "provision", campaign=campaign, treaty=treaty, number=provision.number)


def page_of(request: Request, page: str, form: Any, **more: Any) -> HttpResponse:
    """A page around a form of the treaties."""
    return form_page(request, f"khitomer/{page}.html", form, here="treaties", token=form_token(), **more)
