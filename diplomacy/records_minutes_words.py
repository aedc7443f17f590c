"""The sentences of the minutes: one kind of line after the other, in the past tense, as a secretary writes.

What a row's `data` holds, by its kind, all of it optional, names being powers' names:

- ROLL: `present`, `absent`: lists of names; `observers`: a list of names
- SPOKE: `side` ("for", "against" or ""), `reply` (true for a right of reply), `seconds`
- POINT: `about`, `ruling` ("sustained" or "not sustained"), `reason`; without a ruling it was raised
- MOVED: `title`, `kind` (a `MotionKind`), `number`; without a power, the chair moved it
- RULED: `what` ("in order", "ruled out", "overruled on appeal"), `reason`, `by_motion`, `stage` of the complaint;
  of a point of order, `point`, how it now stands, and `about`, with the power that raised it
- DEBATE: `what` (a step, a stage, or "reconsidered"), `by_motion`
- AMENDED: of the whole, `number` of the amendment, `operation`, `fell` (numbers of those rejected by implication);
  of a clause voted apart, `what` "clause fell" and `clause`, its number; `text`, one more sentence
- VOTE_OPENED: `mode`, `second` (true for a second vote), `drawn` (the seat drawn to vote first)
- VOTE_CLOSED: `outcome`, `reason`, `mode`, `yes`, `no`, `abstain`, `not_voting`, `vetoed_by` (list of names),
  `casting` (a choice), `choices` {name: choice}, never for a secret vote
- DECIDED: `stage` (a `ComplaintStage`), `reason`
- ENACTED, UNDONE: `number` and `title` of the resolution, `reason`
- OVERRULED: `step`, `reason`
- OPENED: `after`, the stage before; SUSPENDED, CLOSED: with the motion that moved it, if one did
- HEARING, HEARD, DEFAULT, SECONDED, WITHDRAWN: nothing
- NOTE: `text`, in a sentence of its own
"""

from collections.abc import Callable
from typing import Any

from diplomacy.models import Minute, MinuteKind
from diplomacy.records import called
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import MAIN_KINDS, MotionKind


def sentence(row: Minute) -> str:
    """One line of the minutes in words. Fetch `power`, `motion` and `complaint` with it."""
    return _SENTENCES.get(MinuteKind(row.kind), _noted)(row)


def _who(row: Minute, otherwise: str = "The chair") -> str:
    return _capital(called(row.power)) if row.power else otherwise


def _what(row: Minute) -> str:
    """The motion, as the sentence calls it: "motion 3, “On the prisoners”", "amendment 5", "motion 4 (to adjourn)"."""
    kind = row.motion.kind if row.motion else row.data.get("kind", MotionKind.SUBSTANTIVE)
    number = row.motion.number if row.motion else row.data.get("number", "")
    title = str(row.data.get("title") or (row.motion.title if row.motion else ""))
    if kind == MotionKind.AMENDMENT:
        return f"amendment {number}".strip()
    name = f"motion {number}".strip()
    if not title:
        return name
    return f"{name}, “{title}”" if kind in MAIN_KINDS else f"{name} ({title[:1].lower()}{title[1:]})"


def _matter(row: Minute) -> str:
    """The complaint by its number alone: its text may be back with its delegation."""
    return f"complaint No. {row.complaint.number}" if row.complaint else "the complaint"


def _then(name: str) -> str:
    """What is named, before the words that follow: a title in quotation marks stands between commas."""
    return f"{name}," if name.endswith("”") else name


def _subject(row: Minute) -> str:
    return _what(row) if row.motion or "number" in row.data else _matter(row)


def _because(row: Minute) -> str:
    reason = str(row.data.get("reason") or "").strip()
    return f" {_full_stop(_capital(reason))}" if reason else ""


def _given_reason(row: Minute) -> str:
    reason = str(row.data.get("reason") or "").strip()
    return f" Reason given: {_full_stop(reason)}" if reason else ""


def _opened(row: Minute) -> str:
    if row.data.get("after") == "suspended":
        return "The sitting was resumed."
    return f"The sitting was opened{' again' if row.data.get('after') == 'closed' else ''}, {row.on.words()}."


def _suspended(row: Minute) -> str:
    return f"The sitting was suspended{_by_motion(row)}.{_because(row)}"


def _closed(row: Minute) -> str:
    return f"The sitting was closed{_by_motion(row)}.{_because(row)}"


def _by_motion(row: Minute) -> str:
    return f", as motion {row.motion.number} had it" if row.motion else ""


def _roll(row: Minute) -> str:
    present, absent, observers = (_names(row, key) for key in ("present", "absent", "observers"))
    said = "The roll was called."
    if "present" in row.data:
        said += f" Present: {', '.join(present) or 'nobody'}."
    if absent:
        said += f" Absent: {', '.join(absent)}."
    if observers:
        said += f" Observing: {', '.join(observers)}."
    return said


def _hearing(row: Minute) -> str:
    return f"The hearing of {_matter(row)} was opened."


def _heard(row: Minute) -> str:
    return f"{_who(row, 'A party')} was heard on {_matter(row)}."


