"""Ways to keep something from the Klingons' player, one for each sort of thing there is: what the tests of leaks go by.

Each is called with the campaign, a number that no other call has, and whom the thing is for: "gm", "romulan" or
"romulan's player".
"""

from collections.abc import Callable

from diplomacy.models import Exhibit, Minute, MinuteKind, Motion, Offer, OfferState
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.actions import activity, chronicle, disclosures, mentions
from khitomer.models import (
    ActivityKind,
    Audience,
    Campaign,
    Clock,
    Entry,
    LogKind,
    LogLine,
    Membership,
    NameList,
    Recap,
    Secret,
    Session,
    User,
    Version,
)
from khitomer.rules import changes
from khitomer.rules.dates import StoryDate
from tests import factories, parley_rows

OTHERS = ("gm", "romulan", "romulan's player")
"""For whom something may be that the Klingons' player is not told."""


def keep_from_the_klingons(row, whom: str) -> None:
    """Open a row to the GM alone, to the Romulans, or to their player."""
    campaign = disclosures.campaign_of(row)
    to = disclosures.Told()
    if whom == "romulan":
        to = disclosures.Told(powers=frozenset(campaign.powers.filter(slug="romulan")))
    elif whom == "romulan's player":
        to = disclosures.Told(persons=frozenset(campaign.memberships.filter(power__slug="romulan")))
    disclosures.set_audience(thing=row, to=to, by=None, now=factories.NOW)


def known_entry(campaign: Campaign) -> Entry:
    """A page that everyone may read."""
    return campaign.entries.filter(audience=Audience.ALL, deleted_at=None).order_by("pk").first()


def evening(campaign: Campaign) -> Session:
    return campaign.sessions.order_by("number").first()


def romulan(campaign: Campaign) -> Membership:
    return campaign.memberships.get(power__slug="romulan")


# The archive


def an_entry(campaign, number, whom):
    entry = factories.make_entry(campaign, f"Hidden {number}", audience=Audience.GM, text="[[Pardek]] knows.")
    keep_from_the_klingons(entry, whom)
    mentions.note(source=entry)
    tag = campaign.tags.create(slug=f"hidden-{number}", name=f"Hidden {number}")
    entry.tags.add(tag)
    entry.aliases.create(name=f"Pardek {number}")
    content = {"text": "As it was."}
    Version.objects.create(
        entry=entry, revision=1, content=content, at=factories.NOW, story_date=campaign.today
    )


def a_namesake(campaign, number, whom):
    """A hidden page that answers to the name of one that everyone knows."""
    entry = factories.make_entry(campaign, f"Namesake {number}", audience=Audience.GM)
    entry.aliases.create(name="Pardek")
    keep_from_the_klingons(entry, whom)


def a_part(campaign, number, whom):
    """A hidden page inside one that everyone knows."""
    entry = factories.make_entry(
        campaign, f"Hidden room {number}", audience=Audience.GM, parent=known_entry(campaign)
    )
    keep_from_the_klingons(entry, whom)


def a_page_of_a_kind(campaign, number, whom):
    """The first page of a kind of which nobody else sees one."""
    fields = [{"key": "yield", "label": "Yield", "sort": "text"}]
    kind, _ = campaign.kinds.get_or_create(
        key="weapon", defaults={"name": "Weapon", "plural": "Weapons", "position": 9, "fields": fields}
    )
    values = {"yield": f"Hidden {number}"}
    entry = factories.make_entry(
        campaign, f"Hidden weapon {number}", kind="weapon", audience=Audience.GM, values=values
    )
    assert entry.kind == kind
    keep_from_the_klingons(entry, whom)


def a_picture(campaign, number, whom):
    entry = factories.make_entry(campaign, f"Hidden face {number}", kind="person", audience=Audience.GM)
    keep_from_the_klingons(entry, whom)
    picture = campaign.pictures.create(
        whole="pictures/none.webp", card="pictures/none.webp", width=64, height=48, alt=f"Hidden {number}"
    )
    Entry.objects.filter(pk=entry.pk).update(picture=picture)


def a_secret(campaign, number, whom):
    secret = factories.make_secret(known_entry(campaign), f"Hidden {number}, see [[Pardek]].")
    keep_from_the_klingons(secret, whom)
    mentions.note(source=secret)


def a_stand_in(campaign, number, whom):
    """Others read another text on a page that everyone knows."""
    secret = factories.make_secret(known_entry(campaign), f"Hidden {number}", stands_in=True, false=True)
    keep_from_the_klingons(secret, whom)


