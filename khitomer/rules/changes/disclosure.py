"""Changes to who may see an archive entry: it is disclosed, and a disclosure is taken back.

Of either only those hear who may see the entry afterwards. The sentence says whom it was told to, never who knew
before: a delegate who may see the entry learns no more than that. Before → after does say it, and is for the GM.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from khitomer.rules.changes.core import (
    Audience,
    Change,
    Entry,
    Impossible,
    State,
    Step,
    check_audience,
    found,
    having,
)


@dataclass(frozen=True, kw_only=True)
class DiscloseEntry(Change):
    """An entry is opened to the powers named, or to everyone where none is (`to` is empty).

    Whoever knew of it goes on knowing. To tell those who know already changes nothing and is no error: a refusal would
    say who knows.
    """

    kind: ClassVar[str] = "disclose entry"
    entry: str
    to: tuple[str, ...] = ()

    def step(self, state: State) -> Step:
        entry = found(state.entries, self.entry, "entry")
        names = [state.power(slug).name for slug in self.to]
        after = entry
        if not self.to:
            after = replace(entry, audience="all", told=())
        elif entry.audience != "all":
            told = tuple(sorted({*entry.told, *self.to}))
            after = replace(entry, audience="powers", told=told)
        return Step(
            change=self,
            state_after=replace(state, entries=having(state.entries, self.entry, after)),
            before=audience_words(state, entry),
            after=audience_words(state, after),
            sentence=f"“{entry.name}” is disclosed to {', '.join(names) or 'everyone'}",
            inverse=CloseEntry(
                entry=self.entry,
                audience=entry.audience,
                told=entry.told,
                was=after.audience,
                was_told=after.told,
            ),
            audience=after.audience,
            told=after.told,
        )


@dataclass(frozen=True, kw_only=True)
class CloseEntry(Change):
    """A disclosure is taken back: the entry is open to those alone who knew of it before.

    `was` and `was_told` say to whom the disclosure had opened it. It is taken back only while that is so, and never
    from a power that has been told a secret kept on the entry.
    """

    kind: ClassVar[str] = "close entry"
    entry: str
    audience: Audience
    told: tuple[str, ...] = ()
    was: Audience
    was_told: tuple[str, ...] = ()

    def step(self, state: State) -> Step:
        entry = found(state.entries, self.entry, "entry")
        check_audience(state, self.audience, self.told)
        if (entry.audience, entry.told) != (self.was, self.was_told):
            raise Impossible(
                f"By now “{entry.name}” is {audience_words(state, entry)}, which is not what the disclosure left",
                "Choose on the entry’s own page who may see it",
            )
        # Persons who were told beside the powers go on knowing.
        left: Audience = "powers" if self.audience == "gm" and entry.persons else self.audience
        after = replace(entry, audience=left, told=self.told)
        if not _within(after, entry):
            raise Impossible(f"“{entry.name}” would be opened and not closed", "Disclose it instead")
        _check_secrets(state, after)
        return Step(
            change=self,
            state_after=replace(state, entries=having(state.entries, self.entry, after)),
            before=audience_words(state, entry),
            after=audience_words(state, after),
            sentence=f"The disclosure of “{entry.name}” is taken back",
            inverse=DiscloseEntry(entry=self.entry, to=() if self.was == "all" else self.was_told),
            audience=after.audience,
            told=after.told,
        )


def audience_words(state: State, entry: Entry) -> str:
    """To whom an entry is open, for the GM's eyes."""
    if entry.audience == "all":
        return "open to everyone"
    if entry.audience == "gm":
        return "the GM’s alone"
    return f"open to {', '.join([*(state.power(slug).name for slug in entry.told), *entry.persons])}"


def _within(inner: Entry, outer: Entry) -> bool:
    """Whether an audience reaches nobody that the other does not."""
    if outer.audience == "all" or inner.audience == "gm":
        return True
    return inner.audience == outer.audience == "powers" and set(inner.told) <= set(outer.told)


def _check_secrets(state: State, closed: Entry) -> None:
    """Refuse to close an entry to somebody who knows a secret kept on it: that would name what they cannot see."""
    if closed.audience == "all":
        return
    kept = [state.power(slug).name for slug in closed.secret_told if slug not in closed.told]
    if closed.secret_for_all or kept:
        whom = "everyone" if closed.secret_for_all else ", ".join(kept)
        raise Impossible(
            f"A secret on “{closed.name}” is open to {whom}, who would no longer see the entry",
            "Close that secret first",
        )
