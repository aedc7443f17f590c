"""What a campaign is called. None of this is state of the story, so none of it is in the ledger."""

from zoneinfo import available_timezones

from khitomer.errors import Refused
from khitomer.models import Campaign, User

_AREAS = {
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
}  # fmt: skip


def time_zones() -> list[str]:
    """The time zones a table may be in, by the names of their places."""
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in _AREAS)]


def describe(*, campaign: Campaign, name: str, summary: str, time_zone: str | None = None, by: User) -> None:
    """Give the campaign another name, summary and time zone. Its address stays, so that links go on working.

    `Refused` (on `time_zone`) for a zone that nobody knows.
    """
    if time_zone and time_zone not in time_zones():
        raise Refused("There is no such time zone", field="time_zone", allowed="Choose one of the list")
    campaign.name = name
    campaign.summary = summary
    campaign.time_zone = time_zone or campaign.time_zone
    campaign.save(update_fields=["name", "summary", "time_zone"])
