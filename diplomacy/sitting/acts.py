"""What there is to do from a conference's desk: links and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from diplomacy.models import Conference, ConferenceStage
from khitomer.access import Viewer


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing to do from the desk: a link, or with `post` a button that `sends` these fields to the address.

    With `asks`, that question comes first, with `because` under it, and the button stands below.
    """

    label: str
    path: str
    post: bool = False
    sends: tuple[tuple[str, str], ...] = ()
    tone: str = ""
    asks: str = ""
    because: str = ""


def opening_act(viewer: Viewer, conference: Conference) -> Act:
    """The button that opens the sitting, for the first time or again."""
    again = {
        ConferenceStage.SUSPENDED: "Take up the sitting",
        ConferenceStage.CLOSED: "Open the sitting again",
    }
    return Act(
        label=again.get(ConferenceStage(conference.stage), "Open the sitting"),
        path=path_of(viewer, "conference-stage", conference=conference.slug),
        post=True,
        sends=(("to", ConferenceStage.OPEN.value),),
        tone="go",
    )


AT_DESK = (("at", "desk"),)
"""What a button of the desk sends so that whoever presses it stays there."""


FEW = 3
"""With fewer ballots than this in the box, the result of a secret vote tells what somebody cast."""


def closing_act(label: str, path: str, missing: Sequence[str], *, few: bool = False) -> Act:
    """The button that closes a vote: one press when all have voted, and asked first while seats are missing.

    `few` says that a secret vote has so few ballots that its result would tell whose they are.
    """
    asks = because = ""
    if missing:
        asks = f"Close with {len(missing)} seat{'s' if len(missing) > 1 else ''} missing?"
        because = f"Not voted yet: {', '.join(missing)}. A vote that is closed is not opened again."
        if few:
            because += " With so few ballots in the box, the result would tell what was cast by whom."
    return Act(label=label, path=path, post=True, sends=AT_DESK, tone="go", asks=asks, because=because)


def path_of(viewer: Viewer, name: str, **where: object) -> str:
    return reverse(name, kwargs={"campaign": viewer.campaign.slug, **where})
