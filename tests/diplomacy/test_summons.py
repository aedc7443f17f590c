"""The summons: the page that the browser prints, and the same as PDF."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from diplomacy.actions import complaints as actions
from diplomacy.rules.procedure import ComplaintStage
from khitomer import printing
from tests.diplomacy.test_exhibits import PDF, png
from tests.factories import NOW, make_complaint
from tests.khitomer.sheets_drawn import read, words_of


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


@pytest.mark.parametrize("who", ["as_gm", "as_federation", "as_klingon", "as_observer"])
def test_everyone_at_the_table_reads_the_same_summons(filed, who, request):
    text = request.getfixturevalue(who).get(url(filed, "summons")).content.decode()
    for expected in (
        "<h1>Complaint</h1>",
        "Nobody is called to answer it until it is admitted.",
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
    assert answer["Content-Disposition"] == f'inline; filename="summons-1-{paper}.pdf"'
    reader = read(answer.content)
    assert tuple(round(float(edge)) for edge in reader.pages[0].mediabox[2:]) == size
    text = words_of(read(answer.content))
    assert "Klingon Empire" in text
    assert "Back" not in text
    assert "Complaint No. 1" in text
    assert len({image.name for page in reader.pages for image in page.images}) == 1


@pytest.mark.parametrize(
    ("stage", "title", "sentence"),
    [
        ("ruling", "Complaint", "Nobody is called to answer it until it is admitted."),
        ("returned", "Complaint", "Returned to its delegation to be amended."),
        ("withdrawn", "Complaint", "Withdrawn by the complainant."),
        ("inadmissible", "Complaint", "Found inadmissible."),
        ("admitted", "Summons", "is called before a conference"),
        ("scheduled", "Summons", "is called before a conference"),
        ("heard", "Summons", "is called before a conference"),
        ("breach", "Summons", "was called before a conference"),
    ],
)
def test_the_sheet_says_how_the_complaint_stands(campaign, as_federation, stage, title, sentence):
    complaint = make_complaint(campaign, ComplaintStage(stage))
    text = as_federation.get(url(complaint, "summons")).content.decode()
    assert f"<h1>{title}</h1>" in text
    assert f"<title>{title} No. 1" in text
    assert sentence in text
    assert ("called before a conference" in text) == (title == "Summons")


def test_a_picture_is_printed_no_larger_than_paper_needs(campaign, federation_player, as_gm):
    draft = make_complaint(campaign, ComplaintStage.DRAFT)
    noise = Image.effect_noise((1600, 1200), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG")
    actions.add_exhibit(
        complaint=draft, title="Noise", data=out.getvalue(), name="a.png", by=federation_player, now=NOW
    )
    filed = actions.file_complaint(complaint=draft, by=federation_player, now=NOW)
    data = as_gm.get(url(filed, "summons-pdf")).content
    picture = next(image for page in read(data).pages for image in page.images)
    assert picture.image.size == (898, 673)  # 57 mm high, at 300 to the inch
    assert len(picture.data) < 800_000


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
    reader = read(as_gm.get(url(complaint, "summons-pdf")).content)
    assert len(reader.pages) > 2
