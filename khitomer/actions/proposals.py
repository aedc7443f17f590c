"""Pages that players write, until the GM approves them or returns them with an answer.

A proposal has no address in the archive, and nobody looks whether its name is taken before the GM does: a refusal would
tell its author of a page that they cannot see.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from khitomer.actions import activity, archive, disclosures
from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.markup import render
from khitomer.models import (
    ActivityKind,
    Audience,
    Campaign,
    Entry,
    Kind,
    Membership,
    Power,
    Proposal,
    ProposalState,
    Role,
    Secret,
    User,
)

MOST_OPEN = 20
"""How many proposals of one member may wait at once."""


def propose(
    *, by: Membership, kind: str | Kind, name: str, text: str, entry: Entry | None = None, now: datetime
) -> Proposal:
    """A page for the GM to approve; with `entry`, a rewriting of one that this member wrote. `Refused` when too many
    wait already."""
    with transaction.atomic():
        campaign = lock(by.campaign)
        if entry is not None and (entry.written_by_id != by.pk or entry.deleted_at is not None):
            raise Refused("That page is not yours to rewrite")
        _room(by)
        proposal = Proposal.objects.create(
            campaign=campaign,
            by=by,
            entry=entry,
            kind=archive.kind_of(campaign, kind),
            name=name.strip(),
            text=text,
            text_html=render(text, field="text"),
            at=now,
        )
        _tell_gm(proposal, now)
    return proposal


def edit(*, proposal: Proposal, kind: str | Kind, name: str, text: str, now: datetime) -> Proposal:
    """Write a proposal anew while it is not approved. One that was returned waits for the GM again."""
    with transaction.atomic():
        campaign = lock(proposal.campaign)
        row = _unsettled(proposal)
        if row.state == ProposalState.RETURNED:
            _room(row.by)
            _tell_gm(row, now)
        row.kind, row.name, row.text = archive.kind_of(campaign, kind), name.strip(), text
        row.text_html = render(text, field="text")
        row.state, row.answer, row.answered_at, row.at = ProposalState.OPEN, "", None, now
        row.save()
    return row


def withdraw(*, proposal: Proposal) -> None:
    """Take a proposal back, while it is not approved; taking it back twice is as good as once."""
    with transaction.atomic():
        lock(proposal.campaign)
        if Proposal.objects.filter(pk=proposal.pk).exists():
            _unsettled(proposal).delete()


def approve(
    *,
    proposal: Proposal,
    name: str,
    audience: Audience = Audience.GM,
    powers: Iterable[Power] = (),
    persons: Iterable[Membership] = (),
    read: str = "",
    began: str = "",
    by: User,
    now: datetime,
) -> Entry:
    """Put the page into the archive under this name, for an audience that covers its author; or write the page anew
    that it rewrites, for the audience that the page has.

    `read` is the text as the GM read it, and `began` what the page to be rewritten was then, or what stood in there
    for its author. `Refused` when the proposal was answered or changed meanwhile, when the name is taken, and when the
    author is left out.
    """
    with transaction.atomic():
        campaign = lock(proposal.campaign)
        row = _open(proposal)
        if read and read != mark_of(row):
            raise Refused("Its author wrote it anew meanwhile", allowed="Read it again, then decide")
        if row.entry is None:
            entry = _enter(campaign, row, name, audience, powers, persons, by, now)
        else:
            entry = _rewrite(row, name, began, by, now)
        row.entry, row.state, row.answered_at = entry, ProposalState.APPROVED, now
        row.save(update_fields=["entry", "state", "answered_at"])
        _tell_author(row, ActivityKind.TAKEN_UP, disclosures.path_of(entry), now)
    return entry


def send_back(*, proposal: Proposal, answer: str, read: str = "", now: datetime) -> Proposal:
    """Return a proposal to its author with an answer. They may write it anew."""
    with transaction.atomic():
        lock(proposal.campaign)
        row = _open(proposal)
        if read and read != mark_of(row):
            raise Refused("Its author wrote it anew meanwhile", allowed="Read it again, then decide")
        row.state, row.answer, row.answered_at = ProposalState.RETURNED, answer.strip(), now
        row.save(update_fields=["state", "answer", "answered_at"])
        _tell_author(row, ActivityKind.SENT_BACK, path_of(row), now)
    return row


def mark_of(proposal: Proposal) -> str:
    """What tells one writing of a proposal from the next."""
    return proposal.at.isoformat()


def path_of(proposal: Proposal) -> str:
    return reverse("proposal", kwargs={"campaign": proposal.campaign.slug, "token": proposal.token})


def _enter(
    campaign: Campaign,
    row: Proposal,
    name: str,
    audience: Audience,
    powers: Iterable[Power],
    persons: Iterable[Membership],
    by: User,
    now: datetime,
) -> Entry:
    told = disclosures.to_whom(campaign=campaign, audience=audience, powers=powers, persons=persons)
    runs_it = row.by.role in (Role.GM, Role.CO_GM)
    if not runs_it and not told.reaches(row.by):
        raise Refused(
            f"{row.by.user}, who wrote it, could not see the page",
            field="audience",
            allowed="Name them or their power among those who may know",
        )
    entry = archive.add_entry(
        campaign=campaign,
        kind=row.kind,
        name=name,
        text=row.text,
        audience=told.audience,
        powers=told.powers,
        persons=told.persons,
        by=by,
        now=now,
    )
    entry.written_by = row.by
    entry.save(update_fields=["written_by"])
    return entry


def _rewrite(row: Proposal, name: str, began: str, by: User, now: datetime) -> Entry:
    entry = row.entry
    assert entry is not None
    _, instead = text_read(row)
    if instead is not None:  # what the author reads there is rewritten, and never the page's own text
        told = disclosures.told_of(instead)
        archive.edit_secret(
            secret=instead,
            text=row.text,
            audience=told.audience,
            powers=told.powers,
            persons=told.persons,
            false=instead.false,
            stands_in=True,
            began=began,
            by=by,
            now=now,
        )
        return entry
    told = disclosures.told_of(entry)
    return archive.edit_entry(
        entry=entry,
        kind=row.kind,
        name=name,
        text=row.text,
        audience=told.audience,
        powers=told.powers,
        persons=told.persons,
        began=began,
        by=by,
        now=now,
    )


def text_read(proposal: Proposal) -> tuple[str, Secret | None]:
    """What the author of a rewriting reads on the page as it is, and the secret that stands in there for them."""
    entry = proposal.entry
    if entry is None:
        return "", None
    rows = entry.secrets.filter(deleted_at=None).in_place_of_text().with_audience()
    instead = next((row for row in rows if disclosures.told_of(row).reaches(proposal.by)), None)
    return (instead.text if instead else entry.text), instead


def _room(by: Membership) -> None:
    waiting = Proposal.objects.filter(by=by, state=ProposalState.OPEN).count()
    if waiting >= MOST_OPEN:
        raise Refused(
            f"{MOST_OPEN} pages of yours wait for the GM already",
            allowed="Wait for an answer, or take one of them back",
        )


def _unsettled(proposal: Proposal) -> Proposal:
    row = Proposal.objects.filter(pk=proposal.pk).first()
    if row is None:
        raise Refused("It was taken back meanwhile")
    if row.state == ProposalState.APPROVED:
        raise Refused("It is approved already, and stands in the archive")
    return row


def _open(proposal: Proposal) -> Proposal:
    row = _unsettled(proposal)
    if row.state != ProposalState.OPEN:
        raise Refused("It was returned already", allowed="Its author may write it anew")
    return row


def _tell_gm(row: Proposal, now: datetime) -> None:
    activity.record(
        campaign=row.campaign,
        kind=ActivityKind.PROPOSED,
        now=now,
        by=row.by.user,
        path=path_of(row),
        audience=Audience.GM,
    )


def _tell_author(row: Proposal, kind: ActivityKind, path: str, now: datetime) -> None:
    activity.record(campaign=row.campaign, kind=kind, now=now, path=path, persons=[row.by], powers=[])
