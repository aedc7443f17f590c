"""What counts as quoting a parley."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplomacy.rules.sealing import WORDS, quoted, repeats, runs

SAID = "We would return the prisoners of Ajilon before the feast, and pay for the mill."


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        "They wrote: we would return the prisoners of Ajilon before they denied it.",
        "WE WOULD RETURN THE PRISONERS OF AJILON BEFORE",
        "We would... return “the” prisoners; of Ajilon — before!",
        "We *would* return the **pris**oners of _Ajilon_ before",
        "We would return the pri\u00adson\u200bers of Ajilon before",
        "Ｗｅ would\nreturn\tthe prisoners of Ajilon before",
        "We would return the pris\\oners of Ajilon before",
        "We would return the pris\u034foners of Ajilon before",
        "We would return the prisoners\ufe0f of Ajilon before",
        "Wé would return the prisoners of Ajilon before",
        "> We would return\n> the prisoners of\n\nAjilon before",
    ],
)
def test_eight_words_in_a_row_repeat_it(text):
    assert repeats(text, sealed=["Nothing of note.", SAID])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We would return the prisoners of Ajilon.",
        "We would return the seven prisoners of Ajilon before the feast",
        "The mill for pay and feast the before Ajilon of prisoners the return would we",
        "return the prisoners of Ajilon before … and pay for the mill",
    ],
)
def test_seven_do_not_nor_do_the_same_words_otherwise(text):
    assert not repeats(text, sealed=[SAID])


def test_what_stood_on_record_anyway_may_be_said_again():
    """Nobody can seal another's own charge by repeating it in the parley."""
    charge = "The Empire holds forty prisoners of Ajilon in breach of provision three"
    assert repeats(charge, sealed=[f"You say that {charge}."])
    assert not repeats(charge, sealed=[f"You say that {charge}."], public=[charge])
    assert repeats(f"{charge}. {SAID}", sealed=[charge, SAID], public=[charge])


def test_words_of_two_texts_make_no_quotation():
    assert not repeats(
        "one two three four five six seven eight", sealed=["one two three four", "five six seven eight"]
    )


def test_every_sealed_text_is_read_once_for_all_that_is_written():
    """A motion of sixty clauses asks no more of a long parley than one of them."""
    read = []

    def sealed():
        for text in ("Nothing of note.", SAID):
            read.append(text)
            yield text

    assert quoted(
        runs(*["Nobody said this at all, in any of the sixty clauses."] * 60, SAID), sealed=sealed()
    )
    assert len(read) == 2


def test_a_few_words_read_nothing():
    assert quoted(runs("Seven words are no quotation of anything"), sealed=iter([None])) == frozenset()


words = st.lists(st.sampled_from("peace war ship moon star mill feast oath law day".split()), max_size=30)
other = st.lists(st.sampled_from("alpha beta gamma delta".split()), max_size=10)


@given(sealed=words, before=other, after=other, start=st.integers(0, 22))
def test_any_eight_words_are_found_wherever_they_stand(sealed, before, after, start):
    run = sealed[start : start + WORDS]
    text = " ".join([*before, *run, *after])
    assert repeats(text, sealed=[" ".join(sealed)]) == (len(run) == WORDS)


@given(sealed=words, said=words)
def test_it_says_so_exactly_when_a_run_is_shared(sealed, said):
    def runs(of):
        return {tuple(of[at : at + WORDS]) for at in range(len(of) - WORDS + 1)}

    assert repeats(" ".join(said), sealed=[" ".join(sealed)]) == bool(runs(said) & runs(sealed))
