"""Opening a campaign, letting people in and out, and deciding what becomes of canon ahead."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from itertools import count

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.text import slugify

from khitomer.actions import activity, chronicle, disclosures, joining, opening
from khitomer.errors import Refused
from khitomer.models import (
    ActivityKind,
    Campaign,
    Change,
    Entry,
    EntryKind,
    Future,
    Invitation,
    Membership,
    Power,
    Removal,
    Role,
    User,
)
from khitomer.rules import canon
from khitomer.rules import changes as rules
from khitomer.rules.dates import StoryDate

MOST_USES = 50
"""How often one invitation may be made to serve."""


# Opening


def open_campaign(
    *, name: str, slug: str | None = None, starts: StoryDate, by: User, now: datetime, summary: str = ""
) -> Campaign:
    """A new campaign with its GM, filled with canon as it stood on the start date; later canon waits as futures.

    The address is `slug`, or made from the name, with a number where it is taken. `Refused` for a name that is empty
    or too long, and for a `slug` that is taken.
    """
    name = name.strip()
    if not name:
        raise Refused("The campaign has no name", field="name")
    for text, most, field in ((name, 80, "name"), (summary, 200, "summary"), (slug or "", 80, "slug")):
        if len(text) > most:
            raise Refused(
                f"The {field} has {len(text)} characters", field=field, allowed=f"The limit is {most}"
            )
    record = canon.load()
    with transaction.atomic():
        campaign = _create(
            Campaign(name=name, summary=summary, starts=starts, today=starts, created_at=now), slug
        )
        Membership.objects.create(campaign=campaign, user=by, role=Role.GM, joined_at=now)
        opening.copy(campaign, record)
    return campaign


def _create(campaign: Campaign, slug: str | None) -> Campaign:
    """Save under the first address that is free. The database says which is: two may ask at the same time."""
    wanted = slug or slugify(campaign.name)[:70].strip("-") or "campaign"
    for number in count(1):
        campaign.slug = wanted if number == 1 else f"{wanted}-{number}"
        if Campaign.objects.filter(slug=campaign.slug).exists() and not slug:
            continue
        try:
            with transaction.atomic():
                campaign.save(force_insert=True)
        except IntegrityError:
            if slug:
                raise Refused(f"The address “{slug}” is taken", field="slug") from None
        else:
            break
    return campaign


# Letting people in


def invite(
    *,
    campaign: Campaign,
    role: Role,
    power: Power | None = None,
    expires_at: datetime,
    max_uses: int = 1,
    by: User,
    now: datetime,
) -> tuple[Invitation, str]:
    """An invitation and the secret token of its link, which is told this once: only its hash is kept.

    `Refused` for what cannot be given, and for whoever runs the campaign no longer.
    """
    _check_role(campaign, role, power)
    if expires_at <= now:
        raise Refused(
            "The invitation would have expired already", field="expires_at", allowed="Give a later time"
        )
    if not 1 <= max_uses <= MOST_USES:
        raise Refused(
            f"An invitation cannot serve {max_uses} times", field="max_uses", allowed=f"Give 1 to {MOST_USES}"
        )
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        # Held, so that whoever is put out at this moment made the link before, and it is revoked, or makes none.
        chronicle.lock(campaign)
        if not campaign.memberships.gms().filter(user=by).exists():
            raise Refused("Only who runs the campaign invites to it")
        invitation = Invitation.objects.create(
            campaign=campaign,
            token_hash=_hash(token),
            role=role,
            power=power,
            created_by=by,
            created_at=now,
            expires_at=expires_at,
            max_uses=max_uses,
        )
    return invitation, token


def _check_role(campaign: Campaign, role: Role, power: Power | None) -> None:
    if role == Role.GM:
        raise Refused("A campaign has one GM", field="role", allowed="A co-GM may do the same")
    if role == Role.PLAYER and power is None:
        raise Refused("A player speaks for a power", field="power", allowed="Choose the power")
    if role != Role.PLAYER and power is not None:
        raise Refused(
            "Only a player speaks for a power",
            field="power",
            allowed="Choose no power, or the role of player",
        )
    if power is not None and power.campaign_id != campaign.pk:
        raise Refused("That power is of another campaign", field="power")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_invitation(token: str, now: datetime) -> Invitation | None:
    """The invitation behind a link, or None when there is none. `Refused` when it no longer serves, saying why."""
    invitation = (
        Invitation.objects.select_related("campaign", "power").filter(token_hash=_hash(token)).first()
    )
    if invitation is not None:
        _check_serves(invitation, now)
    return invitation


def _check_serves(invitation: Invitation, now: datetime) -> None:
    ask = "Ask the GM for another"
    if invitation.revoked_at is not None:
        raise Refused("This invitation was withdrawn", allowed=ask)
    if invitation.expires_at <= now:
        ended = invitation.expires_at
        raise Refused(f"This invitation expired on {ended.day} {ended:%B %Y}", allowed=ask)
    if invitation.uses >= invitation.max_uses:
        raise Refused("This invitation has been used up", allowed=ask)


def accept(*, token: str, user: User, now: datetime) -> Membership:
    """Join by an invitation. The use is counted under a lock, so that no race lets in one too many.

    `Refused` when there is no such invitation, when it no longer serves, to members, whose visit spends no use, and
    to whoever was removed from the campaign since it was made: to come back takes an invitation made after that.
    """
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("campaign", "power")
            .filter(token_hash=_hash(token))
            .first()
        )
        if invitation is None:
            raise Refused("There is no such invitation", allowed="Check the link, or ask the GM for another")
        if Membership.objects.filter(campaign=invitation.campaign, user=user).exists():
            raise _already_in(invitation.campaign)
        _check_serves(invitation, now)
        _check_not_put_out(invitation, user)
        try:
            with transaction.atomic():
                membership = Membership.objects.create(
                    campaign=invitation.campaign,
                    user=user,
                    role=invitation.role,
                    power=invitation.power,
                    joined_at=now,
                )
        except IntegrityError:  # by another invitation, at the same moment
            raise _already_in(invitation.campaign) from None
        Invitation.objects.filter(pk=invitation.pk).update(uses=F("uses") + 1)
        arrived, page = (
            (ActivityKind.JOINED, "powers") if invitation.power else (ActivityKind.ARRIVED, "members")
        )
        path = reverse(page, args=[invitation.campaign.slug])
        activity.record(
            campaign=invitation.campaign,
            kind=arrived,
            now=now,
            power=invitation.power,
            by=user,
            path=path,
        )
        joining.welcome(membership)
    return membership


def _check_not_put_out(invitation: Invitation, user: User) -> None:
    since = Removal.objects.filter(campaign=invitation.campaign_id, user=user, at__gte=invitation.created_at)
    if since.exists():
        raise Refused(
            "This invitation was made before you were removed from the campaign",
            allowed="Ask the GM for another",
        )


def _already_in(campaign: Campaign) -> Refused:
    return Refused(f"You are a member of {campaign.name} already")


def revoke(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Let an invitation serve no more. Whoever came in by it stays; revoking it twice is as good as once."""
    Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=now)
    invitation.refresh_from_db(fields=["revoked_at"])


