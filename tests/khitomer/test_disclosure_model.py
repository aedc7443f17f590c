"""Laws of disclosure: whatever two GMs show and take back in whatever order, who sees what is what a few lines say it is."""

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from khitomer.actions import disclosures
from khitomer.actions.disclosures import Told
from khitomer.errors import Refused
from khitomer.models import Activity, Audience, Disclosure, Role
from tests import factories

NOW = datetime.datetime(2026, 5, 1, 19, 30, tzinfo=datetime.UTC)

WHOM = ("everyone", "klingon", "romulan", "kofi", "kahless", "rosa")
"""Whom a button may name: two powers, of which one has two players, and each player alone."""

POWER = {"kofi": "klingon", "kahless": "klingon", "rosa": "romulan"}
THINGS = ("entry", "secret", "event", "clock")


class Model:
    """Who was told what, as sets of names; a secret is never told beyond its entry."""

    def __init__(self) -> None:
        self.told: dict[str, set[str]] = {thing: set() for thing in THINGS}

    @staticmethod
    def reach(told: set[str]) -> set[str]:
        """The players whom an audience reaches."""
        return {who for who in POWER if "everyone" in told or who in told or POWER[who] in told}

    @classmethod
    def within(cls, inner: set[str], outer: set[str]) -> bool:
        """Whether all that one names, the other reaches; a power is reached as a power alone."""
        if "everyone" in outer:
            return True
        return all(name in outer or POWER.get(name) in outer for name in inner)

    def reveal(self, thing: str, whom: str, with_entry: bool) -> bool:
        told = {thing: self.more(self.told[thing], whom)}
        if thing == "secret" and with_entry:
            told["entry"] = self.more(self.told["entry"], whom)
        return self.becomes(told)

    @staticmethod
    def more(told: set[str], whom: str) -> set[str]:
        return {"everyone"} if "everyone" in (whom, *told) else {*told, whom}

    def take_back(self, thing: str, whom: str, with_secrets: bool) -> bool:
        if "everyone" in self.told[thing] and whom != "everyone":
            return False
        left = set() if whom == "everyone" else self.told[thing] - {whom}
        told = {thing: left}
        if thing == "entry" and with_secrets and not self.within(self.told["secret"], left):
            kept = self.told["secret"]
            narrowed = {name for name in kept if self.within({name}, left)}
            told["secret"] = set(left) if "everyone" in kept else narrowed
        return self.becomes(told)

    def becomes(self, told: dict[str, set[str]]) -> bool:
        """Take these audiences on, unless the secret would be told beyond its entry: then nothing is different."""
        after = {**self.told, **told}
        if not self.within(after["secret"], after["entry"]):
            return False
        self.told = after
        return True


class Table(RuleBasedStateMachine):
    """Two GMs press buttons; after every press the rows, the record and what each player sees agree with the model."""

    @initialize()
    def lay(self) -> None:
        self.model, self.hours = Model(), 0
        self.campaign = factories.small_campaign(slug=f"table-{id(self)}")
        self.powers = {power.slug: power for power in self.campaign.powers.all()}
        self.gms = [factories.make_user(), factories.make_user()]
        for user, role in zip(self.gms, (Role.GM, Role.CO_GM), strict=True):
            factories.join(self.campaign, user, role)
        self.players = {
            name: factories.join(self.campaign, factories.make_user(), power=self.powers[power])
            for name, power in POWER.items()
        }
        self.watcher = factories.join(self.campaign, factories.make_user(), Role.OBSERVER)
        entry = factories.make_entry(self.campaign, audience=Audience.GM)
        self.things = {
            "entry": entry,
            "secret": factories.make_secret(entry),
            "event": factories.make_event(self.campaign, audience=Audience.GM),
            "clock": factories.make_clock(self.campaign, audience=Audience.GM, hidden=True),
        }

    def named(self, whom: str) -> Told:
        if whom == "everyone":
            return Told(everyone=True)
        if whom in self.powers:
            return Told(powers=frozenset([self.powers[whom]]))
        return Told(persons=frozenset([self.players[whom]]))

    def pressed(self, act: Callable[..., bool], by: int, expected: bool, **given: object) -> None:
        self.hours += 1
        now = NOW + datetime.timedelta(hours=self.hours)
        try:
            act(by=self.gms[by], now=now, **given)
        except Refused:
            assert not expected
        else:
            assert expected

    @rule(
        thing=st.sampled_from(THINGS),
        whom=st.sampled_from(WHOM),
        with_entry=st.booleans(),
        by=st.integers(0, 1),
    )
    def reveal(self, thing: str, whom: str, with_entry: bool, by: int) -> None:
        expected = self.model.reveal(thing, whom, with_entry)
        given = {"thing": self.things[thing], "to": self.named(whom), "with_entry": with_entry}
        self.pressed(disclosures.reveal, by, expected, **given)

    @rule(
        thing=st.sampled_from(THINGS),
        whom=st.sampled_from(WHOM),
        with_secrets=st.booleans(),
        by=st.integers(0, 1),
    )
    def take_back(self, thing: str, whom: str, with_secrets: bool, by: int) -> None:
        expected = self.model.take_back(thing, whom, with_secrets)
        given = {"thing": self.things[thing], "whom": self.named(whom), "with_secrets": with_secrets}
        self.pressed(disclosures.take_back, by, expected, **given)

    @invariant()
    def the_audience_is_the_models(self) -> None:
        for name, thing in self.rows():
            assert self.names(disclosures.told_of(thing)) == self.model.told[name]

    @invariant()
    def the_record_is_the_audience(self) -> None:
        for name, thing in self.rows():
            rows = Disclosure.objects.of(thing).in_force()
            kept = [self.names(self.of(row)) for row in rows]
            assert sorted(map(sorted, kept)) == sorted([each] for each in self.model.told[name])

    @invariant()
    def everyone_sees_what_they_were_told(self) -> None:
        for name, thing in self.rows():
            seen = {
                who
                for who, member in self.players.items()
                if type(thing).objects.visible_to(self.viewer(member)).filter(pk=thing.pk).exists()
            }
            assert seen == self.model.reach(self.model.told[name])
            watched = type(thing).objects.visible_to(self.viewer(self.watcher)).filter(pk=thing.pk).exists()
            assert watched == ("everyone" in self.model.told[name])

    @invariant()
    def nobody_finds_a_way_to_what_they_do_not_see(self) -> None:
        paths = {disclosures.path_of(thing): name for name, thing in self.rows() if name != "secret"}
        for who, member in self.players.items():
            for row in Activity.objects.filter(campaign=self.campaign).told().visible_to(self.viewer(member)):
                assert who in self.model.reach(self.model.told[paths[row.path]])

    def rows(self) -> list:
        return [(name, disclosures.again(thing)) for name, thing in getattr(self, "things", {}).items()]

    def viewer(self, member):
        return factories.viewer_of(self.campaign, member.user)

    def names(self, told: Told) -> set[str]:
        persons = {member.pk: name for name, member in self.players.items()}
        named = {power.slug for power in told.powers} | {persons[person.pk] for person in told.persons}
        return {"everyone"} if told.everyone else named

    @staticmethod
    def of(row: Disclosure) -> Told:
        return Told(
            everyone=row.power is None and row.person is None,
            powers=frozenset([row.power] if row.power else []),
            persons=frozenset([row.person] if row.person else []),
        )


