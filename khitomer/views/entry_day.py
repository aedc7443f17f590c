"""The page of an entry as of an earlier day of the story: `?on=2375`."""

from dataclasses import dataclass

from django import forms

from khitomer.access import Request
from khitomer.actions import versions
from khitomer.actions.past import state_on
from khitomer.forms.fields import StoryDateField
from khitomer.markup import render
from khitomer.models import Entry
from khitomer.rules.dates import StoryDate


class OnForm(forms.Form):
    on = StoryDateField(required=False)


@dataclass(frozen=True)
class Day:
    """What an entry's page shows: as of `date`, or (None) of today. `asked` and `error` are its form's."""

    text_html: str
    fate: str
    date: StoryDate | None = None
    name: str = ""  # what it was called then, where that was another name
    older: bool = False  # older than the oldest text that was kept
    asked: str = ""
    error: str = ""


def asked_of(request: Request, entry: Entry, text_html: str) -> Day:
    """The day asked for in the address; `text_html` is what the viewer reads on the page today.

    The GM reads the text as it then stood; players read today's, for an old text may say what was made a secret since.
    What became of it is as of the day for everyone.
    """
    form = OnForm(request.GET if "on" in request.GET else None)
    asked = request.GET.get("on", "").strip()[:40]
    if not form.is_valid():
        return Day(text_html, entry.fate, asked=asked, error=" ".join(form.errors.get("on", ())))
    date = form.cleaned_data["on"]
    if date is None:
        return Day(text_html, entry.fate)
    then = state_on(request.viewer.campaign, date).entries.get(entry.slug)
    fate = then.fate if then else entry.fate
    version = versions.version_on(entry, date) if request.viewer.is_gm else None
    if version is None:
        return Day(text_html, fate, date=date, asked=asked)
    return Day(
        render(version.content["text"]),
        fate,
        date=date,
        name="" if version.content["name"] == entry.name else version.content["name"],
        older=str(version.story_date) > date.last.isoformat(),
        asked=asked,
    )
