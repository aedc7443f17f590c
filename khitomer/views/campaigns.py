"""The start page, a campaign of one's own, and who belongs to it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from khitomer.access import Request, account_required, anonymous_allowed, gm_required, member_required
from khitomer.actions import campaign_settings, once
from khitomer.actions import campaigns as actions
from khitomer.drawing.codes import qr_code
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.campaigns import CampaignEditForm, CampaignForm, InvitationForm, MemberForm
from khitomer.htmx import redirect_to
from khitomer.models import Invitation, Membership, Role
from khitomer.rules import canon
from khitomer.rules.dates import StoryDate
from khitomer.views import doors

FIRST = "first-khitomer-accords"
ORDER = [Role.GM, Role.CO_GM, Role.PLAYER, Role.OBSERVER]


@anonymous_allowed
def home(request: Request) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "khitomer/landing.html", {**founders(), "may_sign_up": settings.OPEN_SIGN_UP})
    mine = request.user.memberships.select_related("campaign", "power").order_by("-joined_at", "-pk")
    return render(request, "khitomer/campaigns.html", {"memberships": mine})


def founders() -> dict[str, Any]:
    """The two founders' adherence to the First Accords, as the record has it: the picture of what Khitomer keeps."""
    record = canon.load()
    parties = [
        (
            power.name,
            power.short,
            power.colour,
            tuple((span.entered, span.left) for span in record.spans(power=power.key, treaty=FIRST)),
        )
        for power in record.founders(FIRST)
    ]
    return {
        "powers": record.powers,
        "parties": parties,
        "start": StoryDate(2290),
        "end": StoryDate(2380),
        "act": StoryDate(2372),
    }


@account_required
def campaign_new(request: Request) -> HttpResponse:
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_to(request, opened(request, form.cleaned_data))
        except Refused as refused:
            refuse(form, refused)
    return render(
        request, "khitomer/campaign-form.html", {"form": form}, status=422 if form.is_bound else 200
    )


def opened(request: Request, given: dict[str, Any]) -> str:
    """Open the campaign, once however often the form is sent; gives the address of its dashboard."""
    with once.sending(token=given["token"], session=request.session, by=request.user) as sent:
        if not sent.earlier:
            about = {name: given[name] for name in ("name", "starts", "summary")}
            campaign = actions.open_campaign(**about, by=request.user, now=timezone.now())
            sent.to = reverse("desk", kwargs={"campaign": campaign.slug})
            messages.success(request, f"{campaign} is open. Invite your players from the members’ page.")
            if ahead := campaign.futures.count():
                messages.success(
                    request, f"{waiting(ahead)}: settle them on the timeline as the story reaches them."
                )
    return sent.to


def waiting(ahead: int) -> str:
    """How much of canon waits, in words."""
    return f"{ahead} pieces of canon wait ahead" if ahead > 1 else "One piece of canon waits ahead"


