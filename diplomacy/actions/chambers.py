"""The links of the wall screens: made and revoked by the chair, and found again by their secret."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from diplomacy.actions.chairing import hold_as_chair
from diplomacy.models import ChamberLink, Conference
from khitomer import markup
from khitomer.errors import Refused
from khitomer.models import Membership, User

MOST = 20
"""Links of one conference that may be open at a time: walls are few."""


def make_link(*, conference: Conference, label: str, by: User, now: datetime) -> tuple[ChamberLink, str]:
    """A link for one screen and its secret, which is told this once: only its hash is kept.

    `Refused` for anyone but the chair, for a label past 60 letters, and past `MOST` open links.
    """
    label = label.strip()
    markup.check_length(label, limit=60, field="label")
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        conference = hold_as_chair(conference, by)
        if conference.chamber_links.filter(revoked_at=None).count() >= MOST:
            raise Refused(f"{MOST} links are open already", allowed="Revoke those that hang on no wall")
        link = conference.chamber_links.create(token_hash=_hash(token), label=label, made_by=by, made_at=now)
    return link, token


def revoke_link(*, link: ChamberLink, by: User, now: datetime) -> ChamberLink:
    """Close a link: what it shows is gone at the screen's next look. Revoked already, it stays so."""
    with transaction.atomic():
        hold_as_chair(link.conference, by)
        link = ChamberLink.objects.select_for_update().get(pk=link.pk)
        if link.revoked_at is None:
            link.revoked_at = now
            link.save(update_fields=["revoked_at"])
    return link


def find(token: str) -> Conference | None:
    """The conference that an open link shows.

    None for a link that is revoked or never was, and for one whose maker runs the campaign no longer.
    """
    rows = ChamberLink.objects.select_related(
        "conference__campaign", "conference__charter", "conference__treaty"
    )
    link = rows.filter(Exists(_still_runs()), token_hash=_hash(token), revoked_at=None).first()
    return link.conference if link else None


def with_makers(links: QuerySet[ChamberLink]) -> QuerySet[ChamberLink]:
    """The links, each told apart by `opens`: whether who made it still runs the campaign."""
    return links.select_related("made_by").annotate(opens=Exists(_still_runs()))


def _still_runs() -> QuerySet[Membership]:
    # Whoever is sent away may have kept the address; it must not outlive what let them make it.
    chairs = Membership.objects.gms()
    return chairs.filter(campaign=OuterRef("conference__campaign"), user=OuterRef("made_by"))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
