"""What lies on the table in the evening that is in play: scenes, what may be shown, who is here, and the next date."""

from datetime import time, timedelta

from diplomacy.demo.house import House
from diplomacy.demo.powers import BAJOR, BREEN, CARDASSIAN, FEDERATION, KLINGON, ROMULAN
from khitomer.actions import dates, disclosures, evenings, handouts, maps, names, scenes, sessions
from khitomer.models import Audience, Secret, Session
from khitomer.rules.changes import AddTerritory, MoveTerritory
from khitomer.rules.dates import StoryDate

HALVET = "halvet-margin"
SECTORS = (
    ("the-marrak-deep", "The Marrak Deep", BREEN, 215, 520),
    ("tessaly-reach", "Tessaly Reach", ROMULAN, 455, 255),
    ("sennen-drift", "Sennen Drift", "", 480, 640),
    (HALVET, "Halvet Margin", BAJOR, 300, 640),
)
"""Territories of this campaign alone, each with its holder ("" for nobody) and where it is drawn."""

OFFICERS = "Karis Vell\nT'Lorin\nOdan Marrat\nJolan Revik\nSuri Dane"

INTERCEPT = """*Found in the relay at the mouth of the Deep, nine hours old.*

> Three barges at the buoys. Air for four days at the outside. The lane is closed on nobody's order that we can find,
> and the light that closes it was made in a yard that does not build lights.

No signature. The cipher is the old one from before the war, which everybody can read and nobody uses."""


def draw_the_map(house: House) -> None:
    """The sectors that this campaign argues about; one of them changed hands in the war."""
    for slug, name, holder, x, y in SECTORS:
        house.change(AddTerritory(slug=slug, name=name, note="This campaign’s own."))
        if slug == HALVET:
            house.change(MoveTerritory(territory=slug, to=CARDASSIAN))
            house.change(MoveTerritory(territory=slug, to=BAJOR, on=StoryDate(2376), note="By the armistice"))
        elif holder:
            house.change(MoveTerritory(territory=slug, to=holder))
        maps.place(
            campaign=house.campaign, sort="territory", slug=slug, x=x, y=y, by=house.gm, now=house.now()
        )


def lay(house: House, session: Session) -> None:
    """The evening in play, as the GM has it ready; a handout, names for whoever turns up, and a poll for the next."""
    campaign, gm, entries = (
        house.campaign,
        house.gm,
        {entry.name: entry for entry in house.campaign.entries.all()},
    )
    intercept = handouts.add_handout(
        campaign=campaign, title="Intercept from the Deep", text=INTERCEPT, by=gm, now=house.now()
    )
    bar = scenes.add_scene(
        session=session,
        title="Recess: the captains’ bar",
        text="Nisk buys the first round. He has **one** thing for sale tonight, and will let it be beaten out of him.",
        entries=[entries["Nisk, a broker"], entries["Captain Mavek"]],
        by=gm,
        now=house.now(),
    )
    wreck = scenes.add_scene(
        session=session,
        title="What the log of the wreck says",
        text="Only if somebody asks why the cut is clean. Then read the two lines, and stop.",
        entries=[entries["Calder’s Rest"]],
        by=gm,
        now=house.now(),
    )
    for scene, thing, whom in (
        (bar, intercept, (FEDERATION, KLINGON)),
        (bar, _kept(entries["Nisk, a broker"]), (FEDERATION,)),
        (wreck, _kept(entries["Calder’s Rest"]), (KLINGON,)),
    ):
        scenes.stage(
            campaign=campaign,
            thing=thing,
            scene=scene,
            audience=Audience.POWERS,
            powers=house.powers(whom),
            by=gm,
            now=house.now(),
        )
    members = {member.user.username: member for member in campaign.memberships.select_related("user")}
    for username in ("federation", "klingon", "romulan", "observer"):
        evenings.answer(session=session, member=members[username], answer="yes", now=house.now())
        evenings.mark(session=session, member=members[username], present=True, by=gm, now=house.now())
    evenings.answer(session=session, member=members["cardassian"], answer="maybe", now=house.now())
    for text, told in (
        ("Tobias reads the log aloud, all of it", True),
        ("Ishani looked at Luca before she voted", False),
        ("The Breen delegate asks for an adjournment, and is refused", True),
    ):
        evenings.note(session=session, text=text, told=told, by=members["gm"], now=house.now())
    names.add_names(
        campaign=campaign,
        title="Bridge officers",
        names="Karis Vell\nT'Lorin\nOdo Marrat\nJolan Revik\nSuri Dane",
        by=gm,
    )
    names.add_names(campaign=campaign, title="Klingons", names="Kurtag\nMeral\nVorok\nHuS", by=gm)
    following = sessions.add_session(
        campaign=campaign, title="The vote, and what follows", by=gm, now=house.now()
    )
    week = session.on + timedelta(days=7)
    dates.propose(
        session=following,
        evenings=[
            (week, time(19, 30)),
            (week + timedelta(days=1), time(19, 30)),
            (week + timedelta(days=7), None),
        ],
        by=gm,
        now=house.now(),
    )


def _kept(entry: object) -> Secret:
    """The first secret on an entry that nobody else knows yet, or that most do not."""
    found = list(Secret.objects.filter(entry=entry).order_by("pk"))
    return next((each for each in found if disclosures.told_of(each) == disclosures.Told()), found[0])