@gm_required
def campaign_edit(request: Request) -> HttpResponse:
    campaign = request.viewer.campaign
    form = CampaignEditForm(
        request.POST or None,
        initial={name: getattr(campaign, name) for name in ("name", "summary", "time_zone")},
    )
    if request.method == "POST" and form.is_valid():
        campaign_settings.describe(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect_to(request, "members", campaign=campaign.slug)
    context = {"form": form, "here": "members"}
    return render(request, "khitomer/campaign-edit.html", context, status=422 if form.is_bound else 200)


@member_required
def members(request: Request) -> HttpResponse:
    viewer = request.viewer
    rows = viewer.campaign.memberships.select_related("user", "power")
    played = viewer.campaign.entries.visible_to(viewer).filter(players__isnull=False).distinct()
    context: dict[str, Any] = {
        "here": "members",
        "members": sorted(rows, key=lambda row: (ORDER.index(Role(row.role)), str(row.user).lower())),
        "characters": list(played),
    }
    if viewer.is_gm:
        opening = viewer.campaign.invitations.open(timezone.now())
        context["invitations"] = opening.select_related("power", "created_by").order_by("expires_at", "pk")
    return render(request, "khitomer/members.html", context)


@gm_required
def invite(request: Request) -> HttpResponse:
    campaign = request.viewer.campaign
    form = InvitationForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            return invited(request, form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
    context = {"form": form, "here": "members"}
    return render(request, "khitomer/invite.html", context, status=422 if form.is_bound else 200)


def invited(request: Request, given: dict[str, Any]) -> HttpResponse:
    """Make the invitation and show its link: the only time it is seen, for only its hash is kept."""
    campaign, now = request.viewer.campaign, timezone.now()
    with once.sending(token=given["token"], session=request.session, by=request.user) as sent:
        if sent.earlier:
            messages.error(
                request, "That invitation was made already, and its link shown. Revoke it, or make another."
            )
            return redirect_to(request, "members", campaign=campaign.slug)
        made, token = actions.invite(
            campaign=campaign,
            role=Role(given["role"]),
            power=given["power"],
            expires_at=now + timedelta(days=given["days"]),
            max_uses=given["uses"],
            by=request.user,
            now=now,
        )
    link = request.build_absolute_uri(reverse("invitation", args=[token]))
    context = {
        "made": made,
        "link": link,
        "qr": qr_code(link, "The invitation's link, to scan"),
        "here": "members",
    }
    response = render(request, "khitomer/invite.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


@gm_required
@require_POST
def invitation_revoke(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(request.viewer.campaign.invitations, pk=pk)
    actions.revoke(invitation=found, by=request.user, now=timezone.now())
    messages.success(request, "The invitation is revoked: its link opens nothing any more.")
    return redirect_to(request, "members", campaign=request.viewer.campaign.slug)


@gm_required
def member_edit(request: Request, pk: int) -> HttpResponse:
    member = member_of(request, pk)
    form = MemberForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            seated(request, member, form.cleaned_data)
            messages.success(request, f"{member.user} is seated anew.")
            return redirect_to(request, "members", campaign=request.viewer.campaign.slug)
        except Refused as refused:
            refuse(form, refused)
    context = {"form": form, "member": member, "here": "members"}
    return render(request, "khitomer/member-form.html", context, status=422 if form.is_bound else 200)


def seated(request: Request, member: Membership, given: dict[str, Any]) -> None:
    """Give a member their place and whom they play, both or neither."""
    made: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    with transaction.atomic():
        held = actions.change_member(
            membership=member, role=Role(given["role"]), power=given["power"], **made
        )
        actions.give_character(membership=held, character=given["character"], **made)


@gm_required
@require_POST
def member_remove(request: Request, pk: int) -> HttpResponse:
    member = member_of(request, pk)
    actions.remove_member(membership=member, by=request.user, now=timezone.now())
    messages.success(request, f"{member.user} has left the table. What they filed and cast stays on record.")
    return redirect_to(request, "members", campaign=request.viewer.campaign.slug)


def member_of(request: Request, pk: int) -> Membership:
    found: Membership = get_object_or_404(
        request.viewer.campaign.memberships.select_related("user", "power", "campaign"), pk=pk
    )
    return found


@anonymous_allowed
@require_GET
def invitation(request: Request, token: str) -> HttpResponse:
    """The link itself: it takes the token out of the address, and hands over to the door, which judges it.

    Whatever becomes of it is answered there, so that no page, no referrer and no warning in the log carries the token.
    """
    response = redirect_to(request, "invitation-door")
    doors.hold(response, token)
    response["Referrer-Policy"] = "no-referrer"
    return response


def closed_door(request: Request, refused: Refused | None = None) -> HttpResponse:
    """Why a link does not open: it did once, or it never was one. Either way the browser forgets it."""
    status = 410 if refused else 404
    response = render(
        request, "khitomer/invitation.html", {"closed": True, "refused": refused}, status=status
    )
    doors.let_go(response)
    return response


@anonymous_allowed
def invitation_door(request: Request) -> HttpResponse:
    """What the invitation offers; taken with the press of a button by whoever is signed in."""
    now, token = timezone.now(), doors.token_at_hand(request)
    try:
        found = actions.find_invitation(token, now)
        if found is None:
            return closed_door(request)
        if request.method == "POST" and request.user.is_authenticated:
            return accepted(request, token)
    except Refused as refused:
        return closed_door(request, refused)
    return render(request, "khitomer/invitation.html", {"invitation": found, **hosts(request, found)})


def accepted(request: Request, token: str) -> HttpResponse:
    """Take the seat, and forget the token."""
    member = actions.accept(token=token, user=request.user, now=timezone.now())
    messages.success(request, f"Welcome to {member.campaign}.")
    response = redirect_to(request, "desk", campaign=member.campaign.slug)
    doors.let_go(response)
    return response


def hosts(request: Request, found: Invitation) -> dict[str, Any]:
    """Who runs the table, and whether this person sits there already."""
    at_table = found.campaign.memberships
    return {
        "gm": at_table.select_related("user").get(role=Role.GM).user,
        "seated": request.user.is_authenticated and at_table.filter(user=request.user).exists(),
    }


@anonymous_allowed
def health(request: Request) -> HttpResponse:
    """Whether the house answers and its database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
