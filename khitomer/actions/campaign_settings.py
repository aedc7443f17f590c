"""What a campaign is called. None of this is state of the story, so none of it is in the ledger."""

from khitomer.models import Campaign, User


def describe(*, campaign: Campaign, name: str, summary: str, by: User) -> None:
    """Give the campaign another name and summary. Its address stays, so that links go on working."""
    campaign.name = name
    campaign.summary = summary
    campaign.save(update_fields=["name", "summary"])
