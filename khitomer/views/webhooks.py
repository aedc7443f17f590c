"""Where a campaign tells of what happens outside: the GM's page of webhooks."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required
from khitomer.actions import webhooks as actions
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.notices import USUAL_OUTSIDE, WebhookEditForm, WebhookForm
from khitomer.htmx import redirect_to
from khitomer.models import Webhook
from khitomer.rules.webhooks import masked
from khitomer.views.posting import form_page, sent


@gm_required
def webhooks(request: Request) -> HttpResponse:
    campaign = request.viewer.campaign
    form = WebhookForm(sent(request), campaign=campaign, initial={"kinds": USUAL_OUTSIDE})
    if form.is_valid():
        try:
            actions.add(campaign=campaign, by=request.viewer.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(
                request, "It is told of what happens from now on. Send a test to see that it works."
            )
            return redirect_to(request, "webhooks", campaign=campaign.slug)
    rows = [{"webhook": row, "shown": masked(row.url)} for row in campaign.webhooks.select_related("power")]
    return form_page(request, "khitomer/webhooks.html", form, rows=rows)


@gm_required
def webhook_edit(request: Request, pk: int) -> HttpResponse:
    webhook = one_of(request, pk)
    form = WebhookEditForm(sent(request), webhook=webhook)
    if form.is_valid():
        try:
            actions.change(webhook=webhook, by=request.viewer.user, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"“{form.cleaned_data['label']}” is as you said.")
            return redirect_to(request, "webhooks", campaign=request.viewer.campaign.slug)
    context: dict[str, Any] = {"webhook": webhook, "shown": masked(webhook.url)}
    return form_page(request, "khitomer/webhook-form.html", form, **context)


@gm_required
@require_POST
def webhook_test(request: Request, pk: int) -> HttpResponse:
    webhook = one_of(request, pk)
    try:
        actions.ask_for_a_test(webhook=webhook, by=request.viewer.user)
        messages.success(request, "A test is on its way. It should be in the channel in a few seconds.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect_to(request, "webhooks", campaign=request.viewer.campaign.slug)


@gm_required
@require_POST
def webhook_remove(request: Request, pk: int) -> HttpResponse:
    webhook = one_of(request, pk)
    actions.remove(webhook=webhook, by=request.viewer.user)
    messages.success(request, f"“{webhook}” is told nothing more.")
    return redirect_to(request, "webhooks", campaign=request.viewer.campaign.slug)


def one_of(request: Request, pk: int) -> Webhook:
    webhook: Webhook = get_object_or_404(request.viewer.campaign.webhooks.select_related("power"), pk=pk)
    return webhook