def _default(row: Minute) -> str:
    return f"{_who(row, 'A party')} did not appear on {_matter(row)} and was noted in default."


def _spoke(row: Minute) -> str:
    side = {"for": " in favour", "against": " against"}.get(str(row.data.get("side") or ""), "")
    on = f" of {_what(row)}" if row.motion and side == " in favour" else f" {_what(row)}" if side else ""
    if row.motion and not side:
        on = f" on {_what(row)}"
    elif not row.motion:
        on = f" on {_matter(row)}" if row.complaint else ""
    if row.data.get("reply"):
        return f"{_who(row)} spoke in reply{on if not side else ''}."
    return f"{_who(row)} spoke{side}{on}."


def _point(row: Minute) -> str:
    about = str(row.data.get("about") or "").strip()
    said = f"{_who(row, 'A delegate')} raised a point of order{': ' + _full_stop(about) if about else '.'}"
    ruling = str(row.data.get("ruling") or "")
    return f"{said} The chair ruled that it was {ruling}.{_because(row)}" if ruling else said


def _moved(row: Minute) -> str:
    return f"{_who(row)} moved {_what(row)}."


def _seconded(row: Minute) -> str:
    return f"{_who(row, 'Another delegation')} seconded {_what(row)}."


def _ruled(row: Minute) -> str:
    what = str(row.data.get("ruling") or row.data.get("what") or "").strip()
    if what == "overruled on appeal":
        return _overruled_on_appeal(row)
    said = {
        "in order": f"The chair ruled {_then(_subject(row))} in order.",
        "ruled out": f"The chair ruled {_then(_subject(row))} out of order.",
    }
    words = said.get(what, f"The chair ruled on {_subject(row)}{': ' + what if what else ''}.")
    return f"{words}{_because(row)}"


def _overruled_on_appeal(row: Minute) -> str:
    """The conference against its chair: on a motion, on a point of order, or on whether a complaint is heard."""
    by = row.data.get("by_motion")
    if row.data.get("point"):
        whose = f" of {called(row.power)}" if row.power else ""
        said = f"On appeal (motion {by}), the conference overruled the chair’s ruling on the point of order{whose}"
        return f"{said}, which is now {row.data['point']}."
    if row.complaint and row.data.get("stage"):
        now = f", which is now {row.data['stage']}"
        return f"On appeal, the conference overruled the chair’s ruling on {_matter(row)}{now}."
    appeal = f"On appeal (motion {by})" if by else "On appeal"
    return f"{appeal}, the conference overruled the chair’s ruling on {_what(row)}."


def _debate(row: Minute) -> str:
    what = str(row.data.get("what") or "opened")
    by = row.data.get("by_motion")
    words = {
        "take amendments": f"The amendments to {_then(_what(row))} were taken up.",
        "divide": f"The division of {_then(_what(row))} was taken up.",
        "reconsidered": f"{_capital(_then(_what(row)))} was taken up again{f', as motion {by} had it' if by else ''}.",
    }.get(what)
    return (
        f"{words or f'The debate on {_then(_subject(row))} was {_DEBATES.get(what, what)}.'}{_because(row)}"
    )


_DEBATES = {
    "open debate": "opened",
    "debate": "opened",
    "adjourn debate": "adjourned",
    "close debate": "closed",
}


def _amended(row: Minute) -> str:
    if row.data.get("what") == "clause fell":
        whole = f"motion {row.motion.parent.number}" if row.motion and row.motion.parent else "the motion"
        return f"Clause {row.data.get('clause', '')} of {whole} fell, for it was voted apart and not adopted."
    text = str(row.data.get("text") or "").strip()
    number = row.data.get("number")
    how = {"add": "a clause was added", "strike": "a clause was struck", "replace": "a clause was replaced"}
    done = how.get(str(row.data.get("operation") or ""), "")
    by = f" by amendment {number}" if number and row.motion and number != row.motion.number else ""
    said = f"{_capital(_then(_what(row)))} was amended{by}{': ' + done if done else ''}."
    fell = [str(each) for each in row.data.get("fell") or ()]
    if fell:
        said += f" Rejected by implication: amendment{'s' if len(fell) > 1 else ''} {', '.join(fell)}."
    return f"{said} {_full_stop(text)}" if text else said


def _withdrawn(row: Minute) -> str:
    return f"{_who(row)} withdrew {_subject(row)}.{_because(row)}"


def _vote_opened(row: Minute) -> str:
    again = "a second time" if row.data.get("second") else ""
    how = _MODES.get(str(row.data.get("mode") or ""), "")
    said = (
        " ".join(part for part in (f"{_capital(_then(_what(row)))} was put to the vote", again, how) if part)
        + "."
    )
    drawn = str(row.data.get("drawn") or "")
    return f"{said} {_capital(drawn)} was drawn to vote first." if drawn else said


_MODES = {
    Mode.OPEN.value: "openly",
    Mode.ROLL_CALL.value: "by roll call",
    Mode.HANDS.value: "by show of hands",
    Mode.SECRET.value: "by secret ballot",
}


