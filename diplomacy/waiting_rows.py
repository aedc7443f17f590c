"""A row of a desk, and how a complaint is named and coloured in one."""

from dataclasses import dataclass

from diplomacy.models import Complaint


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One row of a desk: whose colours it bears, what it is, what is asked, and where that is done."""

    title: str
    sentence: str
    tag: str
    tone: str
    url: str
    colours: tuple[str, ...]


def title_of(complaint: Complaint) -> str:
    """Fetch `joinders__power` before for many rows."""
    number = f"No. {complaint.number}" if complaint.number else "Filed"
    return f"{number} · {complaint.complainant} v. {complaint.against}"


def colours_of(complaint: Complaint) -> tuple[str, ...]:
    """The complainant's colour and then the respondents'. Fetch `joinders__power` before for many rows."""
    return complaint.complainant.colour, *complaint.their_colours
