"""The canon: that it says what the record says, no more, and that a mistake in it is named where it is made."""

from __future__ import annotations

import dataclasses
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khitomer.rules.canon import CANON, CanonError, Dating, FutureKind, Kind, load, roman
from khitomer.rules.dates import Answer, Precision, StoryDate

CANON_NOW = load()
KINDS = [
    Kind.POWER, Kind.TREATY, Kind.PROVISION, Kind.PERSON, Kind.PLACE, Kind.VESSEL, Kind.ORGANISATION, Kind.EVENT,
]  # fmt: skip
PROSE = {"summary", "text", "weight", "jurisdiction", "later_parties", "role"}


@pytest.fixture
def canon():
    return load()


# What the record says


@pytest.mark.parametrize(
    ("kind", "key", "field", "fact"),
    [
        # The treaties
        ("treaty", "first-khitomer-accords", "signed", "2293"),
        ("treaty", "first-khitomer-accords", "place", "camp-khitomer"),
        ("treaty", "first-khitomer-accords", "signed_at", "first-khitomer-conference"),
        ("treaty", "first-khitomer-accords", "has_forum", "False"),
        ("treaty", "first-khitomer-accords", "later_parties", "None"),
        ("treaty", "first-khitomer-accords", "weight", "first step of reconciliation"),
        ("treaty", "first-khitomer-accords", "weight", "turning point"),
        ("treaty", "first-khitomer-accords", "jurisdiction", "no forum"),
        ("treaty", "second-khitomer-accords", "signed", "2368"),
        ("treaty", "second-khitomer-accords", "signed_at", "second-khitomer-conference"),
        ("treaty", "second-khitomer-accords", "has_forum", "True"),
        ("treaty", "second-khitomer-accords", "later_parties", "Almost all the other powers of the Alpha Quadrant"),
        ("treaty", "second-khitomer-accords", "weight", "least influential"),
        ("treaty", "second-khitomer-accords", "weight", "ignored by many"),
        ("treaty", "second-khitomer-accords", "jurisdiction", "both sides were bound by the cited provision"),
        ("treaty", "second-khitomer-accords", "jurisdiction", "in doubt"),
        ("treaty", "second-khitomer-accords", "jurisdiction", "left to the chair"),
        # The provisions
        ("provision", "first-archanis-claim", "label", "I·1"),
        ("provision", "first-archanis-claim", "summary", "gives up its historic claim to the Archanis Sector"),
        ("provision", "first-archanis-claim", "text", "Federation territory, on the Klingon border"),
        ("provision", "first-neutral-zone", "label", "I·2"),
        ("provision", "first-neutral-zone", "summary", "Klingon Neutral Zone is abolished"),
        ("provision", "second-subspace-weapons", "label", "II·1"),
        ("provision", "second-subspace-weapons", "summary", "Subspace weapons are banned"),
        ("provision", "second-subspace-weapons", "text", "Federation's tri-cobalt device"),
        ("provision", "second-subspace-weapons", "text", "as long as their use is not widespread"),
        ("provision", "second-mass-destruction", "label", "II·2"),
        ("provision", "second-mass-destruction", "summary", "Biogenic weapons and other weapons of mass destruction"),
        ("provision", "second-prisoners", "label", "II·3"),
        ("provision", "second-prisoners", "summary", "Prisoners of war and non-combatants are protected in wartime"),
        ("provision", "second-evacuation", "label", "II·4"),
        ("provision", "second-evacuation", "summary", "let out of a war zone, and not harassed on the way"),
        ("provision", "second-conference-system", "label", "II·5"),
        ("provision", "second-conference-system", "summary", "Any signatory may file a complaint about another"),
        ("provision", "second-conference-system", "summary", "a conference of signatories resolves it"),
        ("provision", "second-conference-system", "text", "seldom used"),
        ("provision", "second-conference-system", "text", "“border diplomacy” between ships' captains"),
        # 2293
        ("event", "praxis-explosion", "date", "2293"),
        ("event", "praxis-explosion", "text", "ecological disaster"),
        ("event", "praxis-explosion", "text", "energy production"),
        ("event", "praxis-explosion", "text", "almost complete standstill"),
        ("event", "praxis-explosion", "text", "last straw"),
        ("event", "praxis-explosion", "text", "pragmatic choice"),
        ("event", "gorkon-opens-talks", "date", "2293"),
        ("event", "gorkon-opens-talks", "text", "Captain Spock was the special envoy to the Empire"),
        ("event", "gorkon-assassinated", "date", "2293"),
        ("event", "gorkon-assassinated", "text", "then planned for Earth"),
        ("event", "venue-moves-to-camp-khitomer", "date", "2293"),
        ("event", "venue-moves-to-camp-khitomer", "text", "kept secret against further attack"),
        ("event", "khitomer-conspiracy", "date", "2293"),
        ("event", "khitomer-conspiracy", "summary", "Klingons, Federation officers and Romulans conspire"),
        ("event", "khitomer-conspiracy", "summary", "fail"),
        ("event", "first-khitomer-conference", "date", "2293"),
        ("event", "first-khitomer-conference", "text", "Curzon Dax negotiated for the Federation"),
        ("event", "first-khitomer-conference", "text", "the Romulan Senator Pardek was present"),
        # 2344 to 2373 and later
        ("event", "battle-of-narendra-iii", "date", "2344"),
        ("event", "battle-of-narendra-iii", "text", "the Romulans betrayed the Klingons"),
        ("event", "battle-of-narendra-iii", "text", "The courage of the Enterprise-C"),
        ("event", "battle-of-narendra-iii", "text", "for good, and it sealed the friendship"),
        ("event", "second-khitomer-conference", "date", "2368"),
        ("event", "klingon-withdrawal", "date", "2372"),
        ("event", "klingon-withdrawal", "text", "After the Federation Council had condemned his invasion of Cardassia"),
        ("event", "klingon-withdrawal", "text", "covers the First and the Second"),
        ("event", "second-federation-klingon-war", "date", "2372"),
        ("event", "second-federation-klingon-war", "ended", "2373"),
        ("event", "second-federation-klingon-war", "jurisdiction", "the Empire had withdrawn"),
        ("event", "klingon-cardassian-war", "jurisdiction", "Cardassia was not a signatory at the time"),
        ("event", "dominion-cardassian-alliance", "date", "2373"),
        ("event", "klingon-return", "date", "2373"),
        ("event", "klingon-return", "text", "so did the reinstatement"),
        ("event", "dominion-war", "dating", "from"),
        ("event", "dominion-war", "jurisdiction", "neither the Dominion nor Cardassia was a signatory at the time"),
        # Who and where
        ("person", "gorkon", "title", "Chancellor"),
        ("person", "gorkon", "power", "klingon-empire"),
        ("person", "spock", "title", "Captain"),
        ("person", "spock", "role", "special envoy"),
        ("person", "curzon-dax", "role", "negotiator of the First Accords"),
        ("person", "pardek", "title", "Senator"),
        ("person", "pardek", "power", "romulan-star-empire"),
        ("person", "gowron", "summary", "out of the Accords in 2372 and brought it back in 2373"),
        ("place", "camp-khitomer", "within", "khitomer"),
        ("place", "camp-khitomer", "text", "kept secret"),
        ("place", "earth", "summary", "planned venue"),
        ("place", "praxis", "within", "qonos"),
        ("place", "praxis", "type", "moon"),
        ("place", "qonos", "summary", "Klingon homeworld"),
        ("place", "archanis-sector", "power", "united-federation-of-planets"),
        ("place", "archanis-sector", "text", "border with the Klingon Empire"),
        ("place", "klingon-neutral-zone", "ended", "2293"),
        ("place", "narendra-iii", "text", "2344"),
        ("place", "cardassia-prime", "power", "cardassian-union"),
        ("vessel", "enterprise-c", "summary", "courage at Narendra III"),
        ("organisation", "federation-council", "summary", "condemned the invasion of Cardassia Prime"),
        ("power", "klingon-empire", "home", "qonos"),
        ("power", "cardassian-union", "aliases", "Cardassian Empire"),
    ],
)  # fmt: skip
def test_each_fact_of_the_record_is_found_and_cited(canon, kind, key, field, fact):
    entry = canon.get(kind, key)
    value = getattr(entry, field)
    if isinstance(value, tuple) or field in PROSE:
        assert fact in value
    else:
        assert str(value) == fact
    assert [canon.get("source", source).label for source in entry.sources] == ["S1", "S2"]


