"""Pages that players write for the archive: theirs and the GM's to read, until they are approved."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.actions import once, versions
from khitomer.actions import proposals as actions
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.proposals import AnswerForm, ApproveForm, ProposalForm, RewritingForm
from khitomer.htmx import redirect_to
from khitomer.models import Audience, Entry, Proposal, ProposalState
from khitomer.rules.differences import compared, in_paragraphs
from khitomer.views.linking import linked
from khitomer.views.posting import form_page, sent


@member_required
def proposals(request: Request) -> HttpResponse:
    rows = list(mine(request.viewer).defer("text", "text_html"))
    context = {
        "here": "archive",
        "waiting": [row for row in rows if row.state == ProposalState.OPEN],
        "answered": [row for row in rows if row.state != ProposalState.OPEN],
        "most": actions.MOST_OPEN,
    }
    return render(request, "khitomer/archive/proposals.html", context)


@member_required
def proposal_new(request: Request) -> HttpResponse:
    viewer = player(request.viewer)
    entry = rewritten(viewer, request.GET.get("entry", ""))
    initial = {"name": entry.name, "kind": entry.kind.key, "text": read_by(viewer, entry)} if entry else {}
    form = ProposalForm(sent(request), viewer=viewer, also=entry and entry.kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_to(request, proposed(request, form, entry))
        except Refused as refused:
            refuse(form, refused)
    return form_page(request, "khitomer/archive/proposal-form.html", form, here="archive", entry=entry)


def proposed(request: Request, form: ProposalForm, entry: Entry | None) -> str:
    """Propose it, once however often the form is sent; gives the address of its page."""
    token, viewer = form.cleaned_data["token"], request.viewer
    with once.sending(token=token, session=request.session, by=viewer.user) as done:
        if not done.earlier:
            row = actions.propose(by=viewer.membership, **form.given(), entry=entry, now=timezone.now())
            done.to = actions.path_of(row)
            messages.success(request, "The GM has it. Until it is approved you may still change it.")
    return done.to


@member_required
def proposal(request: Request, token: UUID) -> HttpResponse:
    return proposal_page(request, get_proposal(request.viewer, token))


@member_required
def proposal_edit(request: Request, token: UUID) -> HttpResponse:
    viewer = player(request.viewer)
    found = get_proposal(viewer, token)
    initial = {"name": found.name, "kind": found.kind.key, "text": found.text}
    form = ProposalForm(sent(request), viewer=viewer, also=found.kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(proposal=found, **form.given(), now=timezone.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, "It is written anew, and waits for the GM.")
            return redirect_to(request, actions.path_of(found))
    return form_page(request, "khitomer/archive/proposal-form.html", form, here="archive", proposal=found)


@member_required
@require_POST
def proposal_withdraw(request: Request, token: UUID) -> HttpResponse:
    actions.withdraw(proposal=get_proposal(player(request.viewer), token))
    messages.success(request, "It is taken back.")
    return redirect_to(request, "proposals", campaign=request.viewer.campaign.slug)


@gm_required
@require_POST
def proposal_approve(request: Request, token: UUID) -> HttpResponse:
    found = get_proposal(request.viewer, token)
    form = approval(request, found, request.POST)
    if form.is_valid():
        try:
            given = form.given()
            entry = actions.approve(proposal=found, **given, by=request.viewer.user, now=timezone.now())
        except versions.Meanwhile:
            form.data = form.data.copy()
            form.data["began"] = began(found)
            refuse(form, Refused("The page was written anew meanwhile", allowed="Compare again, then decide"))
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"{entry.name} is in the archive, and {found.by.user} hears of it.")
            return redirect_to(request, "entry", campaign=request.viewer.campaign.slug, entry=entry.slug)
    return proposal_page(request, found, approve=form)


@gm_required
@require_POST
def proposal_return(request: Request, token: UUID) -> HttpResponse:
    found, form = get_proposal(request.viewer, token), AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.send_back(proposal=found, **form.cleaned_data, now=timezone.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"It goes back to {found.by.user} with your answer.")
            return redirect_to(request, "proposals", campaign=request.viewer.campaign.slug)
    return proposal_page(request, found, answer=form)


# What the views share


def player(viewer: Viewer) -> Viewer:
    """The viewer, if they are one who proposes; the GM writes into the archive at once."""
    if viewer.is_gm:
        raise Http404
    return viewer


def mine(viewer: Viewer) -> Any:
    """The proposals this viewer may read: a player's own, all for the GM."""
    return viewer.campaign.proposals.visible_to(viewer).select_related(
        "by__user", "by__power", "kind", "entry"
    )


def get_proposal(viewer: Viewer, token: UUID) -> Proposal:
    return get_object_or_404(mine(viewer), token=token)


def rewritten(viewer: Viewer, slug: str) -> Entry | None:
    """The page to be rewritten, which this member wrote and sees, or None where none is named; a 404 for others."""
    if not slug:
        return None
    entries = viewer.campaign.entries.visible_to(viewer).select_related("kind")
    return get_object_or_404(entries, slug=slug, written_by=viewer.membership)


def read_by(viewer: Viewer, entry: Entry) -> str:
    """The text that this member reads on the page: a rewriting begins with that and with no other."""
    instead = entry.secrets.visible_to(viewer).in_place_of_text().first()
    return instead.text if instead else entry.text


def approval(request: Request, found: Proposal, data: Any = None) -> Any:
    """The form that approves it, beginning with its name and with its author among those who may know."""
    initial = {"name": found.name, "read": actions.mark_of(found)}
    if found.entry:
        return RewritingForm(data, initial={**initial, "began": began(found)})
    initial |= {"audience": Audience.POWERS, "persons": [found.by.pk]}
    return ApproveForm(data, campaign=request.viewer.campaign, initial=initial)


def began(found: Proposal) -> str:
    """What the GM compares it with: the page, or what its author reads there instead."""
    return versions.began(actions.text_read(found)[1] or found.entry) if found.entry else ""


def proposal_page(
    request: Request, found: Proposal, *, approve: Any = None, answer: Any = None
) -> HttpResponse:
    viewer, entry = request.viewer, found.entry
    context: dict[str, Any] = {
        "here": "archive",
        "proposal": found,
        "text": linked(viewer, [found.text_html])[0],
        "is_open": found.state == ProposalState.OPEN,
        "is_approved": found.state == ProposalState.APPROVED,
        "its_page": its_page(viewer, entry),
    }
    if viewer.is_gm and context["is_open"]:
        context["approve"] = approve or approval(request, found)
        context["answer"] = answer or AnswerForm(initial={"read": actions.mark_of(found)})
        if entry:
            text, context["instead"] = actions.text_read(found)
            context["paragraphs"] = in_paragraphs(compared(text, found.text))
    status = 422 if approve or answer else 200
    return render(request, "khitomer/archive/proposal.html", context, status=status)


def its_page(viewer: Viewer, entry: Entry | None) -> str:
    """The address of the page that it rewrites or became, if this viewer sees that."""
    if entry is None or not viewer.campaign.entries.visible_to(viewer).filter(pk=entry.pk).exists():
        return ""
    return reverse("entry", kwargs={"campaign": viewer.campaign.slug, "entry": entry.slug})