def a_secret_taken_back(campaign, number, whom):
    """The Klingons knew it once."""
    everyone = campaign.powers.get(slug="klingon")
    secret = factories.make_secret(known_entry(campaign), f"Hidden {number}", told=[everyone])
    keep_from_the_klingons(secret, whom)


def something_thrown_away(campaign, number, whom):
    entry = factories.make_entry(campaign, f"Hidden {number}", audience=Audience.ALL)
    Entry.objects.filter(pk=entry.pk).update(deleted_at=factories.NOW)
    campaign.activity.filter(path__endswith=f"/{entry.slug}/").delete()


def a_secret_thrown_away(campaign, number, whom):
    secret = factories.make_secret(known_entry(campaign), f"Hidden {number}", audience=Audience.ALL)
    Secret.objects.filter(pk=secret.pk).update(deleted_at=factories.NOW)


def a_proposal(campaign, number, whom):
    campaign.proposals.create(
        by=romulan(campaign),
        kind=campaign.kinds.get(key="note"),
        name=f"Hidden {number}",
        text="Hidden.",
        entry=known_entry(campaign) if number % 2 else None,
    )


def a_handout(campaign, number, whom):
    handout = campaign.handouts.create(
        slug=f"hidden-{number}",
        title=f"Hidden {number}",
        text="[[Pardek]]",
        text_html="<p>[[Pardek]]</p>",
        created_at=factories.NOW,
    )
    mentions.note(source=handout)
    keep_from_the_klingons(handout, whom)


# The chronicle


def an_event(campaign, number, whom):
    event = factories.make_event(
        campaign, f"Hidden {number}", audience=Audience.GM, on=StoryDate.parse("2378-12"), text="[[Pardek]]."
    )
    mentions.note(source=event)
    keep_from_the_klingons(event, whom)


def a_clock(campaign, number, whom):
    keep_from_the_klingons(factories.make_clock(campaign, f"Hidden {number}", audience=Audience.GM), whom)


def a_tick_of_a_hidden_clock(campaign, number, whom):
    clock = Clock.objects.get(campaign=campaign, slug="hidden-face")
    size = 4 + number % 9
    Clock.objects.filter(pk=clock.pk).update(size=size, filled=number % size, note=f"Hidden {number}")


def a_future(campaign, number, whom):
    campaign.futures.create(
        canon_key=f"hidden-{number}", on=StoryDate.parse("2379"), title=f"Hidden {number}"
    )


def a_fate(campaign, number, whom):
    """What became of a hidden page, by the ledger."""
    entry = factories.make_entry(campaign, f"Hidden fate {number}", audience=Audience.GM)
    keep_from_the_klingons(entry, whom)
    chronicle.apply(
        campaign=campaign,
        changes=[changes.SetFate(entry=entry.slug, fate="lost")],
        by=None,
        why="Hidden.",
        source=f"gm:hidden-{number}",
        now=factories.NOW,
    )


def a_place_on_the_map(campaign, number, whom):
    entry = factories.make_entry(campaign, f"Hidden world {number}", kind="place", audience=Audience.GM)
    keep_from_the_klingons(entry, whom)
    campaign.map_positions.create(sort="entry", slug=entry.slug, x=number % 1000, y=500)


# Evenings


def a_scene(campaign, number, whom):
    scene = evening(campaign).scenes.create(position=number + 10, title=f"Hidden {number}")
    scene.entries.add(known_entry(campaign))
    scene.reveals.create(entry=known_entry(campaign))


def a_note(campaign, number, whom):
    session = evening(campaign)
    session.agenda.update(gm_note=f"Hidden {number}")
    session.gm_notes, session.gm_notes_html = f"Hidden {number}", "<p>[[Pardek]]</p>"
    session.save(update_fields=["gm_notes", "gm_notes_html"])
    mentions.note(source=session)


def a_line_of_the_log(campaign, number, whom):
    line = LogLine.objects.create(
        session=evening(campaign),
        at=factories.NOW,
        kind=LogKind.NOTE,
        text=f"Hidden {number}",
        by=campaign.memberships.get(role="gm"),
    )
    if whom != "gm":
        line.audience = Audience.POWERS
        line.save()
        line.powers.set(campaign.powers.filter(slug="romulan"))


def a_recap(campaign, number, whom):
    recap = Recap.objects.create(
        session=evening(campaign), text=f"Hidden {number}", published_at=factories.NOW
    )
    recap.powers.set(campaign.powers.filter(slug="romulan"))
    Recap.objects.filter(pk=recap.pk).update(audience=Audience.POWERS)


