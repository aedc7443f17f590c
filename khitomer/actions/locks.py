"""The lock that comes before every other lock of a campaign (docs/architecture.md, Locks)."""

from khitomer.models import Campaign


def lock(campaign: Campaign) -> Campaign:
    """The campaign's row, read afresh and held until the transaction ends: one writer at a time decides.

    Its key is left free, so that rows may go on to name the campaign meanwhile.
    """
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
