"""The campaign as it stood on an earlier day of the story, told from the ledger."""

from khitomer.actions.chronicle import load_state
from khitomer.models import Campaign
from khitomer.rules import changes as rules
from khitomer.rules.dates import StoryDate


def state_on(campaign: Campaign, date: StoryDate) -> rules.State:
    """The state at the end of `date`: today's, with every change that the ledger dates later taken back, last first.

    What was undone never was, whenever that was done. A change whose inverse cannot be made any more (something else
    was edited by hand since) is left as it is. One query more than reading the state.
    """
    state = load_state(campaign)
    stands = campaign.ledger.filter(undoes=None, undone_by=None)
    rows = stands.filter(story_date__gt=date.last.isoformat()).order_by("-sequence")
    for payload in rows.values_list("payload", flat=True):
        try:
            state = rules.step(state, rules.from_json(payload["inverse"])).state_after
        except rules.Impossible:
            continue
    return state
