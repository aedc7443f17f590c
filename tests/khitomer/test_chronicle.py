"""The one gate to campaign state, against the database."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplomacy.models import Complaint
from khitomer.actions import chronicle, powers, story, treaties, writers
from khitomer.actions.archive import found_kinds
from khitomer.errors import Refused
from khitomer.models import (
    Activity,
    Adherence,
    Campaign,
    Change,
    Entry,
    Future,
    Membership,
    Role,
    Standing,
    User,
)
from khitomer.rules import changes as rules
from khitomer.rules.changes import (
    AbolishZone,
    AddClock,
    AddEvent,
    AddPower,
    AddProvision,
    AddTerritory,
    AddTreaty,
    AdvanceDate,
    Amend,
    ChangeStanding,
    CloseEntry,
    DiscloseEntry,
    EndReservation,
    EnterTreaty,
    LeaveTreaty,
    MakeReservation,
    MoveTerritory,
    RecordUse,
    RemoveClock,
    RemovePower,
    RemoveProvision,
    RemoveTerritory,
    RemoveTreaty,
    ReopenAdherence,
    ReopenReservation,
    ReopenZone,
    ReturnDate,
    ReturnTerritory,
    SetExemption,
    SetFate,
    SettleFuture,
    SetUpZone,
    StrikeAdherence,
    StrikeEvent,
    StrikeReservation,
    StrikeUse,
    StrikeZone,
    TickClock,
)
from khitomer.rules.dates import StoryDate

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 5, 1, 19, 30, tzinfo=datetime.UTC)
ACCORDS = "second-accords"


def on(text: str) -> StoryDate:
    return StoryDate.parse(text)


def power(slug: str, name: str, short: str) -> AddPower:
    return AddPower(slug=slug, name=name, short=short, adjective=name, colour="#7fb2ff", emblem="star")


OPENING: list[rules.Change] = [
    power("empire", "Klingon Empire", "KLI"),
    power("federation", "Federation", "UFP"),
    power("union", "Cardassian Union", "CAR"),
    AddTreaty(slug=ACCORDS, name="Second Accords", numeral="II", signed=on("2368"), has_forum=True),
    AddProvision(
        treaty=ACCORDS, number=1, title="Subspace weapons", text="They are *banned*.",
        exemption="Tri-cobalt", exemption_limit=3, exemption_window_days=90,
    ),
    AddProvision(treaty=ACCORDS, number=2, title="Biogenic weapons", text="Prohibited."),
    EnterTreaty(treaty=ACCORDS, power="empire", on=on("2368"), left=on("2372"), canon_key="first"),
    EnterTreaty(treaty=ACCORDS, power="empire", on=on("2373")),
    EnterTreaty(treaty=ACCORDS, power="federation", on=on("2368")),
    ChangeStanding(power="federation", other="empire", by=-1),
    RecordUse(provision=f"{ACCORDS}/1", power="federation", on=on("2375"), note="At Torga IV"),
    MakeReservation(provision=f"{ACCORDS}/2", power="empire", on=on("2374")),
    AddEvent(slug="raid", on=on("2378"), title="A raid", audience="powers", told=("empire", "union")),
    AddClock(slug="famine", name="Famine", size=6, filled=2),
    AddTerritory(slug="archanis", name="Archanis Sector", note="On the border", canon_key="archanis-sector"),
    MoveTerritory(territory="archanis", to="federation", canon_key="archanis-sector"),
    MoveTerritory(territory="archanis", to="", on=on("2372"), note="Lost"),
    SetUpZone(slug="buffer", name="Buffer", powers=("federation", "empire"), established=on("2370"), note="Narrow"),
]  # fmt: skip


@pytest.fixture
def gm() -> User:
    return User.objects.create(username="gm", email="gm@example.org", name="Ada")


@pytest.fixture
def campaign(gm: User) -> Campaign:
    campaign = Campaign.objects.create(
        name="The Long Peace", slug="long-peace", starts=on("2379"), today=on("2379-03-14"), created_at=NOW
    )
    Membership.objects.create(campaign=campaign, user=gm, role=Role.GM, joined_at=NOW)
    kinds = found_kinds(campaign)
    for slug, name, kind, audience in (
        ("martok", "Martok", "person", "all"),
        ("spy", "A spy", "person", "gm"),
        ("base", "A base", "place", "powers"),
    ):
        Entry.objects.create(campaign=campaign, slug=slug, name=name, kind=kinds[kind], audience=audience)
    Future.objects.create(campaign=campaign, canon_key="return", on=on("2380"), title="The return")
    chronicle.apply(campaign=campaign, changes=OPENING, by=gm, why="", source="opening", now=NOW)
    campaign.entries.get(slug="base").powers.set(campaign.powers.filter(slug="federation"))
    return campaign


@pytest.fixture
def apply(campaign: Campaign, gm: User) -> Callable[..., list[Change]]:
    def act(*changes: rules.Change, source: str = "gm:form-1", **given: Any) -> list[Change]:
        return chronicle.apply(
            campaign=campaign,
            changes=changes,
            by=gm,
            why="The table said so",
            source=source,
            now=NOW,
            **given,
        )

    return act


@pytest.fixture
def undo(campaign: Campaign, gm: User) -> Callable[..., list[Change]]:
    def act(**which: Any) -> list[Change]:
        return chronicle.undo(campaign=campaign, by=gm, why="A slip", now=NOW, **which)

    return act


def standing(campaign: Campaign, first: str, second: str) -> int:
    return chronicle.load_state(campaign).standing(first, second)


# Applying


def test_a_change_is_written_with_its_row_in_the_ledger(campaign: Campaign, gm: User, apply: Any) -> None:
    rows = apply(ChangeStanding(power="empire", other="federation", by=-2), source="resolution:4")

    row = Change.objects.get(source="resolution:4")
    assert rows == [row]
    assert (row.sequence, row.ordinal, row.kind) == (len(OPENING) + 1, 0, "change standing")
    assert (row.before, row.after) == ("−1", "−3")
    assert row.sentence == "Klingon Empire and Federation go from −1 to −3"
    assert (row.why, row.by, row.at, row.story_date) == ("The table said so", gm, NOW, on("2379-03-14"))
    assert rules.from_json(row.payload["change"]) == ChangeStanding(power="empire", other="federation", by=-2)
    assert rules.from_json(row.payload["inverse"]) == ChangeStanding(power="empire", other="federation", by=2)
    assert Standing.objects.get(campaign=campaign).value == -3


def test_changes_of_one_source_build_on_each_other(campaign: Campaign, apply: Any) -> None:
    rows = apply(
        LeaveTreaty(treaty=ACCORDS, power="empire", on=on("2379-03-14"), manner="suspended"),
        EnterTreaty(treaty=ACCORDS, power="empire", on=on("2379-03-20")),
        AdvanceDate(to=on("2379-03-20")),
    )

    assert [(row.sequence - len(OPENING), row.ordinal) for row in rows] == [(1, 0), (2, 1), (3, 2)]
    spans = Adherence.objects.filter(power__slug="empire").order_by("entered")
    assert [(str(span.entered), str(span.left)) for span in spans] == [
        ("2368", "2372"), ("2373", "2379-03-14"), ("2379-03-20", "None"),
    ]  # fmt: skip
    assert campaign.today == on("2379-03-20")
    assert Campaign.objects.get().today == on("2379-03-20")


def test_the_same_source_takes_effect_once(campaign: Campaign, apply: Any) -> None:
    first = apply(ChangeStanding(power="empire", other="union", by=1))
    again = apply(ChangeStanding(power="empire", other="union", by=1))

    assert again == first
    assert standing(campaign, "empire", "union") == 1
    assert Change.objects.filter(source="gm:form-1").count() == 1


def test_nothing_is_written_when_the_third_of_three_cannot_be(campaign: Campaign, apply: Any) -> None:
    before = chronicle.load_state(campaign)
    activity = Activity.objects.count()

    with pytest.raises(Refused) as refusal:
        apply(
            ChangeStanding(power="empire", other="union", by=1),
            TickClock(clock="famine", by=1),
            EnterTreaty(treaty=ACCORDS, power="federation", on=on("2379")),
        )

    assert str(refusal.value) == (
        "Change 3 of 3 cannot be made: Federation is bound by the Second Accords since 2368 already. "
        "End that span first."
    )
    assert chronicle.load_state(campaign) == before
    assert not Change.objects.filter(source="gm:form-1").exists()
    assert Activity.objects.count() == activity


def test_what_only_the_database_can_know_undoes_all(campaign: Campaign, apply: Any) -> None:
    """A complaint holds its power, which the rules cannot see: it is found after an earlier change was written."""
    apply(StrikeEvent(slug="raid"), source="gm:form-0")
    Complaint.objects.create(campaign=campaign, complainant=campaign.powers.get(slug="union"))
    before = chronicle.load_state(campaign)

    with pytest.raises(Refused, match="still refers to it"):
        apply(TickClock(clock="famine", by=1), RemovePower(slug="union"))

    assert chronicle.load_state(campaign) == before
    assert not Change.objects.filter(source="gm:form-1").exists()


def test_no_changes_leave_no_trace(apply: Any) -> None:
    activity = Activity.objects.count()

    assert apply() == []
    assert Activity.objects.count() == activity


def test_spans_never_overlap(campaign: Campaign, apply: Any) -> None:
    with pytest.raises(Refused, match="from 2368 to 2372, and the two spans would overlap"):
        apply(EnterTreaty(treaty=ACCORDS, power="empire", on=on("2370"), left=on("2371")))

    assert Adherence.objects.filter(power__slug="empire").count() == 2


def test_the_ledger_is_append_only(apply: Any) -> None:
    (row,) = apply(TickClock(clock="famine", by=1))
    row.sentence = "Nothing happened"

    with pytest.raises(TypeError, match="append-only"):
        row.save()


def test_long_words_are_cut_to_what_the_ledger_holds(apply: Any) -> None:
    (row,) = apply(Amend(subject="power", key="union", field="summary", value="word " * 2000))

    assert len(row.after) <= 300
    assert len(row.sentence) <= 300
    row.refresh_from_db()
    assert rules.from_json(row.payload["change"]).value == "word " * 2000  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "audience", "told"),
    [
        (ChangeStanding(power="empire", other="union", by=1), "all", []),
        (TickClock(clock="famine", by=1), "gm", []),
        (StrikeEvent(slug="raid"), "powers", ["union", "empire"]),
    ],
)
def test_only_those_who_may_know_hear_that_something_happened(
    apply: Any, change: rules.Change, audience: str, told: list[str]
) -> None:
    Activity.objects.all().delete()

    apply(change)

    row = Activity.objects.get()
    assert (row.kind, row.audience, row.at) == ("state", audience, NOW)
    assert sorted(row.powers.values_list("slug", flat=True)) == sorted(told)


# Every kind, written and read back

EVERY: list[list[rules.Change]] = [
    [ChangeStanding(power="union", other="empire", by=4)],
    [power("breen", "Breen Confederacy", "BRE")],
    [power("breen", "Breen Confederacy", "BRE"), RemovePower(slug="breen")],
    [AddTreaty(slug="algeron", name="Treaty of Algeron", numeral="A", signed=on("2311"), summary="A *zone*.")],
    [AddTreaty(slug="x", name="X", numeral="X", signed=on("2311")), RemoveTreaty(slug="x")],
    [AddProvision(treaty=ACCORDS, number=3, title="Prisoners", text="Protected.")],
    [AddProvision(treaty=ACCORDS, number=3, title="P", text="P"), RemoveProvision(provision=f"{ACCORDS}/3")],
    [SetExemption(provision=f"{ACCORDS}/2", exemption="Cures", limit=1, window_days=30)],
    [SetExemption(provision=f"{ACCORDS}/1", exemption="")],
    [EnterTreaty(treaty=ACCORDS, power="union", on=on("2376-05"), note="By signature")],
    [StrikeAdherence(treaty=ACCORDS, power="empire", entered=on("2368"))],
    [LeaveTreaty(treaty=ACCORDS, power="federation", on=on("2379"), manner="released")],
    [StrikeAdherence(treaty=ACCORDS, power="empire", entered=on("2373")),
     ReopenAdherence(treaty=ACCORDS, power="empire", entered=on("2368"))],
    [MakeReservation(provision=f"{ACCORDS}/1", power="union", on=on("2376"), left=on("2377"))],
    [StrikeReservation(provision=f"{ACCORDS}/2", power="empire", entered=on("2374"))],
    [EndReservation(provision=f"{ACCORDS}/2", power="empire", on=on("2378"))],
    [EndReservation(provision=f"{ACCORDS}/2", power="empire", on=on("2378")),
     ReopenReservation(provision=f"{ACCORDS}/2", power="empire", entered=on("2374"))],
    [RecordUse(provision=f"{ACCORDS}/1", power="federation", on=on("2375"), note="At Torga IV")],
    [StrikeUse(provision=f"{ACCORDS}/1", power="federation", on=on("2375"), note="At Torga IV")],
    [AddEvent(slug="fair", on=on("2379"), title="A fair", text="*Gay.*", until=on("2380"), audience="gm")],
    [StrikeEvent(slug="raid")],
    [AddClock(slug="war", name="War", size=4, audience="powers", told=("union",))],
    [RemoveClock(slug="famine")],
    [TickClock(clock="famine", by=-2)],
    [SetFate(entry="martok", fate="Chancellor")],
    [AdvanceDate(to=on("2380"))],
    [AdvanceDate(to=on("2380")), ReturnDate(to=on("2379-03-14"), advanced_to=on("2380"))],
    [SettleFuture(canon_key="return", state="averted")],
    [AddTerritory(slug="ajilon", name="Ajilon Prime"), MoveTerritory(territory="ajilon", to="union")],
    [AddTerritory(slug="ajilon", name="Ajilon Prime"), RemoveTerritory(slug="ajilon")],
    [MoveTerritory(territory="archanis", to="empire", on=on("2379"), note="Taken")],
    [ReturnTerritory(territory="archanis", to="", on=on("2372"))],
    [ReturnTerritory(territory="archanis", to="", on=on("2372")), ReturnTerritory(territory="archanis", to="federation"),
     RemoveTerritory(slug="archanis")],
    [SetUpZone(slug="line", name="The Line", powers=("union", "empire", "federation"), abolished=on("2379"))],
    [StrikeZone(slug="buffer")],
    [AbolishZone(zone="buffer", on=on("2379-03"))],
    [AbolishZone(zone="buffer", on=on("2379-03")), ReopenZone(zone="buffer")],
    [DiscloseEntry(entry="base", to=("union",))],
    [DiscloseEntry(entry="base")],
    [DiscloseEntry(entry="spy", to=("union", "empire")), SetFate(entry="spy", fate="caught")],
    [DiscloseEntry(entry="martok", to=("union",))],
    [CloseEntry(entry="martok", audience="powers", told=("empire",), was="all")],
    [Amend(subject="power", key="union", field="summary", value="*Proud.*")],
    [Amend(subject="treaty", key=ACCORDS, field="signed", value="2367-11")],
    [Amend(subject="treaty", key=ACCORDS, field="accrued_rights_survive", value=True)],
    [Amend(subject="provision", key=f"{ACCORDS}/2", field="text", value="Forbidden.")],
    [Amend(subject="event", key="raid", field="until", value="2378-12")],
    [Amend(subject="clock", key="famine", field="name", value="Hunger")],
]  # fmt: skip


def test_every_kind_has_its_writer_and_is_tried() -> None:
    assert {kind.kind for kind in writers.WRITERS} == set(rules.KINDS)
    assert {change.kind for several in EVERY for change in several} == set(rules.KINDS)


@pytest.mark.parametrize("several", EVERY, ids=lambda several: several[-1].kind)
def test_the_database_ends_up_where_the_rules_say_and_comes_back(
    campaign: Campaign, apply: Any, undo: Any, several: list[rules.Change]
) -> None:
    before = chronicle.load_state(campaign)
    foreseen = chronicle.preview(campaign, several)
    assert chronicle.load_state(campaign) == before  # a preview writes nothing

    rows = apply(*several)

    assert chronicle.load_state(campaign) == foreseen[-1].state_after
    assert [row.sentence for row in rows] == [step.sentence for step in foreseen]

    undone = undo(source="gm:form-1")

    assert chronicle.load_state(campaign) == before
    assert [row.undoes for row in undone] == rows[::-1]


def test_markdown_is_rendered_when_it_is_written(campaign: Campaign, apply: Any) -> None:
    apply(
        Amend(subject="power", key="union", field="summary", value="*Proud.*"),
        AddEvent(slug="fair", on=on("2379"), title="A fair", text="**Loud.**"),
    )

    assert campaign.powers.get(slug="union").summary_html.strip() == "<p><em>Proud.</em></p>"
    assert campaign.events.get(slug="fair").text_html.strip() == "<p><strong>Loud.</strong></p>"
    provision = campaign.treaties.get().provisions.get(number=1)
    assert provision.text_html.strip() == "<p>They are <em>banned</em>.</p>"


# Undoing


def test_undo_appends_inverses_last_first(campaign: Campaign, gm: User, apply: Any, undo: Any) -> None:
    rows = apply(
        ChangeStanding(power="empire", other="federation", by=-2),
        TickClock(clock="famine", by=1),
        source="resolution:4",
    )

    undone = undo(source="resolution:4")

    assert [row.undoes for row in undone] == [rows[1], rows[0]]
    assert [row.source for row in undone] == ["undo:resolution:4"] * 2
    assert [row.sequence for row in undone] == [rows[1].sequence + 1, rows[1].sequence + 2]
    assert (undone[0].by, undone[0].why) == (gm, "A slip")
    assert Change.objects.count() == len(OPENING) + 4
    assert standing(campaign, "empire", "federation") == -1


def test_what_was_undone_is_not_undone_twice(campaign: Campaign, apply: Any, undo: Any) -> None:
    apply(TickClock(clock="famine", by=1), source="resolution:4")
    (row,) = undo(source="resolution:4")

    with pytest.raises(Refused, match=f"undone already, by Ada, as change {row.sequence}"):
        undo(source="resolution:4")

    assert campaign.clocks.get().filled == 2


def test_an_undo_is_not_undone(apply: Any, undo: Any) -> None:
    apply(TickClock(clock="famine", by=1))
    (row,) = undo(source="gm:form-1")

    for which in ({"source": row.source}, {"change": row}):
        with pytest.raises(Refused, match="An undo is not undone"):
            undo(**which)


def test_one_change_of_several_is_undone_and_then_the_rest(campaign: Campaign, apply: Any, undo: Any) -> None:
    before = chronicle.load_state(campaign)
    first, second = apply(
        TickClock(clock="famine", by=1), ChangeStanding(power="empire", other="union", by=3)
    )

    (alone,) = undo(change=second)
    (rest,) = undo(source="gm:form-1")

    assert (alone.undoes, alone.source) == (second, "undo:gm:form-1#1")
    assert rest.undoes == first
    assert chronicle.load_state(campaign) == before


def test_an_undo_that_the_campaign_has_overtaken_is_refused_whole(
    campaign: Campaign, apply: Any, undo: Any
) -> None:
    apply(TickClock(clock="famine", by=1), LeaveTreaty(treaty=ACCORDS, power="federation", on=on("2378")))
    apply(EnterTreaty(treaty=ACCORDS, power="federation", on=on("2379")), source="gm:form-2")
    before = chronicle.load_state(campaign)

    with pytest.raises(Refused) as refusal:
        undo(source="gm:form-1")

    assert "Federation entered again in 2379" in refusal.value.reason
    assert refusal.value.allowed == "Undo that entry first"
    assert chronicle.load_state(campaign) == before
    assert not Change.objects.filter(undoes__isnull=False).exists()


def test_undoing_what_the_ledger_does_not_hold_is_refused(undo: Any) -> None:
    with pytest.raises(Refused, match="no such change"):
        undo(source="resolution:99")


def test_another_campaigns_change_is_not_undone_here(apply: Any, gm: User) -> None:
    other = Campaign.objects.create(
        name="Other", slug="other", starts=on("2379"), today=on("2379"), created_at=NOW
    )
    (row,) = apply(TickClock(clock="famine", by=1))

    with pytest.raises(Refused, match="no such change"):
        chronicle.undo(campaign=other, change=row, by=gm, why="", now=NOW)


# Queries


def test_the_state_is_read_in_as_many_queries_whatever_its_size(campaign: Campaign, apply: Any) -> None:
    with CaptureQueriesContext(connection) as small:
        chronicle.load_state(campaign)
    apply(
        *(power(f"power-{number}", f"Power {number}", f"{chr(65 + number // 26)}{chr(65 + number % 26)}")
          for number in range(50)),
        *(AddEvent(slug=f"event-{number}", on=on("2379"), title="E", audience="powers", told=(f"power-{number}",))
          for number in range(50)),
        *(EnterTreaty(treaty=ACCORDS, power=f"power-{number}", on=on("2379")) for number in range(50)),
        *(ChangeStanding(power=f"power-{number}", other="union", by=1) for number in range(50)),
        *(AddTerritory(slug=f"land-{number}", name="L") for number in range(50)),
        *(MoveTerritory(territory=f"land-{number}", to="union") for number in range(50)),
        *(SetUpZone(slug=f"zone-{number}", name="Z", powers=("union", "empire")) for number in range(50)),
    )  # fmt: skip

    with CaptureQueriesContext(connection) as large:
        chronicle.load_state(campaign)

    assert len(large) == len(small)
    assert len(large) <= 26


# The GM's verbs


@pytest.fixture
def edit(campaign: Campaign, gm: User) -> dict[str, Any]:
    return {"campaign": campaign, "by": gm, "now": NOW, "token": "a1"}


def test_a_standing_is_set_to_a_value(campaign: Campaign, edit: dict[str, Any]) -> None:
    empire, federation = campaign.powers.get(slug="empire"), campaign.powers.get(slug="federation")

    (row,) = powers.set_standing(first=federation, second=empire, value=3, **edit)
    same = powers.set_standing(first=empire, second=federation, value=3, **{**edit, "token": "a2"})

    assert (row.before, row.after, row.source) == ("−1", "+3", "gm:a1")
    assert same == []


def test_a_standing_off_the_scale_is_refused(campaign: Campaign, edit: dict[str, Any]) -> None:
    empire, federation = campaign.powers.get(slug="empire"), campaign.powers.get(slug="federation")

    with pytest.raises(Refused, match="off the scale"):
        powers.set_standing(first=federation, second=empire, value=6, **edit)


def test_an_edit_writes_what_differs_and_nothing_else(campaign: Campaign, edit: dict[str, Any]) -> None:
    union = campaign.powers.get(slug="union")

    rows = powers.edit_power(
        power=union, values={"name": "Cardassian Union", "short": "CDU", "summary": "Proud."}, **edit
    )

    assert [row.payload["change"]["field"] for row in rows] == ["short", "summary"]
    union.refresh_from_db()
    assert (union.name, union.short, union.summary) == ("Cardassian Union", "CDU", "Proud.")


def test_a_provision_and_its_exemption_are_edited_together(campaign: Campaign, edit: dict[str, Any]) -> None:
    provision = campaign.treaties.get().provisions.get(number=2)

    rows = treaties.edit_provision(
        provision=provision, title="Biogenic weapons", text="Forbidden.", exemption="Cures", exemption_limit=2,
        exemption_window_days=30, **edit,
    )  # fmt: skip

    assert [row.kind for row in rows] == ["amend", "set exemption"]
    provision.refresh_from_db()
    assert (provision.text, provision.exemption_limit, provision.exemption_window_days) == (
        "Forbidden.",
        2,
        30,
    )


def test_a_span_is_corrected_in_one_step(campaign: Campaign, edit: dict[str, Any]) -> None:
    span = Adherence.objects.get(power__slug="empire", entered="2368")

    rows = treaties.correct_span(span=span, entered=on("2368-06"), left=on("2372-02-01"), **edit)

    assert [row.kind for row in rows] == ["strike adherence", "enter treaty"]
    assert (rows[1].before, rows[1].after) == ("2368–2372", "June 2368–1 February 2372")
    corrected = Adherence.objects.filter(power__slug="empire").order_by("entered")[0]
    assert (str(corrected.entered), str(corrected.left), corrected.is_own) == ("2368-06", "2372-02-01", True)


def test_a_correction_that_would_overlap_keeps_the_old_span(campaign: Campaign, edit: dict[str, Any]) -> None:
    span = Adherence.objects.get(power__slug="empire", entered="2368")

    with pytest.raises(Refused, match="overlap"):
        treaties.correct_span(span=span, entered=on("2368"), left=on("2374"), **edit)

    span.refresh_from_db()
    assert str(span.left) == "2372"


def test_things_are_added_and_handed_back(campaign: Campaign, edit: dict[str, Any]) -> None:
    def sent(token: str) -> dict[str, Any]:
        return {**edit, "token": token}

    breen = powers.add_power(
        slug="breen", name="Breen Confederacy", short="BRE", adjective="Breen", colour="#aaccee", emblem="star",
        **sent("1"),
    )  # fmt: skip
    treaty = treaties.add_treaty(slug="algeron", name="Algeron", numeral="A", signed=on("2311"), **sent("2"))
    provision = treaties.add_provision(
        treaty=treaty, number=1, title="The zone", text="None may enter.", **sent("3")
    )
    treaties.enter_treaty(treaty=treaty, power=breen, on=on("2379"), **sent("4"))
    treaties.make_reservation(provision=provision, power=breen, on=on("2379"), **sent("5"))
    treaties.end_reservation(reservation=provision.reservations.get(), on=on("2380"), **sent("6"))
    treaties.record_use(provision=provision, power=breen, on=on("2379"), **sent("7"))
    treaties.strike_use(use=provision.uses.get(), **sent("8"))
    treaties.leave_treaty(treaty=treaty, power=breen, on=on("2380"), **sent("9"))
    treaties.strike_span(span=treaty.adherences.get(), **sent("10"))
    clock = story.add_clock(slug="war", name="War", size=4, told=[breen], audience="powers", **sent("11"))
    story.tick_clock(clock=clock, number=2, **sent("12"))
    event = story.add_event(slug="fair", on=on("2379"), title="A fair", **sent("13"))
    story.strike_event(event=event, **sent("14"))
    story.set_fate(entry=campaign.entries.get(slug="martok"), fate="Chancellor", **sent("15"))
    story.advance_date(to=on("2380"), **sent("16"))
    treaties.edit_treaty(treaty=treaty, values={"signed": on("2310"), "has_forum": True}, **sent("17"))

    clock.refresh_from_db()
    treaty.refresh_from_db()
    assert (clock.filled, [each.slug for each in clock.powers.all()]) == (2, ["breen"])
    assert (str(treaty.signed), treaty.has_forum, treaty.adherences.count()) == ("2310", True, 0)
    assert (str(provision.reservations.get().left), provision.uses.count()) == ("2380", 0)
    assert campaign.entries.get(slug="martok").fate == "Chancellor"
    assert str(campaign.today) == "2380"
    assert not campaign.events.filter(slug="fair").exists()


def test_a_form_sent_twice_adds_one_power(campaign: Campaign, edit: dict[str, Any]) -> None:
    given = {
        "slug": "breen",
        "name": "Breen",
        "short": "BRE",
        "adjective": "Breen",
        "colour": "#aaccee",
        "emblem": "s",
    }

    first = powers.add_power(**given, **edit)
    again = powers.add_power(**given, **edit)

    assert first == again
    assert campaign.powers.filter(slug="breen").count() == 1
