"""Territory, zones and disclosures as effects: drafted, previewed, enacted and undone; and what they may not betray."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from diplomacy.actions import ballots, resolutions
from diplomacy.actions import motions as actions
from diplomacy.actions.motions import ClauseText
from diplomacy.forms.effects import EffectForm, Offers, values_of_effect
from diplomacy.models import Motion
from khitomer.actions import chronicle, territory
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind, Adherence
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.conftest import signed_in
from tests.factories import NOW, viewer_of

LATER = NOW + timedelta(minutes=30)
CANARY = "Zarquon Depot"
SECOND = "second-khitomer-accords"


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign, 5)


@pytest.fixture
def land(campaign, gm, federation, klingon):
    """A sector that the Federation holds, and a zone in force between it and the Klingons."""
    given = {"campaign": campaign, "by": gm, "now": NOW}
    territory.add_territory(slug="archanis", name="Archanis Sector", holder=federation, token="a", **given)
    territory.set_up_zone(
        slug="buffer", name="Buffer", powers=[federation, klingon], established=StoryDate(2370), token="b",
        **given,
    )  # fmt: skip


@pytest.fixture
def canary(campaign, federation):
    """An entry that the Federation alone knows of."""
    return factories.make_entry(campaign, CANARY, slug="zarquon-depot", told=[federation])


def adopt(conference, gm, effects):
    motion = factories.make_motion(conference, effects=effects, title="On what is to be done")
    ballots.open_vote(motion=motion, by=gm, now=NOW)
    seat = conference.seats.get(power__slug="cardassian")
    ballots.cast(motion=motion, seat=seat, choice="yes", by=gm, now=NOW)
    return ballots.close(motion=motion, by=gm, now=NOW).resolution


def enact(resolution, gm):
    return resolutions.enact(resolution=resolution, by=gm, now=LATER)


def undo(resolution, gm):
    return resolutions.undo(resolution=resolution, why="It was a forgery.", by=gm, now=LATER)


def rows_of(campaign):
    """All that these effects touch, as it stands in the database."""
    return (
        [
            (each.territory.slug, each.power and each.power.slug, str(each.entered), str(each.left), each.note)
            for row in campaign.territories.all()
            for each in row.holdings.select_related("power", "territory")
        ],
        [
            (row.name, sorted(row.powers.values_list("slug", flat=True)), str(row.established), str(row.abolished))
            for row in campaign.zones.all()
        ],
        [
            (row.slug, row.audience, sorted(row.powers.values_list("slug", flat=True)))
            for row in campaign.entries.all()
        ],
    )  # fmt: skip


KINDS = {
    "territory to a power": (
        {"kind": "territory", "territory": "archanis", "to": "klingon"},
        "United Federation of Planets",
        "Klingon Empire since 14 March 2379",
    ),
    "territory to nobody": (
        {"kind": "territory", "territory": "archanis"},
        "United Federation of Planets",
        "nobody since 14 March 2379",
    ),
    "zone": (
        {"kind": "zone", "name": "The Line", "powers": ["romulan", "klingon"]},
        "no such zone",
        "in force since 14 March 2379",
    ),
    "abolish": ({"kind": "abolish", "zone": "buffer"}, "in force since 2370", "abolished on 14 March 2379"),
    "disclose to one": (
        {"kind": "disclose", "entry": "zarquon-depot", "powers": ["klingon"]},
        "open to United Federation of Planets",
        "open to United Federation of Planets, Klingon Empire",
    ),
    "disclose to all": (
        {"kind": "disclose", "entry": "zarquon-depot"},
        "open to United Federation of Planets",
        "open to everyone",
    ),
}


@pytest.mark.parametrize(("payload", "before", "after"), KINDS.values(), ids=KINDS)
def test_each_kind_is_previewed_enacted_and_undone(
    conference, campaign, land, canary, gm, payload, before, after
):
    resolution = adopt(conference, gm, [payload])
    stood = rows_of(campaign)

    (planned,) = resolutions.preview(resolution)
    assert (planned.step.before, planned.step.after) == (before, after)
    assert rows_of(campaign) == stood

    enact(resolution, gm)
    row = campaign.ledger.get(source=resolution.source)
    assert (row.before, row.after) == (before, after)
    assert rows_of(campaign) != stood

    undo(resolution, gm)
    assert rows_of(campaign) == stood


def test_all_of_them_at_once_come_and_go_as_one(conference, campaign, land, canary, gm):
    payloads = [payload for name, (payload, _, _) in KINDS.items() if name != "territory to nobody"]
    resolution = adopt(conference, gm, payloads)
    stood = rows_of(campaign)
    enact(resolution, gm)
    held, zones, entries = rows_of(campaign)
    assert held == [
        ("archanis", "federation", "None", "2379-03-14", ""),
        ("archanis", "klingon", "2379-03-14", "None", "Resolution 1"),
    ]
    assert zones == [
        ("Buffer", ["federation", "klingon"], "2370", "2379-03-14"),
        ("The Line", ["klingon", "romulan"], "2379-03-14", "None"),
    ]
    assert entries == [("zarquon-depot", "all", [])]
    undo(resolution, gm)
    assert rows_of(campaign) == stood


def test_a_power_is_suspended_and_readmitted(conference, campaign, gm, klingon):
    adopted = adopt(
        conference, gm, [{"kind": "leave", "treaty": SECOND, "power": "klingon", "manner": "suspended"}]
    )
    enact(adopted, gm)
    chronicle.apply(
        campaign=campaign,
        changes=[chronicle.rules.AdvanceDate(to=StoryDate(2379, 4, 1))],
        by=gm, why="", source="gm:date", now=LATER,
    )  # fmt: skip
    again = adopt(
        factories.make_conference(campaign, 5, slug="next", name="The next"),
        gm,
        [{"kind": "enter", "treaty": SECOND, "power": "klingon"}],
    )
    (planned,) = resolutions.preview(again)
    assert "re-enters" in planned.step.sentence
    enact(again, gm)
    spans = Adherence.objects.filter(power=klingon, treaty__slug=SECOND).order_by("entered")
    assert [(str(span.entered), str(span.left)) for span in spans][-2:] == [
        ("2373", "2379-03-14"),
        ("2379-04-01", "None"),
    ]


def test_a_disclosure_that_the_gm_has_widened_since_is_not_taken_back_blindly(
    conference, campaign, canary, gm, romulan
):
    resolution = adopt(conference, gm, [KINDS["disclose to one"][0]])
    enact(resolution, gm)
    canary.powers.add(romulan)
    with pytest.raises(Refused, match="own page"):
        undo(resolution, gm)
    assert sorted(canary.powers.values_list("slug", flat=True)) == ["federation", "klingon", "romulan"]


def test_a_disclosure_is_not_taken_back_from_whoever_knows_a_secret_there(
    conference, campaign, canary, gm, klingon
):
    resolution = adopt(conference, gm, [KINDS["disclose to one"][0]])
    enact(resolution, gm)
    factories.make_secret(canary, told=[klingon])
    with pytest.raises(Refused, match="would no longer see the entry"):
        undo(resolution, gm)


# Drafting


def draft(conference, by, effect, sponsor=None):
    clauses = [ClauseText(phrase="Decides", text="as follows", effects=(effect,))]
    return actions.draft_motion(
        conference=conference, title="A motion", clauses=clauses, by=by, sponsor=sponsor, now=NOW
    )


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ({"kind": "territory", "territory": "nowhere", "to": "klingon"}, "There is no territory “nowhere”."),
        ({"kind": "territory", "territory": "archanis", "to": "gorn"}, "There is no power “gorn”."),
        ({"kind": "zone", "name": "Z", "powers": ["klingon", "gorn"]}, "There is no power “gorn”."),
        ({"kind": "abolish", "zone": "nowhere"}, "There is no zone “nowhere”."),
        ({"kind": "disclose", "entry": "nowhere"}, "There is no entry “nowhere”."),
        ({"kind": "disclose", "entry": "zarquon-depot"}, "There is no entry “zarquon-depot”."),
        ({"kind": "disclose", "entry": "zarquon-depot", "powers": ["gorn"]}, "There is no entry “zarquon"),
    ],
)
def test_what_is_kept_from_the_drafter_is_refused_as_what_does_not_exist(
    conference, land, canary, klingon, klingon_player, effect, words
):
    seat = conference.seats.get(power=klingon)
    with pytest.raises(Refused) as refused:
        draft(conference, klingon_player, effect, seat)
    assert words in str(refused.value)
    assert not Motion.objects.exists()


@pytest.mark.parametrize("who", ["gm", "federation_player"])
def test_the_chair_and_whoever_may_see_an_entry_may_move_to_disclose_it(
    request, conference, canary, federation, who
):
    person = request.getfixturevalue(who)
    seat = conference.seats.get(power=federation) if who == "federation_player" else None
    motion = draft(conference, person, KINDS["disclose to one"][0], seat)
    assert motion.clauses.get().effects.get().payload == KINDS["disclose to one"][0]


@pytest.mark.parametrize("payload", [payload for payload, _, _ in KINDS.values()], ids=KINDS)
def test_a_stored_effect_comes_back_from_its_form_as_it_was(campaign, land, canary, gm, payload):
    offers = Offers.to(viewer_of(campaign, gm))
    form = EffectForm(data=values_of_effect(payload), offers=offers)
    assert form.is_valid(), form.errors
    stored = (
        dict(form.payload, powers=sorted(form.payload["powers"]))
        if "powers" in form.payload
        else form.payload
    )
    assert stored == (dict(payload, powers=sorted(payload["powers"])) if "powers" in payload else payload)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "territory", "to": "klingon"}, "territory"),
        ({"kind": "territory", "territory": "archanis"}, "to"),
        ({"kind": "zone", "name": "Z"}, "powers"),
        ({"kind": "zone", "powers": "klingon romulan"}, "name"),
        ({"kind": "zone", "name": "Z", "powers": "klingon"}, "__all__"),
        ({"kind": "zone", "name": "Z", "powers": "klingon gorn"}, "powers"),
        ({"kind": "abolish"}, "zone"),
        ({"kind": "disclose"}, "entry"),
    ],
)
def test_the_form_says_what_an_effect_lacks(campaign, land, gm, values, field):
    form = EffectForm(data=values, offers=Offers.to(viewer_of(campaign, gm)))
    assert field in form.errors and form.payload is None


def test_a_zone_that_was_abolished_is_not_offered_to_be_abolished(campaign, land, gm):
    territory.abolish_zone(
        campaign=campaign, zone=campaign.zones.get(), on=StoryDate(2375), by=gm, token="c", now=NOW
    )
    assert Offers.to(viewer_of(campaign, gm)).zones == []


def test_a_delegate_drafts_a_zone_on_the_page(conference, land, as_federation, federation):
    seat = conference.seats.get(power=federation)
    address = reverse("motion-new", kwargs={"campaign": "long-peace", "conference": conference.slug})
    answer = as_federation.post(
        address,
        {
            "title": "A line on the map",
            "complaint": "",
            "finding": "",
            "sponsor": str(seat.pk),
            "mode": "roll call",
            "clauses": "1",
            "clause-0-phrase": "Decides",
            "clause-0-text": "that none shall cross it",
            "clause-0-effects": "1",
            "clause-0-effect-0-kind": "zone",
            "clause-0-effect-0-name": "The Line",
            "clause-0-effect-0-powers": ["klingon", "federation"],
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    motion = Motion.objects.get()
    assert motion.clauses.get().effects.get().payload == {
        "kind": "zone",
        "name": "The Line",
        "powers": ["klingon", "federation"],
    }
    edit = reverse(
        "motion-edit",
        kwargs={"campaign": "long-peace", "conference": conference.slug, "number": motion.number},
    )
    page = as_federation.get(edit).content.decode()
    assert set(re.findall(r'value="([a-z]+)" id="id_clause-0-effect-0-powers_\d+" checked', page)) == {
        "klingon",
        "federation",
    }


# What must not be betrayed


PAGES = (
    *("desk", "powers", "treaties", "timeline", "archive", "clocks", "docket", "conferences", "resolutions"),
    *("members", "sessions", "ledger"),
)
WHO = ["federation", "klingon", "romulan", "observer", "outsider", "gm"]


def texts(client, resolution):
    """All that a person can read of a resolution and around it, by page."""
    slug = {"campaign": "long-peace"}
    number = {**slug, "number": resolution.number}
    motion = resolution.motion
    at_motion = {**slug, "conference": motion.conference.slug, "number": motion.number}
    addresses = {name: reverse(name, kwargs=slug) for name in PAGES}
    addresses |= {name: reverse(name, kwargs=number) for name in ("resolution", "resolution-print")}
    addresses["motion"] = reverse("motion", kwargs=at_motion)
    addresses["conference"] = reverse("conference", kwargs={**slug, "conference": motion.conference.slug})
    found = {name: client.get(address).content.decode() for name, address in addresses.items()}
    pdf = client.get(reverse("resolution-pdf", kwargs=number))
    if pdf.status_code == 200:
        found["pdf"] = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    return found


def tells(client, resolution):
    """The pages on which the name, or the address, of the canary stands."""
    return {
        name
        for name, text in texts(client, resolution).items()
        if "zarquon" in text.lower() or CANARY.lower() in text.lower()
    }


def clients(request):
    return {
        who: signed_in(
            request.getfixturevalue(who if who in ("gm", "observer", "outsider") else f"{who}_player")
        )
        for who in WHO
    }


EFFECTS = [
    {"kind": "disclose", "entry": "zarquon-depot", "powers": ["klingon"]},
    {"kind": "fate", "entry": "zarquon-depot", "fate": "found"},
    {"kind": "standing", "power": "federation", "other": "klingon", "by": -1},
]


@pytest.mark.filterwarnings("ignore")
def test_the_name_of_an_entry_is_read_by_nobody_who_may_not_see_it(request, conference, canary, gm, outsider):
    people = clients(request)
    resolution = adopt(conference, gm, EFFECTS)

    def read():
        return {who: tells(client, resolution) for who, client in people.items()}

    before = read()
    # Before it is enacted the Klingons must not learn from its preview what they are to be told.
    for who in ("klingon", "romulan", "observer", "outsider"):
        assert before[who] == set(), who
    assert {"motion", "resolution"} <= before["federation"]
    assert {"motion", "resolution"} <= before["gm"]

    enact(resolution, gm)
    after = read()
    for who in ("romulan", "observer", "outsider"):
        assert after[who] == set(), who
    assert {"motion", "resolution", "archive"} <= after["klingon"]

    undo(resolution, gm)
    undone = read()
    for who in ("klingon", "romulan", "observer", "outsider"):
        assert undone[who] == set(), who
    assert {"motion", "resolution"} <= undone["federation"]


@pytest.mark.parametrize("page", ["motion", "resolution"])
def test_whoever_may_not_see_the_entry_reads_that_one_is_disclosed(
    request, conference, canary, gm, outsider, page
):
    people = clients(request)
    resolution = adopt(conference, gm, EFFECTS)
    for who in ("klingon", "romulan", "observer"):
        assert "An entry is disclosed" in texts(people[who], resolution)[page]
    enact(resolution, gm)
    for who in ("romulan", "observer"):
        assert "An entry is disclosed" in texts(people[who], resolution)[page]
    assert "An entry is disclosed" not in texts(people["klingon"], resolution)[page]


def test_who_knew_before_is_read_by_the_gm_alone(request, conference, canary, gm, outsider, romulan):
    canary.powers.add(romulan)
    people = clients(request)
    resolution = adopt(conference, gm, EFFECTS)
    for step in (lambda: None, lambda: enact(resolution, gm)):
        step()
        said = "open to United Federation of Planets, Romulan Star Empire"
        assert said in texts(people["gm"], resolution)["resolution"]
        for who in ("federation", "romulan", "klingon"):
            for name, text in texts(people[who], resolution).items():
                assert "open to" not in text, (who, name)


def test_a_drafters_preview_does_not_say_who_knows(conference, canary, as_federation, romulan, federation):
    """Nor whether somebody knows already: that is neither shown nor refused."""
    canary.powers.add(romulan)
    seat = conference.seats.get(power=federation)
    address = reverse("motion-new", kwargs={"campaign": "long-peace", "conference": conference.slug})

    def previewed(told):
        return as_federation.post(
            address,
            {
                "do": "check", "title": "T", "sponsor": str(seat.pk), "mode": "roll call", "clauses": "1",
                "clause-0-phrase": "Decides", "clause-0-text": "so", "clause-0-effects": "1",
                "clause-0-effect-0-kind": "disclose", "clause-0-effect-0-entry": "zarquon-depot",
                "clause-0-effect-0-powers": [told],
            },
        ).content.decode()  # fmt: skip

    knows, does_not = previewed("romulan"), previewed("klingon")
    assert "“Zarquon Depot” is disclosed to Romulan Star Empire" in knows
    assert "“Zarquon Depot” is disclosed to Klingon Empire" in does_not
    for page in (knows, does_not):
        assert "open to" not in page and "alert" not in page.split('id="preview"')[1].split("</section>")[0]


def test_the_activity_of_a_disclosure_is_for_those_who_may_see_the_entry(
    conference, campaign, canary, gm, klingon
):
    resolution = adopt(conference, gm, EFFECTS[:1])
    Activity.objects.all().delete()
    enact(resolution, gm)
    told = Activity.objects.get(kind=ActivityKind.DISCLOSED)
    assert (told.audience, list(told.powers.all())) == ("powers", [klingon])
    state = Activity.objects.get(kind=ActivityKind.STATE)
    assert state.audience == "powers"
    assert sorted(state.powers.values_list("slug", flat=True)) == ["federation", "klingon"]
    undo(resolution, gm)
    told.refresh_from_db()
    assert (told.audience, list(told.powers.all())) == ("gm", [])