@pytest.mark.parametrize(
    ("event", "ties"),
    [
        ("praxis-explosion", {"praxis", "qonos", "klingon-empire"}),
        ("gorkon-opens-talks", {"gorkon", "spock"}),
        ("gorkon-assassinated", {"gorkon", "earth"}),
        ("venue-moves-to-camp-khitomer", {"camp-khitomer", "khitomer"}),
        ("khitomer-conspiracy", {"klingon-empire", "united-federation-of-planets", "romulan-star-empire"}),
        ("first-khitomer-conference", {"curzon-dax", "pardek", "first-khitomer-accords"}),
        ("battle-of-narendra-iii", {"narendra-iii", "enterprise-c", "romulan-star-empire"}),
        ("second-khitomer-conference", {"second-khitomer-accords"}),
        ("klingon-withdrawal", {"gowron", "federation-council", "cardassia-prime"}),
        ("klingon-return", {"gowron", "dominion", "cardassian-union"}),
        ("dominion-war", {"dominion", "cardassian-union", "second-khitomer-accords"}),
    ],
)
def test_events_are_tied_to_what_they_touch_and_back(canon, event, ties):
    assert ties <= set(canon.get("event", event).links)
    for key in ties:
        assert event in {entry.key for entry in canon.mentions(key)}


