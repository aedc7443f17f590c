"""Two texts beside each other: nothing is lost on the way, and the change reads as a person would tell it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khitomer.rules import differences as rules
from khitomer.rules.differences import Mark, Run

WORDS = st.text(alphabet="ab ,.\n", max_size=40)
TEXTS = st.lists(st.sampled_from(["one two", "two one", "three", "", " ", "a\nb"]), max_size=6).map(
    "\n\n".join
)


def before_of(runs):
    return "".join(run.words for run in runs if run.mark is not Mark.PUT_IN)


def after_of(runs):
    return "".join(run.words for run in runs if run.mark is not Mark.STRUCK)


@pytest.mark.parametrize("compare", [rules.tracked, rules.compared])
@given(st.one_of(WORDS, TEXTS, st.text()), st.one_of(WORDS, TEXTS, st.text()))
def test_a_difference_gives_both_texts_to_the_letter(compare, before, after):
    runs = compare(before, after)
    assert (before_of(runs), after_of(runs)) == (before, after)
    assert all(run.words for run in runs)


@given(st.one_of(TEXTS, st.text()))
def test_a_text_does_not_differ_from_itself(text):
    assert rules.compared(text, text) == ((Run(Mark.KEPT, text),) if text else ())


@given(TEXTS, TEXTS)
def test_what_is_shown_in_paragraphs_has_every_word(before, after):
    shown = rules.in_paragraphs(rules.compared(before, after))
    assert " ".join(map(before_of, shown)).replace("¶", "").split() == before.split()
    assert " ".join(map(after_of, shown)).replace("¶", "").split() == after.split()


def test_tracked_changes_are_word_by_word_and_can_be_read_aloud():
    runs = rules.tracked("that the prisoners return by June", "that all prisoners return")
    assert runs == (
        Run(Mark.KEPT, "that "),
        Run(Mark.STRUCK, "the"),
        Run(Mark.PUT_IN, "all"),
        Run(Mark.KEPT, " prisoners return"),
        Run(Mark.STRUCK, " by June"),
    )
    assert rules.in_words(runs) == "“the” is struck; “all” is put in; “by June” is struck."
    assert rules.in_words(rules.tracked("same", "same")) == "The words stay as they are."


def test_a_paragraph_that_stays_is_kept_whole_and_one_that_is_new_is_put_in():
    runs = rules.compared("A senator.\n\nOf Romulus.", "A senator.\n\nDead.\n\nOf Romulus.")
    assert rules.in_paragraphs(runs) == [
        (Run(Mark.KEPT, "A senator."),),
        (Run(Mark.PUT_IN, "Dead."), Run(Mark.PUT_IN, "¶")),
        (Run(Mark.KEPT, "Of Romulus."),),
    ]


def test_within_a_paragraph_words_are_compared():
    runs = rules.compared("A senator.\n\nOf Romulus.", "A senator.\n\nOf Remus.")
    assert rules.in_paragraphs(runs)[1] == (
        Run(Mark.KEPT, "Of "),
        Run(Mark.STRUCK, "Romulus"),
        Run(Mark.PUT_IN, "Remus"),
        Run(Mark.KEPT, "."),
    )


def test_a_stop_that_comes_or_goes_strikes_no_word():
    runs = rules.compared("He left the table.", "He left the table, and the Federation’s hall.")
    assert runs == (
        Run(Mark.KEPT, "He left the table"),
        Run(Mark.PUT_IN, ", and the Federation’s hall"),
        Run(Mark.KEPT, "."),
    )


def test_paragraphs_that_all_change_are_read_one_by_one():
    before = "The opening line, by a second hand.\n\nA paragraph of this page."
    after = "The opening line, by the first hand.\n\nA paragraph of that page.\n\nAnd a third."
    first, second, third = rules.in_paragraphs(rules.compared(before, after))
    assert first[0] == Run(Mark.KEPT, "The opening line, by ") and second[0] == Run(
        Mark.KEPT, "A paragraph of "
    )
    assert third == (Run(Mark.PUT_IN, "And a third."),)


def test_a_paragraph_that_has_next_to_nothing_in_common_is_struck_whole():
    runs = rules.compared(
        "The senator is dead and nobody mourns.", "All of it was a lie from the start and on."
    )
    assert [run.mark for run in runs] == [Mark.STRUCK, Mark.PUT_IN]


def test_a_break_that_goes_leaves_a_sign():
    shown = rules.in_paragraphs(rules.compared("One.\n\nTwo.", "One. Two."))
    assert Run(Mark.STRUCK, "¶") in shown[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 25_000, "a " * 24_999 + "b"),
        ("a\n\n" * 16_000, "b\n\na\n\n" * 8_000),
        ("".join(f"w{n % 97} " for n in range(12_000)), "".join(f"w{n % 89} " for n in range(12_000))),
        (" ".join(map(str, range(9_000))), " ".join(map(str, range(9_000, 0, -1)))),
    ],
)
def test_no_pair_of_texts_takes_long(before, after):
    begun = time.process_time()
    runs = rules.compared(before, after)
    assert time.process_time() - begun < 5
    assert (before_of(runs), after_of(runs)) == (before, after)
