"""How an instrument writes numbers, days and the result of a vote: in words, as a secretariat would."""

import re
from collections.abc import Sequence
from fractions import Fraction

from diplomacy.rules.tally import Base, Choice, Kind, Tally, Tie, VotingRule
from khitomer.rules.dates import Precision, StoryDate

_NUMBERS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_ORDINALS = (
    "", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth",
    "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first",
)  # fmt: skip
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def roman(number: int) -> str:
    """A whole number of at least 1 in Roman numerals. Raises ValueError below."""
    if number < 1:
        raise ValueError(f"{number} has no Roman numeral.")
    written = ""
    for value, numeral in _ROMAN:
        times, number = divmod(number, value)
        written += numeral * times
    return written


def in_words(number: int) -> str:
    """A count as a word up to twenty ("none" for 0), beyond in figures."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def on_the_day(date: StoryDate) -> str:
    """A date as a sentence takes it: "on the fourteenth of March 2379", "in March 2379", "in 2379"."""
    if date.precision is not Precision.DAY or date.day is None:
        return f"in {date.words()}"
    return f"on the {_ORDINALS[date.day]} of {StoryDate(date.year, date.month).words()}"


def adopted(tally: Tally, rule: VotingRule, *, recused: int = 0, casting: Choice | None = None) -> str:
    """How a motion was adopted: "Adopted by six votes to one, with two abstentions; the parties did not vote."

    `recused` counts the parties set aside, who are part of the sentence where there are any.
    """
    sentence = f"Adopted {_by(tally, rule, casting)}"
    rest = []
    if recused:
        rest.append("the parties did not vote" if recused > 1 else "the party did not vote")
    if tally.not_voting:
        rest.append(f"{_silent(tally.not_voting, 'other' if recused else 'member')} cast no vote")
    return "; ".join([sentence, *rest]) + "."


def _by(tally: Tally, rule: VotingRule, casting: Choice | None) -> str:
    abstentions = _with(tally.abstain)
    if rule.kind is Kind.CONSENSUS:
        return f"by consensus{abstentions}"
    if rule.kind is Kind.REVERSE_CONSENSUS:
        return f"under reverse consensus, by {_votes(tally.yes)} to {in_words(tally.no)}{abstentions}"
    if casting is Choice.YES and tally.yes == tally.no:
        return (
            f"by {_votes(tally.yes)} to {in_words(tally.no)} and the casting vote of the chair{abstentions}"
        )
    if tally.yes > 1 and not (tally.no or tally.abstain or tally.not_voting):
        return f"unanimously, by {_votes(tally.yes)}"
    return f"by {_votes(tally.yes)} to {in_words(tally.no)}{abstentions}"


def _silent(number: int, noun: str) -> str:
    return f"{in_words(number)} {noun}{'' if number == 1 else 's'}"


def _votes(number: int) -> str:
    return f"{in_words(number)} {'vote' if number == 1 else 'votes'}"


def _with(abstentions: int) -> str:
    if not abstentions:
        return ""
    return f", with {in_words(abstentions)} {'abstention' if abstentions == 1 else 'abstentions'}"


_FIGURES = re.compile(r" go(?:es)? from (?=[+\u2212\d])")

_SHARES = {
    Fraction(1, 2): "half",
    Fraction(1, 3): "a third",
    Fraction(2, 3): "two thirds",
    Fraction(3, 4): "three quarters",
    Fraction(3, 5): "three fifths",
}
_BASES = {
    Base.CAST: "the votes cast",
    Base.PRESENT: "the seats present",
    Base.MEMBERSHIP: "the whole membership",
}
_TIES = {
    Tie.REJECT: "equal votes reject",
    Tie.CASTING: "on equal votes the chair decides",
    Tie.SECOND_VOTE: "on equal votes there is a second vote",
}


def share(fraction: Fraction, *, at_least: bool) -> str:
    """A share in words: "more than half", "at least two thirds", "at least 5/9"."""
    return f"{'at least' if at_least else 'more than'} {_SHARES.get(Fraction(fraction), str(fraction))}"


def threshold(rule: VotingRule) -> str:
    """What a majority has to reach: "more than half of the votes cast"."""
    return f"{share(rule.threshold, at_least=rule.at_least)} of {_BASES[rule.base]}"


def needed_in_words(rule: VotingRule, *, needed: int, of: int) -> str:
    """What was needed, counted: "6 of the 8 votes cast were needed"."""
    counted = {Base.CAST: "vote", Base.PRESENT: "seat", Base.MEMBERSHIP: "member"}[rule.base]
    which = {Base.CAST: " cast", Base.PRESENT: " present"}.get(rule.base, "")
    noun = f"{counted}{'' if of == 1 else 's'}{which}"
    return f"{needed} of the {of} {noun} {'was' if needed == 1 else 'were'} needed"


def what_changes(sentence: str) -> str:
    """The sentence of a change without its figures, for where before → after stands beside it."""
    return _FIGURES.split(sentence, maxsplit=1)[0]


def says_after(sentence: str, after: str) -> bool:
    """Whether a sentence already tells what is so afterwards, as that of an event does with its title."""
    title = after.partition(": ")[2]
    return bool(title) and title in sentence


def rule_in_words(rule: VotingRule) -> str:
    """A voting rule in a line: "More than half of the votes cast; quorum at least half of the members; …"."""
    parts: Sequence[str] = {
        Kind.CONSENSUS: ["consensus: nobody present votes against"],
        Kind.REVERSE_CONSENSUS: ["reverse consensus: adopted unless every vote cast is against"],
    }.get(rule.kind, [threshold(rule), _TIES[rule.tie]])
    quorum = []
    if rule.quorum:
        quorum = [f"quorum {share(rule.quorum, at_least=not rule.quorum_more_than)} of the members"]
    veto = ["a veto stops it"] if rule.veto else []
    words = "; ".join([*parts, *quorum, *veto])
    return f"{words[0].upper()}{words[1:]}."