def _vote_closed(row: Minute) -> str:
    given = str(row.data.get("outcome") or "")
    outcome = _OUTCOMES.get(given, "voted on")
    if given == "vetoed":
        names = " and ".join(map(str, row.data.get("vetoed_by") or ()))
        outcome = f"vetoed by {names}" if names else outcome
    casting = str(row.data.get("casting") or "")
    cast = f" The chair’s casting vote was {casting}." if casting else ""
    return f"{_capital(_then(_what(row)))} was {outcome}{_counted(row, given)}{cast}"


def _counted(row: Minute, outcome: str) -> str:
    """The tally's own reason, which has the count in it; where there is none, the count."""
    reason = str(row.data.get("reason") or "").strip()
    opening = f"{outcome}: "
    if reason.lower().startswith(opening):
        return f": {_full_stop(reason[len(opening) :])}"
    if reason:
        return f".{_because(row)}"
    counts = [
        f"{row.data[key]} {word}"
        for key, word in _COUNTS
        if row.data.get(key) or (row.data.get(key) == 0 and key in ("yes", "no"))
    ]
    return f", with {', '.join(counts)}." if counts else "."


_COUNTS = (
    ("yes", "in favour"),
    ("no", "against"),
    ("abstain", "abstaining"),
    ("not_voting", "not voting"),
)


_OUTCOMES = {
    "adopted": "adopted",
    "rejected": "rejected",
    "vetoed": "vetoed",
    "tied": "tied",
    "no quorum": "void for want of a quorum",
}


def votes(row: Minute) -> tuple[tuple[str, str], ...]:
    """Who chose what, by choice and then by name. Of a secret vote nothing, whatever the row may hold."""
    choices = row.data.get("choices")
    mode = row.data.get("mode") or (row.motion.mode if row.motion else Mode.SECRET.value)
    if mode == Mode.SECRET.value or not isinstance(choices, dict):
        return ()
    return tuple(
        (label, ", ".join(names))
        for choice, label in (("yes", "In favour"), ("no", "Against"), ("abstain", "Abstaining"))
        if (names := sorted(_bare(str(name)) for name, given in choices.items() if given == choice))
    )


def _bare(name: str) -> str:
    return name.removeprefix("the ")


def _decided(row: Minute) -> str:
    stage = str(row.data.get("stage") or row.data.get("finding") or "")
    said = {
        "breach": f"The conference found a breach in {_matter(row)}.",
        "no breach": f"The conference found no breach in {_matter(row)}.",
        "no decision": f"The conference came to no decision on {_matter(row)}.",
    }
    words = said.get(stage, f"{_capital(_matter(row))} was decided{': ' + stage if stage else ''}.")
    return f"{words}{_because(row)}"


def _resolution(row: Minute) -> str:
    number, title = row.data.get("number", ""), row.data.get("title") or ""
    if not number:
        return f"the resolution on {_what(row)}"
    return f"resolution {number}" + (f", “{title}”" if title else "")


def _enacted(row: Minute) -> str:
    return f"{_capital(_then(_resolution(row)))} took effect.{_because(row)}"


def _undone(row: Minute) -> str:
    reason = str(row.data.get("reason") or row.data.get("why") or "").strip()
    return f"{_capital(_then(_resolution(row)))} was undone.{' Reason given: ' + _full_stop(reason) if reason else ''}"


def _overruled(row: Minute) -> str:
    step = str(row.data.get("step") or "").strip()
    about = _subject(row) if row.motion or row.complaint else ""
    done = " · ".join(part for part in (about, step) if part)
    return f"Overruled by the chair{' (' + done + ')' if done else ''}.{_given_reason(row)}"


def _noted(row: Minute) -> str:
    return _full_stop(str(row.data.get("text") or MinuteKind(row.kind).label))


_SENTENCES: dict[MinuteKind, Callable[[Minute], str]] = {
    MinuteKind.OPENED: _opened,
    MinuteKind.SUSPENDED: _suspended,
    MinuteKind.CLOSED: _closed,
    MinuteKind.ROLL: _roll,
    MinuteKind.HEARING: _hearing,
    MinuteKind.HEARD: _heard,
    MinuteKind.DEFAULT: _default,
    MinuteKind.SPOKE: _spoke,
    MinuteKind.POINT: _point,
    MinuteKind.MOVED: _moved,
    MinuteKind.SECONDED: _seconded,
    MinuteKind.RULED: _ruled,
    MinuteKind.DEBATE: _debate,
    MinuteKind.AMENDED: _amended,
    MinuteKind.WITHDRAWN: _withdrawn,
    MinuteKind.VOTE_OPENED: _vote_opened,
    MinuteKind.VOTE_CLOSED: _vote_closed,
    MinuteKind.DECIDED: _decided,
    MinuteKind.ENACTED: _enacted,
    MinuteKind.UNDONE: _undone,
    MinuteKind.OVERRULED: _overruled,
    MinuteKind.NOTE: _noted,
}


def _names(row: Minute, key: str) -> list[str]:
    given: Any = row.data.get(key)
    return sorted(map(str, given)) if isinstance(given, list | tuple) else []


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _full_stop(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", "”")) else f"{text}."