# Members


def remove_member(*, membership: Membership, by: User, now: datetime) -> None:
    """End a membership; the seats it held fall to the GM. `Refused` for the GM, whose campaign it is.

    The links that this person made open no more, and no link made before now lets them in again.
    """
    if membership.role == Role.GM:
        raise Refused("The GM cannot be removed from the campaign")
    with transaction.atomic():
        chronicle.lock(membership.campaign)
        # Found by person, not by row: a change of role a moment ago gave the membership another row.
        held = membership.campaign.memberships.filter(user=membership.user_id).exclude(role=Role.GM)
        for each in held:
            joining.let_go(each)
        held.delete()
        _revoke_all(membership, now)
        Removal.objects.update_or_create(
            campaign=membership.campaign, user=membership.user, defaults={"at": now}
        )


def _revoke_all(membership: Membership, now: datetime) -> None:
    """Every link that this person made into the campaign serves no more."""
    made = Invitation.objects.filter(campaign=membership.campaign_id, created_by=membership.user_id)
    made.filter(revoked_at=None).update(revoked_at=now)


def change_member(
    *, membership: Membership, role: Role, power: Power | None, by: User, now: datetime
) -> Membership:
    """Give a member another role or power, and return the membership as it then is.

    Seats held for the old power fall to the GM, and the links of who is a co-GM no more open no longer. `Refused` for
    the GM, for whoever was removed meanwhile, and for a role and power that do not agree.
    """
    if membership.role == Role.GM:
        raise Refused("The GM's own role cannot be changed")
    _check_role(membership.campaign, role, power)
    with transaction.atomic():
        # Looked at again: a change must not bring back somebody who was removed a moment ago.
        chronicle.lock(membership.campaign)
        held = Membership.objects.filter(pk=membership.pk).first()
        if held is None:
            raise Refused(f"{membership.user} is a member no longer")
        if (held.role, held.power_id) == (role, power and power.pk):
            return held
        # What hung on speaking for the old power lets go; what this person was told, or wrote, stays theirs.
        joining.let_go(held)
        if held.role == Role.CO_GM:
            _revoke_all(held, now)
        held.role, held.power = role, power
        held.save(update_fields=["role", "power"])
        joining.welcome(held)
    return held


