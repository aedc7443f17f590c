"""Pictures: served to whoever may see something that bears them, given by the GM, and cut to a card."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.actions import pictures as actions
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.pictures import CropForm, UploadForm, read
from khitomer.htmx import redirect_to
from khitomer.models import Picture
from khitomer.views.archive import get_entry

SIZES = ("card", "screen", "whole")
"""What is served. The master is for paper, and has no address."""


@member_required
@require_safe
def picture(request: Request, token: uuid.UUID, size: str) -> HttpResponse:
    """The file, for whoever sees an entry or a handout that bears it. A browser keeps it, and asks again each time."""
    found = get_object_or_404(seen_by(request.viewer), token=token)
    if size not in SIZES:
        raise Http404
    file: FieldFile = getattr(found, size) or found.whole
    return handed_over(
        request,
        lambda: contents(file),
        made_of=str(file.name),
        name=f"picture-{size}.webp",
        content_type="image/webp",
    )


def handed_over(
    request: Request, make: Callable[[], bytes], *, made_of: str, name: str, content_type: str
) -> HttpResponse:
    """A picture, made only where the browser does not have it as it is by now: `made_of` says what it depends on."""
    etag = quote_etag(hashlib.sha256(made_of.encode()).hexdigest()[:32])
    answer = get_conditional_response(request, etag=etag) or HttpResponse(make(), content_type=content_type)
    answer["ETag"] = etag
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-cache"
    return answer


def seen_by(viewer: Viewer) -> QuerySet[Picture]:
    """The pictures of what this viewer may know of."""
    campaign = viewer.campaign
    bearing = (
        Exists(things.visible_to(viewer).filter(picture=OuterRef("pk")))
        for things in (campaign.entries, campaign.handouts)
    )
    entries, handouts = bearing
    return campaign.pictures.filter(entries | handouts)


def contents(file: FieldFile) -> bytes:
    """The bytes of a kept file; 404 where the disk has lost it."""
    try:
        with file.open("rb") as kept:
            data: bytes = kept.read()
    except FileNotFoundError:
        raise Http404 from None
    return data


@gm_required
def entry_picture(request: Request, entry: str) -> HttpResponse:
    found = get_entry(request.viewer, entry)
    where = reverse("entry", kwargs={"campaign": request.viewer.campaign.slug, "entry": found.slug})
    crumbs = {"here": "archive", "section": "Archive", "section_name": "archive"}
    return picture_page(request, found, where, **crumbs)


# What entries and handouts share


def picture_page(request: Request, bearer: Any, where: str, **context: Any) -> HttpResponse:
    """The picture of something: given, cut, or taken away, as the `step` that was posted says."""
    step, found = request.POST.get("step", ""), bearer.picture
    form, crop = UploadForm(), CropForm(initial=square_of(found)) if found else None
    if request.method == "POST":
        if step == "remove":
            if found:
                actions.remove_picture(picture=found, by=request.viewer.user)
            messages.success(request, "It has no picture any more.")
            return redirect_to(request, where)
        if step == "crop" and found:
            crop = CropForm(request.POST)
            if cropped(request, found, crop):
                return redirect_to(request, where)
        else:
            form = UploadForm(request.POST, request.FILES)
            if given(request, bearer, form):
                return redirect_to(request, request.path)
    context |= {"bearer": bearer, "picture": found, "form": form, "crop": crop, "back": where}
    status = 422 if request.method == "POST" else 200
    return render(request, "khitomer/picture-form.html", context, status=status)


def given(request: Request, bearer: Any, form: UploadForm) -> bool:
    """Whether the picture that was sent is now the thing's; the form has what is wrong with it."""
    if not form.is_valid():
        return False
    data, alt = read(form.cleaned_data["file"]), form.cleaned_data["alt"]
    try:
        actions.give_picture(to=bearer, data=data, alt=alt, by=request.viewer.user, now=timezone.now())
    except Refused as refused:
        refuse(form, refused)
        return False
    messages.success(request, "The picture is kept. Choose which square of it stands on lists.")
    return True


def cropped(request: Request, picture: Picture, form: CropForm) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.crop_picture(picture=picture, **form.cleaned_data, by=request.viewer.user)
    except Refused as refused:
        refuse(form, refused)
        return False
    messages.success(request, "The picture is cut.")
    return True


def square_of(picture: Picture) -> dict[str, Any]:
    return {name: getattr(picture, name) for name in CropForm.base_fields}
