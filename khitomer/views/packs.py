"""Packs on their way: how far each is, cancelled, and fetched. What one is made of, who knows the occasion tells."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from khitomer.access import Request, member_required
from khitomer.actions import packs as actions
from khitomer.htmx import page_or_part, redirect_to
from khitomer.models import Pack, PackState


@member_required
@require_safe
def packs(request: Request) -> HttpResponse:
    """The packs that this member asked for, the latest first, and how far each is."""
    rows = [_row(pack) for pack in _mine(request)[:40]]
    context = {"here": "handouts", "packs": rows, "working": any(row["working"] for row in rows)}
    return page_or_part(request, "khitomer/packs.html", context, part="packs")


@member_required
@require_POST
def pack_cancel(request: Request, token: uuid.UUID) -> HttpResponse:
    """Stop making a pack."""
    pack = _pack(request, token)
    if actions.cancel(pack=pack, now=timezone.now()):
        messages.success(request, f"Cancelled: {pack}.")
    else:
        messages.info(request, f"It was over already: {pack}.")
    return redirect_to(request, "packs", campaign=request.viewer.campaign.slug)


@member_required
@require_safe
def pack_pdf(request: Request, token: uuid.UUID) -> HttpResponse:
    """The pack, for whoever asked for it, and for nobody else."""
    pack = _pack(request, token)
    data = actions.contents_of(pack=pack, member=request.viewer.membership, now=timezone.now())
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{pack.sort}-pack.pdf"'
    return response


def _mine(request: Request) -> Any:
    """Those that this member asked for; a GM who looks through somebody's eyes has none."""
    viewer = request.viewer
    return (
        viewer.campaign.packs.filter(by=viewer.membership)
        if not viewer.behind
        else viewer.campaign.packs.none()
    )


def _pack(request: Request, token: uuid.UUID) -> Pack:
    return get_object_or_404(_mine(request).select_related("campaign", "reader"), token=token)


def _row(pack: Pack) -> dict[str, Any]:
    silent = actions.is_silent(pack, timezone.now())
    return {
        "pack": pack,
        "silent": silent,
        "working": pack.state in actions.UNDER_WAY and not silent,
        "made": pack.state == PackState.DONE,
    }
