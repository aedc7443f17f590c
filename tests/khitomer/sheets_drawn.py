"""What the tests of sheets share: a handout as one reader's page and PDF, with its pages, their sizes and their words."""

import io
from typing import Any

from django.urls import reverse
from pypdf import PdfReader

from khitomer.models import Audience, Campaign
from tests import factories

POINTS = {"a4": (595, 842), "letter": (612, 792)}

LONG = "Ajilonprimeundthecolonyworldsofthefarthestreachesbeyondfgsix"
"""A name of sixty letters without a space."""


def make(campaign: Campaign, kind: str, **details: Any):
    """A handout that everyone was shown."""
    return factories.make_handout(
        campaign, f"The {kind}", kind=kind, details=details, text="", audience=Audience.ALL
    )


def url(handout, name: str = "handout-print") -> str:
    return reverse(name, kwargs={"campaign": handout.campaign.slug, "handout": handout.slug})


def pdf_data(client, handout, reader: str = "gm", **press: str) -> bytes:
    """The PDF that this client gets: as a GM, the copy of the reader of this token."""
    answer = client.get(url(handout, "handout-pdf"), {"for": reader, **press})
    assert answer.status_code == 200, (handout.kind, press)
    return bytes(answer.content)


def pdf_of(client, handout, reader: str = "gm", **press: str) -> PdfReader:
    """The same, to be read."""
    return read(pdf_data(client, handout, reader, **press))


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def screen_of(client, handout, reader: str = "gm", **press: str) -> str:
    """The page on the screen, which is the same."""
    answer = client.get(url(handout), {"for": reader, **press})
    assert answer.status_code == 200
    page: str = answer.content.decode()
    assert " style=" not in page
    return page


def words_of(pdf: PdfReader) -> str:
    """All its words, on one line."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def sizes_of(pdf: PdfReader) -> list[tuple[int, int]]:
    """Of each page, once it is cut, in points."""
    return [(round(float(page.trimbox.width)), round(float(page.trimbox.height))) for page in pdf.pages]


def asked(client, campaign, kind: str, **given: Any):
    """The answer to the form of a kind, filled in."""
    where = {"campaign": campaign.slug, "kind": kind}
    return client.post(
        reverse("handout-make", kwargs=where), {"token": "form-1", "title": "A handout", **given}
    )