def test_the_sources_are_the_two_of_the_record(canon):
    wiki, book = canon.sources
    assert "“Khitomer Accords”, an article of the USS Wolff Wiki" in wiki.citation
    assert book.citation == (
        "Brian Campbell et al., The Price of Freedom: The United Federation of Planets Sourcebook, "
        "Last Unicorn Games, Culver City CA, 1999."
    )
    assert "cited here through S1" in book.text


def test_the_powers_of_the_record(canon):
    assert {(power.short, power.called, power.emblem, power.colour) for power in canon.powers} == {
        ("UFP", "Federation", "federation", "#7fb2ff"),
        ("KLI", "Klingon Empire", "klingon", "#ef6a55"),
        ("ROM", "Romulan Star Empire", "romulan", "#86c774"),
        ("CAR", "Cardassian Union", "cardassian", "#e3a948"),
        ("DOM", "Dominion", "dominion", "#b291ea"),
    }
    assert [power.adjective for power in canon.powers] == [
        "Klingon", "Federation", "Romulan", "Cardassian", "Dominion",
    ]  # fmt: skip


def test_no_date_of_the_record_is_more_precise_than_its_year(canon):
    dates = [
        value
        for item in (*canon.entries, *canon.adherence)
        for value in vars(item).values()
        if isinstance(value, StoryDate)
    ]
    assert {date.precision for date in dates} == {Precision.YEAR}
    assert len(dates) > 20


def test_the_tri_cobalt_limit_is_marked_as_our_own(canon):
    exemption = canon.get("provision", "second-subspace-weapons").exemption
    assert (exemption.limit, exemption.window_days, exemption.own_default) == (3, 90, True)
    assert "gives no number" in exemption.basis
    others = [
        part
        for treaty in canon.treaties
        for part in treaty.provisions
        if part.key != "second-subspace-weapons"
    ]
    assert len(others) == 6
    assert all(part.exemption is None for part in others)


@pytest.mark.parametrize("entry", CANON_NOW.entries, ids=lambda entry: entry.key)
def test_every_entry_is_written_linked_and_cited(entry):
    assert entry.kind in KINDS
    assert len(entry.text) > 80
    assert "\n" not in "".join(entry.paragraphs)
    assert entry.summary.endswith(".")
    assert entry.links
    assert entry.sources


# Adherence


@pytest.mark.parametrize(
    ("treaty", "power", "spans"),
    [
        ("first-khitomer-accords", "united-federation-of-planets", [("2293", None)]),
        ("first-khitomer-accords", "klingon-empire", [("2293", "2372"), ("2373", None)]),
        ("first-khitomer-accords", "romulan-star-empire", []),
        ("second-khitomer-accords", "united-federation-of-planets", [("2368", None)]),
        ("second-khitomer-accords", "klingon-empire", [("2368", "2372"), ("2373", None)]),
        ("second-khitomer-accords", "romulan-star-empire", []),
        ("second-khitomer-accords", "cardassian-union", []),
        ("second-khitomer-accords", "dominion", []),
    ],
)
def test_who_was_bound_and_when(canon, treaty, power, spans):
    found = canon.spans(power=power, treaty=treaty)
    assert [(str(span.entered), str(span.left) if span.left else None) for span in found] == spans


@pytest.mark.parametrize("treaty", ["first-khitomer-accords", "second-khitomer-accords"])
def test_the_founders_are_the_same_two(canon, treaty):
    assert {power.short for power in canon.founders(treaty)} == {"UFP", "KLI"}


