"""Time-limits in story days: when one that begins today comes due, and whether one has run."""

from khitomer.rules.dates import Answer, StoryDate


def due_after(today: StoryDate, days: int) -> StoryDate:
    """The last day of a limit of so many days; of a month or a year, counted from its last day.

    Nobody loses a day because the record does not say which one it is.
    """
    return StoryDate.from_day(today.last).plus_days(days)


def has_run(due: StoryDate | None, today: StoryDate) -> bool:
    """Whether a limit is over for certain: the day on which it is due still belongs to it. No limit has never run."""
    return due is not None and due.before(today) is Answer.YES
