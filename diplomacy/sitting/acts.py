"""What there is to do from a conference's desk: links and buttons."""

from dataclasses import dataclass

from django.urls import reverse

from diplomacy.models import Conference, ConferenceStage
from khitomer.access import Viewer


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing to do from the desk: a link, or with `post` a button that `sends` these fields to the address."""

    label: str
    path: str
    post: bool = False
    sends: tuple[tuple[str, str], ...] = ()
    tone: str = ""


def opening_act(viewer: Viewer, conference: Conference) -> Act:
    """The button that opens the sitting, for the first time or again."""
    again = "" if conference.stage == ConferenceStage.PLANNED else " again"
    return Act(
        label=f"Open the sitting{again}",
        path=path_of(viewer, "conference-stage", conference=conference.slug),
        post=True,
        sends=(("to", ConferenceStage.OPEN.value),),
        tone="go",
    )


def path_of(viewer: Viewer, name: str, **where: object) -> str:
    return reverse(name, kwargs={"campaign": viewer.campaign.slug, **where})
