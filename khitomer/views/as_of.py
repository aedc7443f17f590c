"""`?on=2374`: a page as of an earlier day of the story."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import QueryDict

from khitomer.access import Request
from khitomer.forms.chronicle import LookForm
from khitomer.rules.dates import Answer, StoryDate


@dataclass(frozen=True)
class AsOf:
    """The day a page is shown as of. `asked` is what was typed, `error` what is wrong with it."""

    day: StoryDate
    asked: str = ""
    error: str = ""
    past: bool = False


def as_of(request: Request) -> AsOf:
    """The day that the address asks for; today, with the reason, where it is no day of the story so far.

    A part that is sent from a page is shown as of that page's day.
    """
    sent_from = urlsplit((request.htmx and request.htmx.current_url_abs_path) or "").query
    given = QueryDict(sent_from) if request.method == "POST" else request.GET
    today, asked = request.viewer.campaign.today, given.get("on", "").strip()[:20]
    if not asked:
        return AsOf(today)
    form = LookForm({"to": asked})
    if not form.is_valid():
        return AsOf(today, asked, form.errors["to"][0])
    day: StoryDate = form.cleaned_data["to"]
    if today.before(day) is Answer.YES:
        return AsOf(today, asked, f"The story has come no further than {today.words()}.")
    return AsOf(day, asked, past=day != today)
