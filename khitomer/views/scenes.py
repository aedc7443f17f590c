"""Scenes of an evening and what is staged in them: the GM's alone."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from khitomer import evening
from khitomer.access import Request, gm_required
from khitomer.actions import meanwhile, once
from khitomer.actions import scenes as actions
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.fields import as_key
from khitomer.forms.sessions import EditSceneForm, SceneForm, StageForm
from khitomer.htmx import page_or_part, redirect_to
from khitomer.models import Audience, Scene, StagedReveal
from khitomer.views.linking import linked
from khitomer.views.posting import form_page, returned, sent
from khitomer.views.sessions import (
    get_session,
    moved_to,
    part_page,
    ran,
    run_page,
    to_plan,
    to_session,
)


@gm_required
def scene_new(request: Request, number: int) -> HttpResponse:
    session, viewer = get_session(request, number), request.viewer
    form = SceneForm(sent(request), campaign=viewer.campaign)
    if form.is_valid():
        try:
            with once.sending(
                token=form.cleaned_data["token"], session=request.session, by=viewer.user
            ) as earlier:
                if not earlier.earlier:
                    actions.add_scene(session=session, **form.given(), by=viewer.user, now=timezone.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            return to_plan(request, session, "#scenes")
    return part_page(request, session, form, "A new scene", "Add the scene")


@gm_required
def scene_edit(request: Request, number: int, pk: int) -> HttpResponse:
    scene = get_scene(request, number, pk)
    initial = {"title": scene.title, "text": scene.text, "entries": scene.entries.filter(deleted_at=None)}
    initial["began"] = meanwhile.began(scene, *actions.WRITTEN)
    form = EditSceneForm(sent(request), campaign=request.viewer.campaign, initial=initial)
    if form.is_valid():
        try:
            actions.edit_scene(scene=scene, **form.given(), by=request.viewer.user, now=timezone.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            return to_plan(request, scene.session, f"#scene-{scene.pk}")
    return part_page(request, scene.session, form, f"Edit “{scene.title}”", "Keep the changes")


@gm_required
@require_POST
def scene_done(request: Request, number: int, pk: int) -> HttpResponse:
    scene, done = get_scene(request, number, pk), request.POST.get("done", "1") == "1"
    actions.tick_scene(scene=scene, done=done, by=request.viewer.user, now=timezone.now())
    if ran(request):
        return run_page(request, scene.session) if request.htmx else to_session(request, scene.session)
    return to_plan(request, scene.session, f"#scene-{scene.pk}")


@gm_required
@require_POST
def scene_move(request: Request, number: int, pk: int) -> HttpResponse:
    scene = get_scene(request, number, pk)
    actions.move_scene(scene=scene, to=moved_to(request), by=request.viewer.user, now=timezone.now())
    return to_plan(request, scene.session, f"#scene-{scene.pk}")


@gm_required
@require_POST
def scene_remove(request: Request, number: int, pk: int) -> HttpResponse:
    scene = get_scene(request, number, pk)
    actions.remove_scene(scene=scene, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"The scene “{scene.title}” is taken away.")
    return to_plan(request, scene.session, "#scenes")


@gm_required
@require_safe
def scene_entry(request: Request, number: int, pk: int, entry: str) -> HttpResponse:
    """A page of the archive to be read where the scene names it; without htmx, the page itself."""
    viewer, scene = request.viewer, get_scene(request, number, pk)
    found = get_object_or_404(scene.entries.filter(deleted_at=None), slug=entry)
    if not request.htmx:
        return redirect_to(request, "entry", campaign=viewer.campaign.slug, entry=found.slug)
    secrets = list(found.secrets.visible_to(viewer).with_audience())
    text, *told = linked(viewer, [found.text_html, *(secret.text_html for secret in secrets)])
    context = {"entry": found, "text": text, "secrets": list(zip(secrets, told, strict=True))}
    return render(request, "khitomer/session/run.html#peek", context)


# Staging


@gm_required
def scene_stage(request: Request, number: int, pk: int) -> HttpResponse:
    """Find by name what this scene may disclose."""
    scene, words = get_scene(request, number, pk), request.GET.get("q", "").strip()[:80]
    found = evening.stageable(request.viewer, words)
    context = {"here": "sessions", "session": scene.session, "scene": scene, "words": words, "found": found}
    return page_or_part(request, "khitomer/session/stage-find.html", context, part="found")


@gm_required
def stage(request: Request, sort: str, pk: int) -> HttpResponse:
    """Have one thing ready to be disclosed at the table, from the thing's own page or for a scene."""
    viewer = request.viewer
    thing = evening.thing_of(viewer, sort, pk) if as_key(pk) else None
    if thing is None:
        raise Http404
    scene = as_key(request.GET.get("scene", ""))
    form = StageForm(
        sent(request), campaign=viewer.campaign, initial={"audience": Audience.ALL, "scene": scene}
    )
    if form.is_valid():
        try:
            return redirect_to(request, staged(request, thing, form))
        except Refused as refused:
            refuse(form, refused)
    context = {"here": "sessions", "name": evening.name_of(thing), "back": evening.address_of(thing)}
    return form_page(request, "khitomer/session/stage.html", form, **context)


def staged(request: Request, thing: Any, form: StageForm) -> str:
    """Stage it, once however often the form is sent; gives the address of the evening's page."""
    viewer, token = request.viewer, form.cleaned_data["token"]
    with once.sending(token=token, session=request.session, by=viewer.user) as earlier:
        if not earlier.earlier:
            row = actions.stage(
                campaign=viewer.campaign, thing=thing, **form.given(), by=viewer.user, now=timezone.now()
            )
            where = {"campaign": viewer.campaign.slug, "number": row.scene.session.number}
            earlier.to = f"{reverse('session-plan', kwargs=where)}#scene-{row.scene_id}"
            messages.success(request, f"“{evening.name_of(thing)}” waits in “{row.scene}”.")
    return earlier.to


@gm_required
@require_POST
def reveal(request: Request, number: int, pk: int, reveal: int) -> HttpResponse:
    """Disclose what is staged, or (`do` is "undo") take that back."""
    row = get_staged(request, number, pk, reveal)
    act = actions.take_back if request.POST.get("do") == "undo" else actions.show
    act(staged=row, by=request.viewer.user, now=timezone.now())
    if request.POST.get("from") == "desk":
        return returned(request, "session", number=number)
    if ran(request):
        if request.htmx:
            return run_page(request, row.scene.session)
        return to_session(request, row.scene.session, f"?scene={row.scene_id}")
    return to_plan(request, row.scene.session, f"#scene-{row.scene_id}")


@gm_required
@require_POST
def reveal_remove(request: Request, number: int, pk: int, reveal: int) -> HttpResponse:
    row = get_staged(request, number, pk, reveal)
    actions.unstage(staged=row, by=request.viewer.user, now=timezone.now())
    return to_plan(request, row.scene.session, f"#scene-{row.scene_id}")


# What the views share


def get_scene(request: Request, number: int, pk: int) -> Scene:
    session = get_session(request, number)
    scene = get_object_or_404(session.scenes, pk=key_or_404(pk))
    scene.session = session
    return scene


def get_staged(request: Request, number: int, pk: int, reveal: int) -> StagedReveal:
    scene = get_scene(request, number, pk)
    row = get_object_or_404(scene.reveals, pk=key_or_404(reveal))
    row.scene = scene
    return row


def key_or_404(pk: int) -> int:
    """A key that a database can be asked about."""
    key = as_key(pk)
    if key is None:
        raise Http404
    return key