@pytest.mark.parametrize(
    ("act", "answer"),
    [("2371", Answer.YES), ("2372", Answer.DOUBT), ("2372-06-01", Answer.DOUBT), ("2373", Answer.NO)],
)
def test_the_empire_was_still_bound_by_the_second_accords(canon, act, answer):
    span = canon.get("adherence", "klingons-in-second-from-2368")
    assert StoryDate.parse(act).before(span.left) is answer


@pytest.mark.parametrize(
    ("war", "belligerents"),
    [
        ("second-federation-klingon-war", {"klingon-empire", "united-federation-of-planets"}),
        ("klingon-cardassian-war", {"klingon-empire", "cardassian-union"}),
        ("dominion-war", {"dominion", "cardassian-union"}),
    ],
)
def test_the_wars_that_were_not_governed(canon, war, belligerents):
    event = canon.get("event", war)
    assert set(event.belligerents) == belligerents
    assert "not governed" in event.jurisdiction.lower()


# Traps in the record


def test_trap_one_power_has_two_names(canon):
    union = canon.power("cardassian-union")
    assert canon.named("Cardassian Union") is canon.named("cardassian empire") is union
    assert len([power for power in canon.powers if power.adjective == "Cardassian"]) == 1


def test_trap_events_are_told_by_date(canon):
    keys = [event.key for event in canon.timeline()]
    assert keys == [
        "praxis-explosion", "gorkon-opens-talks", "gorkon-assassinated", "venue-moves-to-camp-khitomer",
        "khitomer-conspiracy", "first-khitomer-conference", "battle-of-narendra-iii", "second-khitomer-conference",
        "invasion-of-cardassia-prime", "klingon-cardassian-war", "council-condemns-invasion", "klingon-withdrawal",
        "second-federation-klingon-war", "dominion-cardassian-alliance", "klingon-return", "dominion-war",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "field"), [("klingon-withdrawal", "left_by"), ("klingon-return", "entered_by")]
)
def test_trap_withdrawal_and_return_cover_both_treaties(canon, event, field):
    touched = {span.treaty for span in canon.adherence if getattr(span, field) == event}
    assert touched == {"first-khitomer-accords", "second-khitomer-accords"}


def test_trap_only_the_two_founders_are_stated(canon):
    assert {span.power for span in canon.adherence} == {"klingon-empire", "united-federation-of-planets"}


@pytest.mark.parametrize(
    ("event", "when"),
    [
        ("battle-of-narendra-iii", "2344"),
        ("second-federation-klingon-war", "2372–2373"),
        ("klingon-cardassian-war", "2372 or earlier"),
        ("invasion-of-cardassia-prime", "2372 or earlier"),
        ("dominion-war", "2373 or later"),
    ],
)
def test_what_the_record_does_not_date_is_not_dated(canon, event, when):
    assert canon.get("event", event).when() == when


# Looking things up


def test_lookups(canon):
    assert canon.treaty("second-khitomer-accords").numeral == "II"
    assert canon.find("gowron") is canon.get(Kind.PERSON, "gowron")
    assert canon.named("FEDERATION").key == "united-federation-of-planets"
    assert canon.named("Atlantis") is None
    assert str(canon.first_recorded("gowron")) == "2372"
    assert canon.first_recorded("second-prisoners") is None
    assert {entry.key for entry in canon.mentions("spock")} == {
        "gorkon-opens-talks",
        "united-federation-of-planets",
    }
    assert load() is canon


@pytest.mark.parametrize(("kind", "key"), [("person", "praxis"), ("person", "nobody")])
def test_a_missing_entry_is_a_key_error(canon, kind, key):
    with pytest.raises(KeyError):
        canon.get(kind, key)


@pytest.mark.parametrize(
    ("number", "numeral"), [(1, "I"), (2, "II"), (4, "IV"), (9, "IX"), (14, "XIV"), (39, "XXXIX")]
)
def test_roman(number, numeral):
    assert roman(number) == numeral


# As it stood


