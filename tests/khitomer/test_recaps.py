"""Recaps drafted from the record: what each audience may know, and nothing besides."""

import pytest

from khitomer.rules import changes, recaps
from khitomer.rules.dates import StoryDate

OPEN = recaps.Open(clocks=frozenset({"seen"}), entries=(("krell", "Thot Krell"),))


@pytest.mark.parametrize(
    ("change", "sentence", "told"),
    [
        (changes.ChangeStanding(power="a", other="b", by=1), "They warm", True),
        (changes.AdvanceDate(to=StoryDate.parse("2379-04")), "It is April", True),
        (changes.Amend(subject="treaty", key="t", field="name", value="N"), "Renamed", True),
        (changes.Amend(subject="event", key="e", field="title", value="N"), "Renamed", False),
        (changes.Amend(subject="clock", key="seen", field="name", value="N"), "Renamed", False),
        (changes.TickClock(clock="seen", by=1), "It ticks", True),
        (changes.TickClock(clock="unseen", by=1), "It ticks", False),
        (changes.SetFate(entry="krell", fate="dead"), "Thot Krell: dead", True),
        (changes.SetFate(entry="krell", fate="dead"), "By a name nobody knows: dead", False),
        (changes.SetFate(entry="nobody", fate="dead"), "A spy: dead", False),
        (changes.StrikeEvent(slug="e"), "Struck", False),
        (changes.CloseEntry(entry="krell", audience="gm", was="all"), "Closed", False),
    ],
)
def test_a_change_is_told_where_everyone_may_know_of_it(change, sentence, told):
    assert recaps.sentence_for_all(change, sentence, OPEN) == (sentence if told else "")


def test_nothing_recorded_is_nothing_drafted():
    assert recaps.common(recaps.Evening()) == "" == recaps.apart(recaps.Evening())


def test_the_draft_is_markdown_that_says_what_was_recorded():
    evening = recaps.Evening(
        done=("The roll *call*",),
        changed=("They warm",),
        told=(recaps.Told("entry", "Thot Krell"), recaps.Told("secret", "Thot Krell", "He lies")),
        lines=("A toast",),
    )
    assert recaps.common(evening) == (
        "**What we did**\n\n- The roll \\*call\\*\n\n**What changed**\n\n- They warm\n\n"
        "**What came to light**\n\n- [[Thot Krell]]\n- [[Thot Krell]]: He lies\n\n"
        "**As it was noted**\n\n- A toast"
    )
    assert "What we did" not in recaps.apart(evening) and "He lies" in recaps.apart(evening)
