"""Handouts: the GM's list and pages, what players were shown of it, and the sheet that is printed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from khitomer import sheets
from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.actions import disclosures, meanwhile, once, pictures
from khitomer.actions import handouts as actions
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.handouts import WithPicture
from khitomer.forms.pictures import read
from khitomer.htmx import redirect_to
from khitomer.models import DAYS_IN_BIN, Disclosure, Handout
from khitomer.sheets import SheetKind, answers, kind_of, sheet_of
from khitomer.sheets.copies import copies_of, copy_for
from khitomer.sheets.written import address_of, texts_of
from khitomer.views.pictures import picture_page
from khitomer.views.posting import form_page


@member_required
def handouts(request: Request) -> HttpResponse:
    viewer = request.viewer
    found = viewer.campaign.handouts.visible_to(viewer).select_related("picture").defer("text", "text_html")
    context: dict[str, Any] = {"here": "handouts"}
    if viewer.is_gm:
        binned = viewer.campaign.handouts.in_bin().defer("text", "text_html")
        made = [(row, kind_of(row.kind).label) for row in found.with_audience()]
        context |= {"made": made, "binned": binned, "days": DAYS_IN_BIN}
    else:
        shown = shown_to(viewer)
        rows = [(handout, shown.get(handout.pk)) for handout in found]
        context["shown"] = sorted(
            rows, key=lambda row: (row[1].at, row[1].pk) if row[1] else (), reverse=True
        )
    return render(request, "khitomer/handouts.html", context)


def shown_to(viewer: Viewer) -> dict[int, Disclosure]:
    """By handout, the latest disclosure through which this member knows of it."""
    found = viewer.campaign.disclosures.in_force().reaching(viewer.membership).filter(handout__isnull=False)
    return {row.handout_id: row for row in found.select_related("session").order_by("at", "pk")}


@gm_required
@require_safe
def handout_new(request: Request) -> HttpResponse:
    """What can be made, by its heading."""
    groups = [
        (group, [kind for kind in sheets.KINDS.values() if kind.group == group]) for group in sheets.GROUPS
    ]
    context = {"here": "handouts", "groups": [(group, kinds) for group, kinds in groups if kinds]}
    return render(request, "khitomer/handout-kinds.html", context)


@gm_required
def handout_make(request: Request, kind: str) -> HttpResponse:
    """The form of one kind; what an address gives of its fields stands in it already."""
    chosen = sheets.KINDS.get(kind)
    if chosen is None:
        raise Http404
    form = form_of(request, chosen, initial=request.GET.dict())
    picture = WithPicture(request.POST or None, request.FILES or None) if chosen.written else None
    if request.method == "POST" and form.is_valid() and (picture is None or picture.is_valid()):
        try:
            return redirect_to(request, made(request, chosen, form, picture))
        except Refused as refused:
            refuse(picture if picture and refused.field == "file" else form, refused)
    return page_of(request, form, kind=chosen, picture=picture)


def made(request: Request, kind: SheetKind, form: Any, picture: WithPicture | None) -> str:
    """Make the handout, once however often the form is sent; gives the address of its page."""
    by, given = request.viewer.user, form.cleaned_data
    file = picture.cleaned_data["file"] if picture else None
    # Before anything is locked: a large picture takes its time.
    drawn = pictures.draw(read(file)) if file else None
    with once.sending(token=given["token"], session=request.session, by=by) as sent:
        if not sent.earlier:
            handout = actions.add_handout(
                campaign=request.viewer.campaign,
                kind=kind.key,
                sealed=kind.sealed,
                **asked(request, kind, form),
                picture=drawn,
                alt=picture.cleaned_data["alt"] if picture else "",
                by=by,
                now=timezone.now(),
            )
            sent.to = disclosures.path_of(handout)
            messages.success(request, f"“{handout}” is made. You alone see it until you show it.")
    return sent.to


def asked(request: Request, kind: SheetKind, form: Any) -> dict[str, Any]:
    """What a form of a handout was given, as the actions take it."""
    named = {name: form.cleaned_data[name] for name in ("audience", "powers", "persons")}
    meant = disclosures.to_whom(campaign=request.viewer.campaign, **named)
    return {**form.given(), "meant": meant, "written": kind.written}


@member_required
def handout(request: Request, handout: str) -> HttpResponse:
    return handout_page(request, get_handout(request.viewer, handout))


@gm_required
def handout_edit(request: Request, handout: str) -> HttpResponse:
    found = get_handout(request.viewer, handout)
    kind = kind_of(found.kind)
    form = form_of(request, kind, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_handout(
                handout=found,
                **asked(request, kind, form),
                began=form.cleaned_data["began"],
                by=request.viewer.user,
                now=timezone.now(),
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, "The handout is written anew.")
            return redirect_to(request, disclosures.path_of(found))
    return page_of(request, form, kind=kind, handout=found)


def form_of(request: Request, kind: SheetKind, initial: dict[str, Any]) -> Any:
    return kind.form(request.POST or None, campaign=request.viewer.campaign, initial=initial)


def initial_of(handout: Handout) -> dict[str, Any]:
    """A handout as its form shows it."""
    return {
        **actions.as_written(handout),
        "began": meanwhile.began(handout, *actions.WRITTEN),
        "audience": handout.meant,
        "powers": list(handout.meant_powers.values_list("pk", flat=True)),
        "persons": list(handout.meant_persons.values_list("pk", flat=True)),
    }


@gm_required
def handout_picture(request: Request, handout: str) -> HttpResponse:
    found = get_handout(request.viewer, handout)
    crumbs = {"here": "handouts", "section": "Handouts", "section_name": "handouts"}
    return picture_page(request, found, disclosures.path_of(found), **crumbs)


@gm_required
@require_POST
def handout_throw_away(request: Request, handout: str) -> HttpResponse:
    found = get_handout(request.viewer, handout)
    actions.throw_away(handout=found, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"“{found}” is in the bin, below, for {DAYS_IN_BIN} days.")
    return redirect_to(request, "handouts", campaign=request.viewer.campaign.slug)


@gm_required
@require_POST
def handout_take_out(request: Request, handout: str) -> HttpResponse:
    found = get_object_or_404(request.viewer.campaign.handouts.all(), slug=handout)
    actions.take_out(handout=found, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"“{found}” is out of the bin, and seen by whoever saw it before.")
    return redirect_to(request, disclosures.path_of(found))


# On paper


@member_required
def handout_print(request: Request, handout: str) -> HttpResponse:
    """The handout as a page that prints from the browser; for a GM, whichever reader's copy they ask for."""
    return answers.on_screen(request, sheet(request, get_handout(request.viewer, handout)))