@pytest.mark.parametrize(
    ("date", "treaties", "bound"),
    [
        ("2290", "", ""),
        ("2293", "", ""),
        ("2293-12-31", "I", "I:UFP I:KLI"),
        ("2294", "I", "I:UFP I:KLI"),
        ("2369", "I II", "I:UFP I:KLI II:UFP II:KLI"),
        ("2372", "I II", "I:UFP I:KLI II:UFP II:KLI"),
        ("2372-11-30", "I II", "I:UFP I:KLI II:UFP II:KLI"),
        ("2372-12-31", "I II", "I:UFP II:UFP"),
        ("2373", "I II", "I:UFP II:UFP"),
        ("2379-03-14", "I II", "I:UFP I:KLI II:UFP II:KLI"),
    ],
)
def test_canon_as_it_stood_on_a_date(canon, date, treaties, bound):
    then = canon.as_of(StoryDate.parse(date))
    numerals = {treaty.key: treaty.numeral for treaty in canon.treaties}
    assert [treaty.numeral for treaty in then.treaties] == treaties.split()
    assert {
        f"{numerals[span.treaty]}:{canon.power(span.power).short}"
        for span in then.adherence
        if span.left is None
    } == set(bound.split())


def test_what_was_still_to_come_is_not_known(canon):
    then = canon.as_of(StoryDate.parse("2373"))
    assert {event.key: event.ended for event in then.events}["second-federation-klingon-war"] is None
    assert "klingon-return" not in {event.key for event in then.events}
    early = canon.as_of(StoryDate.parse("2293"))
    assert [person.key for person in early.people] == ["gorkon", "spock", "curzon-dax", "pardek"]
    assert early.vessels == ()
    zones = {place.key: place for place in early.places}
    assert (zones["klingon-neutral-zone"].ended, zones["klingon-neutral-zone"].ended_by) == (None, None)


def test_futures_from_the_year_of_the_withdrawal(canon):
    futures = canon.after(StoryDate.parse("2372-03"))
    assert [(future.key, future.in_doubt) for future in futures] == [
        ("invasion-of-cardassia-prime", True),
        ("klingon-cardassian-war", True),
        ("council-condemns-invasion", True),
        ("klingon-withdrawal", True),
        ("klingons-in-first-from-2293-left", True),
        ("klingons-in-second-from-2368-left", True),
        ("second-federation-klingon-war", True),
        ("dominion-cardassian-alliance", False),
        ("klingon-return", False),
        ("klingons-in-first-from-2373-entered", False),
        ("klingons-in-second-from-2373-entered", False),
        ("dominion-war", False),
        ("second-federation-klingon-war-ended", False),
    ]
    leaving = futures[4]
    assert (leaving.kind, leaving.subject, leaving.cause, leaving.title) == (
        FutureKind.LEAVING,
        "klingons-in-first-from-2293",
        "klingon-withdrawal",
        "Klingon Empire leaves the First Accords",
    )


def test_before_the_beginning_everything_is_a_future_and_after_the_end_nothing_is(canon):
    everything = canon.after(StoryDate(2200))
    assert [sum(future.kind is kind for future in everything) for kind in FutureKind] == [16, 2, 2, 6, 2]
    assert len({future.key for future in everything}) == 28
    assert canon.after(StoryDate.parse("2373-12-31")) == ()
    now = canon.as_of(StoryDate.parse("2379-03-14"))
    assert (now.adherence, now.events, now.treaties) == (canon.adherence, canon.events, canon.treaties)


@given(st.dates(StoryDate(2285).first, StoryDate(2380).last), st.integers(1, 3))
def test_law_every_change_is_either_past_or_future(day, known):
    date = StoryDate(*(day.year, day.month, day.day)[:known])
    then, futures = CANON_NOW.as_of(date), CANON_NOW.after(date)
    past = [event.key for event in then.events] + [f"{treaty.key}-signed" for treaty in then.treaties]
    past += [f"{span.key}-entered" for span in then.adherence]
    past += [f"{span.key}-left" for span in then.adherence if span.left]
    past += [f"{item.key}-ended" for item in (*then.events, *then.places) if item.ended]
    keys = past + [future.key for future in futures]
    assert len(keys) == len(set(keys)) == 28
    assert [future.date for future in futures] == sorted(future.date for future in futures)


def test_entries_cannot_be_altered(canon):
    with pytest.raises(dataclasses.FrozenInstanceError):
        canon.power("dominion").name = "Founders"
    assert canon.get("event", "dominion-war").dating is Dating.FROM


# Mistakes in the files