def a_draft_of_a_recap(campaign, number, whom):
    """It will be for the Klingons, once it is published."""
    recap = Recap.objects.create(session=evening(campaign), text=f"Hidden {number}")
    recap.powers.set(campaign.powers.filter(slug="klingon"))
    Recap.objects.filter(pk=recap.pk).update(audience=Audience.POWERS)


def a_name(campaign, number, whom):
    names, _ = NameList.objects.get_or_create(campaign=campaign, title="Hidden")
    names.names.create(name=f"Hidden {number}")


def something_latest(campaign, number, whom):
    """That something happened, told to others."""
    activity.record(
        campaign=campaign,
        kind=ActivityKind.DISCLOSED,
        now=factories.NOW,
        path=f"/c/{campaign.slug}/archive/hidden-{number}/",
        powers=list(campaign.powers.filter(slug="romulan")) if whom != "gm" else [],
    )


# People


def a_character(campaign, number, whom):
    """Another player plays somebody whom the Klingons do not know."""
    entry = factories.make_entry(campaign, f"Hidden self {number}", kind="person", audience=Audience.GM)
    keep_from_the_klingons(entry, whom)
    Membership.objects.filter(pk=romulan(campaign).pk).update(character=entry)


def an_address(campaign, number, whom):
    User.objects.filter(pk=romulan(campaign).user_id).update(email=f"hidden-{number}@example.org")


def an_invitation(campaign, number, whom):
    factories.make_invitation(campaign)


def an_arrangement(campaign, number, whom):
    romulan(campaign).arrangements.get_or_create(page="desk", defaults={"layout": {"away": ["clocks"]}})


# The conference system


def a_draft_complaint(campaign, number, whom):
    stage = ComplaintStage.FILED if number % 2 else ComplaintStage.DRAFT
    complaint = factories.make_complaint(
        campaign,
        stage,
        complainant=campaign.powers.get(slug="romulan"),
        number=None,
        title=f"Hidden {number}",
        drafted_by=romulan(campaign).user,
    )
    Exhibit.objects.create(
        complaint=complaint, letter="A", title="Hidden", kind="picture", file="exhibits/none.webp",
        width=3, height=2, added_at=factories.NOW,
    )  # fmt: skip


def a_word_in_a_parley(campaign, number, whom):
    """Said and offered between the Federation and the Romulans."""
    federation, romulans = (campaign.powers.get(slug=slug) for slug in ("federation", "romulan"))
    parley = campaign.complaints.filter(complainant=federation, respondent=romulans, stage="ruling").first()
    parley_rows.make_message(parley, romulans, f"Hidden {number}")
    Offer.objects.filter(complaint=parley, state=OfferState.OPEN).update(state=OfferState.COUNTERED)
    parley_rows.make_offer(parley, romulans, f"Hidden {number}")


def a_draft_motion(campaign, number, whom):
    conference = campaign.conferences.get(slug="ajilon")
    draft: Motion = factories.make_motion(
        conference,
        MotionStage.DRAFT,
        number=20_000 + number,
        title=f"Hidden {number}",
        sponsor=conference.seats.get(power__slug="romulan"),
        effects=[factories.standing_effect()],
    )
    draft.sponsorships.create(seat=conference.seats.get(power__slug="federation"))


def a_line_of_the_minutes(campaign, number, whom):
    Minute.objects.create(
        conference=campaign.conferences.get(slug="ajilon"),
        kind=MinuteKind.NOTE,
        at=factories.NOW,
        on=campaign.today,
        data={"text": f"Hidden {number}."},
    )


def a_screen(campaign, number, whom):
    factories.make_screen(campaign.conferences.get(slug="ajilon"), token=f"hidden-{number}", label="Hidden")


SECRETS: list[Callable[[Campaign, int, str], None]] = [
    an_entry, a_namesake, a_part, a_page_of_a_kind, a_picture, a_secret, a_stand_in, a_secret_taken_back,
    something_thrown_away, a_secret_thrown_away, a_proposal, a_handout, an_event, a_clock, a_tick_of_a_hidden_clock,
    a_future, a_fate, a_place_on_the_map, a_scene, a_note, a_line_of_the_log, a_recap, a_draft_of_a_recap, a_name,
    something_latest, a_character, an_address, an_invitation, an_arrangement, a_draft_complaint, a_word_in_a_parley,
    a_draft_motion, a_line_of_the_minutes, a_screen,
]  # fmt: skip