@member_required
def handout_pdf(request: Request, handout: str) -> HttpResponse:
    """The same page as a PDF."""
    return answers.as_pdf(request, sheet(request, get_handout(request.viewer, handout)))


def sheet(request: Request, handout: Handout) -> answers.Page:
    """The handout drawn for one reader: nothing of whom else it was made for, and when."""
    viewer = request.viewer
    copies = copies_of(viewer, handout) if viewer.is_gm else []
    token = request.GET.get("for") or (copies[0].token if copies else "")
    copy = copy_for(viewer, token)
    kind = kind_of(handout.kind)
    drawn = kind.draw(copy.eyes, sheet_of(handout))
    where = {"campaign": viewer.campaign.slug, "handout": handout.slug}
    return answers.Page(
        name=handout.title,
        template=kind.template if drawn else "print/nothing.html",
        context={"handout": handout, **(drawn.context if drawn else {})},
        pictures=drawn.pictures if drawn else {},
        back=reverse("handout", kwargs=where),
        pdf=reverse("handout-pdf", kwargs=where),
        file=kind.key if kind.key != "page" else "handout",
        turn=kind.turn,
        cut=kind.cut,
        backs=kind.backs,
        single=kind.single,
        copy=copy,
        copies=copies,
        handout=handout.slug,
    )


# What the views share


def get_handout(viewer: Viewer, slug: str) -> Handout:
    """The handout at this address, if this viewer was shown it; otherwise the one 404."""
    return get_object_or_404(
        viewer.campaign.handouts.visible_to(viewer).select_related("picture", "campaign"), slug=slug
    )


def handout_page(request: Request, handout: Handout) -> HttpResponse:
    viewer, kind = request.viewer, kind_of(handout.kind)
    # What is not a written page is drawn for its reader alone: a player reads its words on the sheet, or not at all.
    drawn = kind.draw(viewer, sheet_of(handout)) if kind.written else None
    context: dict[str, Any] = {
        "here": "handouts",
        "handout": handout,
        "kind": kind,
        "picture_url": address_of(handout.picture) if handout.picture else "",
        **(drawn.context if drawn else {}),
    }
    if viewer.is_gm:
        if not kind.written:
            (context["text"],) = texts_of(viewer, [handout.text_html])
        given = viewer.campaign.disclosures.of(handout)
        context["given"] = given.select_related("power", "person__user", "session")
        context["printed"] = handout.printed.out().select_related("session")
        context["meant"] = disclosures.meant_of(handout)
    else:
        context["shown"] = shown_to(viewer).get(handout.pk)
    return render(request, "khitomer/handout.html", context)


def page_of(request: Request, form: Any, **more: Any) -> HttpResponse:
    """The page around the form of a handout."""
    return form_page(request, "khitomer/handout-form.html", form, here="handouts", **more)