@pytest.fixture
def edit(tmp_path):
    """Copies the canon, alters one file, and reads it: `edit("people.toml", "old", "new")`."""
    folder = tmp_path / "canon"
    shutil.copytree(CANON, folder)

    def read(file, old, new):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return load(folder)

    return read


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("people.toml", 'power = "klingon-empire"', 'power = "klingons"',
         'people.toml: gorkon: "power" refers to "klingons", and there is no such entry.'),
        ("people.toml", 'power = "klingon-empire"', 'power = "praxis"',
         'people.toml: gorkon: "power" refers to "praxis", which is of kind place, not power.'),
        ("vessels.toml", '"narendra-iii", "klingon', '"narendra-4", "klingon',
         'vessels.toml: enterprise-c: "links" refers to "narendra-4", and there is no such entry.'),
        ("vessels.toml", '"narendra-iii", "klingon', '"enterprise-c", "klingon',
         'vessels.toml: enterprise-c: "links" refers to the entry itself.'),
        ("treaties.toml", '["archanis-sector"', '["archanis"',
         'treaties.toml: first-khitomer-accords: first-archanis-claim: "links" refers to "archanis", '
         "and there is no such entry."),
        ("people.toml", 'title = "Captain"', 'rank = "Captain"',
         'people.toml: spock: "rank" is not a known key: the known ones are aliases, key, links, name, power, role, '
         "sources, summary, text, title."),
        ("treaties.toml", "number = 1", 'number = 1\nlabel = "I·1"',
         'treaties.toml: first-khitomer-accords: first-archanis-claim: "label" is not a known key: the known ones are '
         "aliases, exemption, key, links, name, number, sources, summary, text."),
        ("events.toml", 'date = "2344"\n', "",
         'events.toml: battle-of-narendra-iii: the key "date" is missing.'),
        ("places.toml", 'key = "earth"\n', "",
         "places.toml: an entry has the key None: a key is small letters, digits and hyphens."),
        ("places.toml", 'key = "earth"', 'key = "Planet Earth"',
         "places.toml: an entry has the key 'Planet Earth': a key is small letters, digits and hyphens."),
        ("places.toml", 'key = "earth"', 'key = "gorkon"',
         'places.toml: gorkon: the key "gorkon" is taken already, by gorkon in people.toml.'),
        ("powers.toml", '["Cardassian Empire"]', '["Klingon empire"]',
         'powers.toml: cardassian-union: the name "klingon empire" is taken already, by klingon-empire in '
         "powers.toml."),
        ("powers.toml", 'short = "DOM"', 'short = "ROM"',
         'powers.toml: dominion: the short name "ROM" is taken already, by romulan-star-empire in powers.toml.'),
        ("powers.toml", '"#b291ea"', '"violet"',
         'powers.toml: dominion: the colour "violet" is not of the form #rrggbb.'),
        ("events.toml", 'date = "2344"', 'date = "2344-02-30"',
         'events.toml: battle-of-narendra-iii: "date" is no date. There is no day 30 in February 2344: '
         "it has 29 days."),
        ("events.toml", 'date = "2344"', 'date = "about 2344"',
         'events.toml: battle-of-narendra-iii: "date" is no date. "about 2344" is not a story date: '
         'write a year "2372", a month "2372-03" or a day "2372-03-14".'),
        ("events.toml", 'date = "2344"', "date = 2344",
         'events.toml: battle-of-narendra-iii: "date" is 2344: a date stands in quotes, such as "2372".'),
        ("events.toml", 'dating = "by"', 'dating = "about"',
         "events.toml: invasion-of-cardassia-prime: \"dating\" is 'about': it must be one of in, by, from."),
        ("events.toml", "sequence = 6", 'sequence = "six"',
         "events.toml: first-khitomer-conference: \"sequence\" is 'six': it must be a whole number."),
        ("events.toml", 'ended = "2373"', 'ended = "2371"',
         'events.toml: second-federation-klingon-war: "ended" is 2371, which does not come after "date", 2372.'),
        ("events.toml", 'rests_on = ["praxis-explosion"]', 'rests_on = ["dominion-war"]',
         'events.toml: gorkon-opens-talks: it rests on "dominion-war", which comes later.'),
        ("events.toml", 'rests_on = ["praxis-explosion"]', 'rests_on = ["qonos"]',
         'events.toml: gorkon-opens-talks: "rests_on" refers to "qonos", which is of kind place, not event.'),
        ("treaties.toml", "has_forum = false", "has_forum = 0",
         'treaties.toml: first-khitomer-accords: "has_forum" is 0: it must be true or false.'),
        ("treaties.toml", "number = 2", "number = 3",
         "treaties.toml: first-khitomer-accords: its provisions are numbered [1, 3], not 1, 2, 3 and so on."),
        ("treaties.toml", "ordinal = 2", "ordinal = 1",
         'treaties.toml: second-khitomer-accords: the ordinal "1" is taken already, by first-khitomer-accords in '
         "treaties.toml."),
        ("treaties.toml", "ordinal = 2", "ordinal = 0",
         "treaties.toml: second-khitomer-accords: A treaty's ordinal runs from 1 to 39, not 0."),
        ("treaties.toml", "window_days = 90", "window_days = 0",
         "treaties.toml: second-khitomer-accords: second-subspace-weapons: its exemption needs a limit of 0 "
         "or more and a window of 1 day or more."),
        ("treaties.toml", "window_days = 90\n", "",
         'treaties.toml: second-khitomer-accords: second-subspace-weapons: the key "window_days" is missing.'),
        ("treaties.toml", 'signed = "2368"', 'signed = "2367"',
         'treaties.toml: second-khitomer-accords: "signed" is 2367, but second-khitomer-conference is dated 2368.'),
        ("organisations.toml", 'sources = ["s1", "s2"]', "sources = []",
         "organisations.toml: federation-council: it cites no source."),
        ("organisations.toml", 'sources = ["s1", "s2"]', 'sources = ["s9"]',
         'organisations.toml: federation-council: "sources" refers to "s9", and there is no such entry.'),
        ("organisations.toml", 'sources = ["s1", "s2"]', 'sources = ["gorkon"]',
         'organisations.toml: federation-council: "sources" refers to "gorkon", which is of kind person, not source.'),
        ("organisations.toml", 'sources = ["s1", "s2"]', 'sources = "s1"',
         'organisations.toml: federation-council: "sources" must be a list.'),
        ("organisations.toml", 'name = "Federation Council"', 'name = " "',
         'organisations.toml: federation-council: "name" is empty.'),
        ("organisations.toml", "[[organisation]]", "[[body]]",
         'organisations.toml: there is an unknown table "body": each entry here starts with [[organisation]].'),
        ("organisations.toml", "[[organisation]]", "[organisation]",
         'organisations.toml: "organisation" must be a list of tables, each starting with [[organisation]].'),
        ("adherence.toml", 'left = "2372"\nleft_by = "klingon-withdrawal"\n', "",
         "adherence.toml: klingons-in-first-from-2373: it overlaps klingons-in-first-from-2293: "
         "spans of one power and treaty may not."),
        ("adherence.toml", 'left = "2372"\nleft_by = "klingon-withdrawal"', 'left = "2374"',
         "adherence.toml: klingons-in-first-from-2373: it overlaps klingons-in-first-from-2293: "
         "spans of one power and treaty may not."),
        ("adherence.toml", 'left = "2372"\nleft_by = "klingon-withdrawal"', 'left = "2292"',
         'adherence.toml: klingons-in-first-from-2293: "left" is 2292, which does not come after "entered", 2293.'),
        ("adherence.toml", 'left = "2372"', 'left = "2371"',
         'adherence.toml: klingons-in-first-from-2293: "left" is 2371, but klingon-withdrawal is dated 2372.'),
        ("adherence.toml", 'entered = "2293"\nentered_by = "first-khitomer-conference"', 'entered = "2292"',
         "adherence.toml: federation-in-first-from-2293: it was entered 2292, before the treaty was signed, 2293."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_entry_and_reason(edit, file, old, new, message):
    with pytest.raises(CanonError) as mistake:
        edit(file, old, new)
    assert str(mistake.value) == message
    assert mistake.value.file == file


def test_a_file_that_is_not_toml_is_named(edit):
    with pytest.raises(CanonError, match=r"^people\.toml: this is not TOML: .*line 3"):
        edit("people.toml", "[[person]]", "[[person")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CanonError) as mistake:
        load(tmp_path)
    assert str(mistake.value) == "sources.toml: the file is missing."


def test_leaving_and_entering_inside_one_year_is_doubtful_and_allowed(edit):
    changed = edit("adherence.toml", 'entered = "2373"\nentered_by = "klingon-return"', 'entered = "2372"')
    spans = changed.spans(power="klingon-empire", treaty="first-khitomer-accords")
    assert [str(span.entered) for span in spans] == ["2293", "2372"]
