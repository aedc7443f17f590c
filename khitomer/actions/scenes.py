"""Scenes: what the GM has ready for an evening, and what each may disclose at one press.

Nobody else knows of any of it before something is disclosed, so nothing here is told to the activity.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from khitomer.actions import disclosures, meanwhile, ordering
from khitomer.actions.disclosures import Thing, Told
from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.markup import render
from khitomer.models import (
    Audience,
    Campaign,
    Disclosure,
    Entry,
    Membership,
    Power,
    Scene,
    Secret,
    Session,
    SessionState,
    StagedReveal,
    User,
)


def add_scene(
    *, session: Session, title: str, text: str = "", entries: Iterable[Entry] = (), by: User, now: datetime
) -> Scene:
    """One more scene, at the end. `text` is Markdown; `entries` are pages of the archive to have at hand."""
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        scene = Scene.objects.create(
            session=row,
            position=ordering.last_of(row.scenes) + 1,
            title=title.strip(),
            text=text,
            text_html=render(text, field="text"),
        )
        scene.entries.set(entries)
    return scene


WRITTEN = ("title", "text", "entries")
"""What the form of a scene writes."""


def edit_scene(
    *,
    scene: Scene,
    title: str,
    text: str,
    entries: Iterable[Entry],
    began: str = "",
    by: User,
    now: datetime,
) -> Scene:
    """Write a scene anew. `Refused` where somebody took it away meanwhile, `Meanwhile` where they wrote it."""
    with transaction.atomic():
        row = _held(scene)
        meanwhile.unchanged(row, began, *WRITTEN)
        row.title, row.text, row.text_html = title.strip(), text, render(text, field="text")
        row.save(update_fields=["title", "text", "text_html"])
        row.entries.set(entries)
    return row


def tick_scene(*, scene: Scene, done: bool, by: User, now: datetime) -> Scene:
    """Mark a scene as done, or as not done after all; ticking twice is as good as once."""
    with transaction.atomic():
        row = _held(scene)
        if (row.done_at is not None) != done:
            row.done_at = now if done else None
            row.save(update_fields=["done_at"])
    return row


def move_scene(*, scene: Scene, to: str, by: User, now: datetime) -> bool:
    """Move a scene "up", "down" or to a place counted from 1; gives whether it moved."""
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=scene.session_id)
        return ordering.move(row.scenes.all(), scene, to)


def remove_scene(*, scene: Scene, by: User, now: datetime) -> None:
    """Take a scene away, with what is staged in it; what it disclosed stays disclosed."""
    Scene.objects.filter(pk=scene.pk).delete()


# Staged reveals


def stage(
    *,
    campaign: Campaign,
    thing: Thing,
    scene: Scene | None,
    audience: Audience,
    powers: Iterable[Power] = (),
    persons: Iterable[Membership] = (),
    by: User,
    now: datetime,
) -> StagedReveal:
    """Have a thing ready to be disclosed in a scene, to those named; nobody is told of it yet.

    Without a scene it waits in the last one of the session in play, or of the next one planned. `Refused` where no
    session is planned, and for an audience that names nobody.
    """
    told = disclosures.to_whom(campaign=campaign, audience=audience, powers=powers, persons=persons)
    if told.audience == Audience.GM:
        raise Refused("Nobody would be told", field="audience", allowed="Choose who is to learn of it")
    with transaction.atomic():
        lock(campaign)
        where = scene or _waiting_scene(campaign, by=by, now=now)
        staged = StagedReveal(
            scene=where, position=ordering.last_of(where.reveals) + 1, audience=told.audience
        )
        setattr(staged, str(thing._meta.model_name), thing)
        staged.save()
        staged.powers.set(told.powers)
        staged.persons.set(told.persons)
    return staged


def unstage(*, staged: StagedReveal, by: User, now: datetime) -> None:
    """Have it ready no longer. What was disclosed by it stays disclosed."""
    StagedReveal.objects.filter(pk=staged.pk).delete()


def show(*, staged: StagedReveal, by: User, now: datetime) -> bool:
    """Disclose what is staged, a secret with its entry; gives whether this press did it.

    A second press, also one that arrives at the same time, changes nothing. `Refused` for what was thrown away.
    """
    with transaction.atomic():
        lock(staged.scene.session.campaign)
        row = _staged(staged)
        if row.done_at is not None:
            return False
        if is_binned(row.thing):
            raise Refused("It was thrown away", allowed="Take it out of the bin first")
        disclosures.reveal(thing=row.thing, to=told_of(row), with_entry=True, by=by, now=now)
        row.done_at = now
        row.save(update_fields=["done_at"])
    return True


def take_back(*, staged: StagedReveal, by: User, now: datetime) -> bool:
    """Undo a press: those who learned of the thing by it, and by it alone, are not told after all.

    The entry of a secret is closed again as well, unless another secret on it keeps it open. Gives whether there was
    anything to undo.
    """
    with transaction.atomic():
        lock(staged.scene.session.campaign)
        row = _staged(staged)
        if row.done_at is None:
            return False
        _restore(row.thing, row.done_at, by=by, now=now)
        if isinstance(row.thing, Secret):
            try:
                with transaction.atomic():
                    _restore(row.thing.entry, row.done_at, by=by, now=now)
            except Refused:  # somebody was told another secret on it meanwhile
                pass
        row.done_at = None
        row.save(update_fields=["done_at"])
    return True


def told_of(staged: StagedReveal) -> Told:
    """Whom a press would tell."""
    if staged.audience != Audience.POWERS:
        return Told(everyone=staged.audience == Audience.ALL)
    return Told(powers=frozenset(staged.powers.all()), persons=frozenset(staged.persons.all()))


def is_binned(thing: Any) -> bool:
    """Whether a thing, or the entry it is kept on, was thrown away."""
    entry = thing.entry if isinstance(thing, Secret) else thing
    return bool(getattr(thing, "deleted_at", None) or getattr(entry, "deleted_at", None))


def _restore(thing: Any, at: datetime, *, by: User, now: datetime) -> None:
    """Give a thing the audience that it had before what was disclosed of it at this moment."""
    rows = Disclosure.objects.of(thing).select_related("power", "person__power")
    new = [row for row in rows.in_force() if row.at == at]
    if not new:
        return
    now_told = disclosures.told_of(disclosures.again(thing))
    if now_told.everyone:
        # Those who knew before were counted among everyone, and their own disclosures ended with that press.
        new = [row for row in rows if row.taken_back_at == at]
        left = Told(
            powers=frozenset(row.power for row in new if row.power),
            persons=frozenset(row.person for row in new if row.person),
        )
    else:
        left = now_told.but_not(
            Told(
                powers=frozenset(row.power for row in new if row.power),
                persons=frozenset(row.person for row in new if row.person),
            )
        )
    disclosures.set_audience(thing=thing, to=left, by=by, now=now)


def _waiting_scene(campaign: Campaign, *, by: User, now: datetime) -> Scene:
    """The last scene that is not done of the session in play or else the next one planned; a new one if need be."""
    sessions = campaign.sessions.exclude(state=SessionState.CLOSED)
    found = sorted(sessions, key=lambda each: (each.state != SessionState.IN_PLAY, each.number))
    if not found:
        raise Refused("No session is planned", field="scene", allowed="Plan one, then stage it")
    scene = found[0].scenes.filter(done_at=None).last()
    return scene or add_scene(session=found[0], title="To be disclosed", by=by, now=now)


def _held(scene: Scene) -> Scene:
    row = Scene.objects.select_for_update().filter(pk=scene.pk).first()
    if row is None:
        raise Refused("Somebody has taken the scene away meanwhile")
    return row


def _staged(staged: StagedReveal) -> StagedReveal:
    row = StagedReveal.objects.filter(pk=staged.pk).first()
    if row is None:
        raise Refused("It is not staged any more")
    return row