def give_character(*, membership: Membership, character: Entry | None, by: User, now: datetime) -> Membership:
    """Say which page of the archive is on whom a member plays; none for nobody.

    `Refused` for a page on anything but a person, and for one of another archive or in the bin.
    """
    campaign = membership.campaign
    if character is not None and (
        character.campaign_id != campaign.pk
        or character.deleted_at is not None
        or character.kind.key != EntryKind.PERSON
    ):
        raise Refused("A member plays a person of this archive", field="character")
    with transaction.atomic():
        chronicle.lock(campaign)
        campaign.memberships.filter(pk=membership.pk).update(character=character)
    membership.character = character
    return membership


# Canon ahead


def enact_future(*, future: Future, by: User, now: datetime, token: str, why: str = "") -> list[Change]:
    """Let a piece of canon happen as it is on record; whom its event brings into the story joins the archive."""
    planned = [rules.from_json(change) for change in future.changes]
    with transaction.atomic():
        rows = _settle(future, "enacted", planned, by=by, now=now, token=token, why=why)
        introduce(future, by, now)
    return rows


def alter_future(
    *, future: Future, changes: Sequence[rules.Change], by: User, now: datetime, token: str, why: str = ""
) -> list[Change]:
    """Let something else happen instead: these changes."""
    return _settle(future, "altered", changes, by=by, now=now, token=token, why=why)


def avert_future(*, future: Future, by: User, now: datetime, token: str, why: str = "") -> list[Change]:
    """Let a piece of canon never happen."""
    return _settle(future, "averted", (), by=by, now=now, token=token, why=why)


def _settle(
    future: Future,
    state: rules.FutureState,
    changes: Sequence[rules.Change],
    *,
    by: User,
    now: datetime,
    token: str,
    why: str,
) -> list[Change]:
    # Settled first, so that a second attempt is told that it is settled and not of some clash of its parts.
    settled = rules.SettleFuture(canon_key=future.canon_key, state=state)
    rows = chronicle.apply(
        campaign=future.campaign,
        changes=[settled, *changes],
        by=by,
        why=why,
        source=f"future:{token}",
        story_date=future.on,
        now=now,
    )
    future.refresh_from_db(fields=["state"])
    return rows


def introduce(future: Future, by: User, now: datetime) -> None:
    """Give whom a piece of canon brings into the story a page in the archive, unless they have one."""
    campaign = future.campaign
    known = set(Entry.objects.filter(campaign=campaign).values_list("slug", flat=True))
    kinds = {kind.key: kind for kind in campaign.kinds.all()}
    rows = Entry.objects.bulk_create(
        opening.entry_row(campaign, entry, kinds, future.on)
        for entry in opening.newcomers(canon.load(), future.canon_key)
        if entry.key not in known
    )
    for row in rows:
        disclosures.keep_record(row, by=by, now=now)