class Undone(Table):
    """The same, with all that a run writes taken back at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def test_who_sees_what_is_what_the_model_says(db):
    run_state_machine_as_test(
        Undone, settings=settings(max_examples=15, stateful_step_count=15, deadline=None)
    )


# At the same moment

CROWD = 6


def together(acts: list[Callable[[], object]]) -> list[object]:
    """Do all of these at the same moment, each from a thread of its own; what each got, or how it was refused."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.fixture
def laid(transactional_db):
    campaign = factories.small_campaign()
    gms = [factories.make_user("gm"), factories.make_user("co_gm")]
    for user, role in zip(gms, (Role.GM, Role.CO_GM), strict=True):
        factories.join(campaign, user, role)
    entry = factories.make_entry(campaign, audience=Audience.GM)
    klingon = campaign.powers.get(slug="klingon")
    return campaign, gms, entry, factories.make_secret(entry), Told(powers=frozenset([klingon]))


def agree(*things) -> None:
    """The record says what the audience says, of each, once."""
    for thing in things:
        row = disclosures.again(thing)
        told = disclosures.told_of(row)
        kept = sorted((str(each.power), str(each.person)) for each in Disclosure.objects.of(row).in_force())
        named = [(str(power), "None") for power in told.powers] + [("None", str(who)) for who in told.persons]
        assert kept == sorted([("None", "None")] if told.everyone else named)


def test_the_same_thing_shown_by_both_at_once_is_shown_once(laid):
    _, gms, entry, _, klingons = laid
    got = together(
        [
            lambda n=n: disclosures.reveal(thing=entry, to=klingons, by=gms[n % 2], now=NOW)
            for n in range(CROWD)
        ]
    )
    assert sorted(map(str, got)) == ["False"] * (CROWD - 1) + ["True"]
    assert Disclosure.objects.count() == Activity.objects.count() == 1
    agree(entry)


def test_shown_and_taken_back_at_once_one_comes_last(laid):
    _, gms, entry, _, klingons = laid
    acts = [lambda: disclosures.reveal(thing=entry, to=klingons, by=gms[0], now=NOW)] * 3
    acts += [lambda: disclosures.take_back(thing=entry, whom=klingons, by=gms[1], now=NOW)] * 3
    assert all(isinstance(each, bool) for each in together(acts))
    agree(entry)


def test_a_secret_told_while_its_page_is_closed_is_never_told_beyond_it(laid):
    _, gms, entry, secret, klingons = laid
    disclosures.reveal(thing=entry, to=klingons, by=gms[0], now=NOW)
    together(
        [
            lambda: disclosures.reveal(thing=secret, to=klingons, by=gms[0], now=NOW),
            lambda: disclosures.take_back(thing=entry, whom=klingons, by=gms[1], now=NOW),
            lambda: disclosures.reveal(thing=secret, to=klingons, with_entry=True, by=gms[1], now=NOW),
            lambda: disclosures.take_back(thing=entry, whom=klingons, with_secrets=True, by=gms[0], now=NOW),
        ]
    )
    told = [disclosures.told_of(disclosures.again(thing)) for thing in (secret, entry)]
    assert not told[0].beyond(told[1])
    agree(entry, secret)


def test_many_powers_told_at_once_are_all_told(laid):
    campaign, gms, entry, _, _ = laid
    powers = list(campaign.powers.all())
    together(
        [
            lambda power=power: disclosures.reveal(
                thing=entry, to=Told(powers=frozenset([power])), by=gms[0], now=NOW
            )
            for power in powers
        ]
    )
    assert disclosures.told_of(disclosures.again(entry)).powers == frozenset(powers)
    agree(entry)
