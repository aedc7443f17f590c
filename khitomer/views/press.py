"""How one prints, chosen beside any sheet; and the GM's record of what is out on paper."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, account_required, gm_required
from khitomer.actions import press as actions
from khitomer.errors import Refused
from khitomer.forms.fields import as_key
from khitomer.forms.press import NoteForm, PressForm
from khitomer.htmx import local, redirect_to
from khitomer.models import User
from khitomer.sheets.answers import press_of
from khitomer.sheets.copies import copy_for


@account_required
@require_POST
def press(request: Request) -> HttpResponse:
    """Remember how this person prints, and show the sheet anew."""
    assert isinstance(request.user, User)
    form = PressForm(request.POST)
    if form.is_valid():
        asked = set(request.POST.getlist("asked"))
        actions.remember(user=request.user, press=form.chosen(press_of(request.user), asked))
    return redirect_to(request, local(request.POST.get("next", "")) or reverse("home"))


@gm_required
def printed(request: Request) -> HttpResponse:
    """What is out on paper, by whom it was given to, and what came back."""
    rows = request.viewer.campaign.printed.select_related("handout", "session", "by")
    context = {
        "here": "handouts",
        "out": rows.out().filter(kept_by_gm=False).order_by("given_to", "title", "-at"),
        "kept": rows.out().filter(kept_by_gm=True)[:50],
        "back": rows.exclude(withdrawn_at=None).order_by("-withdrawn_at")[:50],
    }
    return render(request, "khitomer/printed.html", context)


@gm_required
@require_POST
def printed_note(request: Request) -> HttpResponse:
    """Put on record that a sheet was printed and given, and show it on their screens where that is asked for."""
    viewer = request.viewer
    form = NoteForm(request.POST)
    back = local(request.POST.get("next", "")) or reverse("printed", args=[viewer.campaign.slug])
    if not form.is_valid():
        messages.error(request, "Nothing was noted: " + " ".join(form.mistakes()))
        return redirect_to(request, back)
    given = form.cleaned_data
    try:
        row = actions.note_printed(
            campaign=viewer.campaign,
            title=given["title"],
            to=copy_for(viewer, given["to"]).told,
            path=local(given["path"]),
            handout=viewer.campaign.handouts.visible_to(viewer).filter(slug=given["handout"]).first(),
            copies=given["copies"],
            show=given["show"],
            by=viewer.user,
            now=timezone.now(),
        )
    except Refused as refused:
        messages.error(request, f"Nothing was noted: {refused}")
        return redirect_to(request, back)
    messages.success(request, f"Noted: {row.copies} × {row}.")
    return redirect_to(request, back)


@gm_required
@require_POST
def printed_withdraw(request: Request) -> HttpResponse:
    """Note that some of it came back."""
    keys = [key for key in map(as_key, request.POST.getlist("printed")[:500]) if key]
    number = actions.withdraw(
        campaign=request.viewer.campaign, printed=keys, by=request.viewer.user, now=timezone.now()
    )
    words = {0: "Nothing was chosen that is still out.", 1: "One sheet is back."}
    messages.success(request, words.get(number, f"{number} sheets are back."))
    return redirect_to(request, "printed", campaign=request.viewer.campaign.slug)
