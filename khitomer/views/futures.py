"""Canon ahead: what it would change, and whether it happens, happens otherwise, or never."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from khitomer import records
from khitomer.access import Request, gm_required
from khitomer.actions import campaigns, chronicle, story
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.chronicle import AlterForm, SettleForm
from khitomer.htmx import redirect_to
from khitomer.models import Future, FutureState
from khitomer.rules import changes as rules
from khitomer.views.posting import sent


@gm_required
def future(request: Request, pk: int) -> HttpResponse:
    """A piece of canon ahead: what it would change, and whether it happens, happens otherwise, or never."""
    found = get_object_or_404(request.viewer.campaign.futures, pk=pk)
    planned = [rules.from_json(change) for change in found.changes]
    doing = request.POST.get("do", "")
    alter = alter_form(found, planned, sent(request) if doing == "alter" else None)
    settle = SettleForm(sent(request) if doing != "alter" else None)
    form = alter if doing == "alter" else settle
    if form.is_valid():
        try:
            settle_future(request, found, planned, doing, form)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"“{found.title}”: {found.get_state_display().lower()}.")
            return redirect_to(request, "timeline", campaign=found.campaign.slug)
    context = {"here": "timeline", "future": found, "alter": alter, "settle": settle}
    context |= foreseen(found, planned)
    return render(request, "khitomer/future.html", context, status=422 if form.errors else 200)


def settle_future(
    request: Request, future: Future, planned: list[rules.Change], doing: str, form: Any
) -> None:
    """Carry out what the GM chose for a piece of canon ahead."""
    given = form.cleaned_data
    common = {"future": future, "by": request.viewer.user, "now": timezone.now()}
    common |= {"token": given["token"], "why": given["why"]}
    if doing == "enact":
        campaigns.enact_future(**common)
    elif doing == "avert":
        campaigns.avert_future(**common)
    elif doing != "alter":
        raise Refused("Say whether it happens, happens otherwise, or never does")
    else:
        event = form.fields_of_event()
        told = tuple(sorted(power.slug for power in event.pop("told")))
        persons = story.names_of(event.pop("persons"))
        kept = [planned[int(index)] for index in given.get("keep", ())]
        instead = rules.AddEvent(**event, told=told, persons=persons)
        campaigns.alter_future(**common, changes=[instead, *kept])


def alter_form(future: Future, planned: list[rules.Change], post: QueryDict | None) -> AlterForm:
    """The form for what happens instead, begun from what canon says."""
    canon = next((change for change in planned if isinstance(change, rules.AddEvent)), None)
    initial = {"title": future.title, "on": future.on, "audience": "all", "text": canon.text if canon else ""}
    rest = [(str(index), words_for(change)) for index, change in enumerate(planned) if change is not canon]
    return AlterForm(post, campaign=future.campaign, consequences=rest, initial=initial, auto_id="instead_%s")


def words_for(change: rules.Change) -> str:
    """A planned change on a line of its own, without asking the state of the campaign."""
    match change:
        case rules.EnterTreaty():
            return f"{titled(change.power)} enters the {titled(change.treaty)}"
        case rules.LeaveTreaty():
            return f"{titled(change.power)} leaves the {titled(change.treaty)}"
        case rules.AddTreaty():
            return f"{change.name} signed"
        case rules.AddProvision():
            return f"Provision {change.number}: {change.title}"
        case rules.SetFate():
            return f"{titled(change.entry)}: {change.fate}"
        case rules.AbolishZone():
            return f"No longer a zone on the map: {titled(change.zone)}"
    return change.kind.capitalize()


def titled(slug: str) -> str:
    return slug.replace("-", " ").title()


def foreseen(future: Future, planned: list[rules.Change]) -> dict[str, Any]:
    """What enacting would do, step by step, or why it cannot be done; and what would no longer hold without it."""
    if future.state != FutureState.AHEAD:
        return {"steps": ()}
    campaign = future.campaign
    state = chronicle.load_state(campaign)
    found = records.compared(campaign, state=state)
    given = {
        "earlier": before(future),
        "why_lapsed": found.why_lapsed(future.canon_key),
        "resting": [each for each in found.events if future.canon_key in each.recorded.rests_on],
        "would_lapse": records.without(campaign, future.canon_key, state=state),
    }
    try:
        return given | {"steps": chronicle.preview(campaign, planned, state=state)}
    except Refused as refused:
        return given | {"steps": (), "refused": refused, "parts": possible(state, planned)}


def possible(state: rules.State, planned: list[rules.Change]) -> list[tuple[str, str]]:
    """Each of canon's changes in words, with why it can no longer be made; empty where it still can."""
    found = []
    for change in planned:
        try:
            step = change.step(state)
        except rules.Impossible as no:
            found.append((words_for(change), no.reason))
        else:
            state = step.state_after
            found.append((step.sentence, ""))
    return found


def before(future: Future) -> list[Future]:
    """What canon has before this one, and is not settled yet."""
    order = list(future.campaign.futures.filter(state=FutureState.AHEAD))
    return order[: order.index(future)]
