"""The summons: the page that the browser prints, and the same as PDF."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from diplomacy.actions import complaints as actions
from diplomacy.rules.procedure import ComplaintStage
from khitomer import printing
from tests.diplomacy.test_exhibits import PDF, png
from tests.factories import NOW, make_complaint


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def filed(campaign, federation_player):
    """A complaint with two exhibits, filed and waiting for the chair."""
    draft = make_complaint(campaign, ComplaintStage.DRAFT)
    for data, name in ((png(), "a.png"), (PDF, "b.pdf")):
        actions.add_exhibit(
            complaint=draft, title=f"Log {name[0]}", data=data, name=name, by=federation_player, now=NOW
        )
    return actions.file_complaint(complaint=draft, by=federation_player, now=NOW)


def url(complaint, name):
    return reverse(name, kwargs={"campaign": complaint.campaign.slug, "number": complaint.number})


def words(data):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


@pytest.mark.parametrize("who", ["as_gm", "as_federation", "as_klingon", "as_observer"])
def test_everyone_at_the_table_reads_the_same_summons(filed, who, request):
    text = request.getfixturevalue(who).get(url(filed, "summons")).content.decode()
    for expected in (
        "Summons",
        "Complaint No. 1",
        "United Federation of Planets",
        "Klingon Empire",
        "II·3 Prisoners and non-combatants",
        "The prisoners were <em>not</em> returned.",
        "The act is governed by this provision.",
        "Log a",
    ):
        assert expected in text
    assert "paper-a4.css" in text


def test_letter_on_request_and_a4_otherwise(filed, as_gm):
    assert "paper-letter.css" in as_gm.get(url(filed, "summons"), {"paper": "letter"}).content.decode()
    assert "paper-a4.css" in as_gm.get(url(filed, "summons"), {"paper": "foolscap"}).content.decode()


@pytest.mark.parametrize("who", ["as_outsider"])
@pytest.mark.parametrize("name", ["summons", "summons-pdf"])
def test_nobody_else_reads_it(filed, who, name, request):
    assert request.getfixturevalue(who).get(url(filed, name)).status_code == 404


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_the_pdf_is_the_paper_asked_for_and_says_the_same(filed, as_klingon, paper, size):
    assert printing.available()
    answer = as_klingon.get(url(filed, "summons-pdf"), {"paper": paper})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="summons-1.pdf"'
    reader = PdfReader(io.BytesIO(answer.content))
    assert tuple(round(float(edge)) for edge in reader.pages[0].mediabox[2:]) == size
    text = words(answer.content)
    assert "Klingon Empire" in text
    assert "Back" not in text
    assert "Summons No. 1" in text
    assert len({image.name for page in reader.pages for image in page.images}) == 1


def test_without_pango_it_says_so_and_points_to_the_browser(filed, as_klingon, monkeypatch):
    def missing():
        raise printing.PrintingUnavailable

    monkeypatch.setattr(printing, "_weasyprint", missing)
    answer = as_klingon.get(url(filed, "summons-pdf"))
    assert answer.status_code == 409
    assert "cannot make PDF files" in answer.content.decode()
    assert "own print" in answer.content.decode()


def test_a_long_statement_runs_over_several_pages(campaign, as_gm):
    paragraph = "The convoy left the Gap under a flag of passage, and was fired upon two hours out. " * 6
    complaint = make_complaint(campaign, statement=f"{paragraph}\n\n" * 20)
    reader = PdfReader(io.BytesIO(as_gm.get(url(complaint, "summons-pdf")).content))
    assert len(reader.pages) > 2
