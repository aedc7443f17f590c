"""Handouts of every kind for the tests of paper: as usual, with next to nothing on them, and with far too much."""

from __future__ import annotations

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from diplomacy.rules.procedure import MotionStage
from khitomer.actions import pictures
from khitomer.models import Audience, Handout, SessionState
from tests import factories
from tests.diplomacy.sheet_house import lay
from tests.khitomer.sheets_drawn import pdf_data

WORDS = "What was said of the convoy at Ajilon was said in good faith, and was not so. "
"""Sixteen words."""

ALONE = {"brief": "power:klingon", "roll": "gm"}
"""Whose copy is printed of those that are not everyone's."""


def picture(size: tuple[int, int]) -> bytes:
    """A drawn picture: a world and its rings, in a frame that shows where its edges are."""
    image = Image.new("RGB", size, "#1b2334")
    pen, (wide, high) = ImageDraw.Draw(image), size
    radius = min(size) // 4
    middle = (wide // 2, high // 2)
    pen.ellipse(
        [middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius], fill="#c98b4d"
    )
    rings = [
        middle[0] - 2 * radius + 4,
        middle[1] - radius // 3,
        middle[0] + 2 * radius - 4,
        middle[1] + radius // 3,
    ]
    pen.ellipse(rings, outline="#e9dcc0", width=max(2, radius // 20))
    pen.rectangle([0, 0, wide - 1, high - 1], outline="#ef7360", width=max(4, min(size) // 60))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


PORTRAIT, PANORAMA = (900, 1600), (3000, 700)


class Desk:
    """A campaign from which every kind can be made."""

    def __init__(self, campaign: Any) -> None:
        self.campaign = campaign
        self.gm = campaign.memberships.get(role="gm").user
        self.house = lay(campaign)
        self.treaty = self.house.meeting.treaty
        self.person = factories.make_entry(
            campaign,
            "Captain Nisk",
            kind="person",
            text="She holds the *Archanis* station, and forgets no slight.",
            audience="all",
        )
        self.place = factories.make_entry(
            campaign, "Archanis Nine", kind="place", text=WORDS * 6, audience="all"
        )
        for entry, size in ((self.person, PORTRAIT), (self.place, PANORAMA)):
            self.bear(entry, size)
        self.session = factories.make_session(
            campaign, "The border", ["The roll", "The vote"], state=SessionState.CLOSED
        )
        self.session.recap = f"**The border.** {WORDS * 4}"
        self.session.recap_html = f"<p><strong>The border.</strong> {WORDS * 4}</p>"
        self.session.save()
        self.clocks = [
            factories.make_clock(campaign, f"The fleet of {name} gathers")
            for name in ("Mavek", "Nisk", "Orr")
        ]
        adopted = factories.make_motion(self.house.meeting, MotionStage.ADOPTED, complaint=self.house.first)
        self.resolution = factories.make_resolution(campaign, adopted)

    def bear(self, thing: Any, size: tuple[int, int]) -> None:
        drawn = pictures.draw(picture(size))
        pictures.give_picture(
            to=thing, data=drawn, alt="A world with its rings", by=self.gm, now=factories.NOW
        )

    def details(self) -> dict[str, dict[str, Any]]:
        """What each form was given, by kind."""
        powers = {power.slug: power.pk for power in self.campaign.powers.all()}
        meeting = {"conference": self.house.meeting.pk}
        return {
            "page": {},
            "letter": {
                "letterhead": powers["klingon"], "office": "The High Council", "reference": "HC 114", "place": "First City",
                "dated": "2379-03-12", "addressee": "the President of the Federation", "salutation": "To the Council,",
                "closing": "With the honour that is due,", "sender": "Martok, son of Urthog",
            },
            "communique": {"issuers": [powers["klingon"], powers["federation"]], "place": "Khitomer", "dated": "2379-03", "reference": "7"},
            "intercept": {
                "origin": "Warbird Talvath", "destination": "Romulus", "channel": "subspace, band 4", "dated": "2379-03-12",
                "grade": "For the Tal Shiar alone", "taken_by": powers["federation"],
            },
            "cards": {"entries": [self.person.pk, self.place.pk], "size": "poker", "back": "star"},
            "dossier": {"entry": self.place.pk, "secrets": True},
            "treaty": {"treaty": self.treaty.pk, "parties": True, "reservations": True, "signatures": True},
            "provision": {"provision": self.treaty.provisions.first().pk, "parties": True, "reservations": True, "uses": True},
            "clocks": {"clocks": [clock.pk for clock in self.clocks]},
            "recap": {"session": self.session.pk, "attendance": True},
            "chart": {"tiles": "2x2", "places": True},
            "order": {**meeting, "hour": "0900 hours", "chair": "The Keeper", "note": "Rise to speak."},
            "brief": {**meeting, "power": powers["klingon"]},
            "summons": {"complaint": self.house.first.pk},
            "resolution": {"resolution": self.resolution.pk, "signatures": True},
            "placards": {**meeting, "remark": "Rise to speak."},
            "ballots": {**meeting, "motion": self.house.finding.pk},
            "roll": {**meeting, "motion": self.house.finding.pk},
        }  # fmt: skip

    def make(self, kind: str, *, text: str = "", title: str = "", **changed: Any) -> Handout:
        """A handout of this kind that everyone was shown, with `changed` details."""
        given = {**self.details().get(kind, {}), **changed}
        title = title or f"The {kind}"
        return factories.make_handout(
            self.campaign, title, kind=kind, details=given, text=text, audience=Audience.ALL
        )


def sheet(client: Any, handout: Handout, **press: str) -> bytes:
    """The PDF of a handout: everyone's copy, where it is not somebody's alone."""
    return pdf_data(client, handout, ALONE.get(handout.kind, "all"), **press)


def looks(pdf: bytes, *, page: int, dots: int = 40) -> Image.Image:
    """A page of a PDF as a grey picture of so many dots to the inch."""
    with tempfile.TemporaryDirectory(prefix="khitomer-page-") as folder:
        place = Path(folder) / "in.pdf"
        place.write_bytes(pdf)
        command = [
            "pdftoppm",
            "-gray",
            "-r",
            str(dots),
            "-f",
            str(page),
            "-l",
            str(page),
            "-singlefile",
            "-png",
        ]
        subprocess.run([*command, str(place), str(Path(folder) / "out")], check=True, capture_output=True)
        return Image.open(BytesIO((Path(folder) / "out.png").read_bytes())).convert("L")
