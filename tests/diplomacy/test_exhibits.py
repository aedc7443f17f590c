"""Exhibits: what is taken, what is refused and why, and who is served what."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from diplomacy.actions import complaints as actions
from diplomacy.models import Exhibit
from diplomacy.rules.procedure import ComplaintStage
from khitomer.errors import Refused
from tests.factories import NOW, make_complaint

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def png(width=40, height=30):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#345").save(out, "PNG")
    return out.getvalue()


def bomb():
    """A PNG of a few bytes that claims 50,000 × 50,000 pixels."""

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def draft(campaign):
    return make_complaint(campaign, ComplaintStage.DRAFT)


def url(complaint, name, **kwargs):
    if "draft" in name or name in ("exhibit-add", "exhibit-remove"):
        kwargs["token"] = complaint.token
    else:
        kwargs["number"] = complaint.number
    return reverse(name, kwargs={"campaign": complaint.campaign.slug, **kwargs})


def upload(client, complaint, data, name="log.png", title="Sensor log", **fields):
    return client.post(
        url(complaint, "exhibit-add"),
        {"exhibit_title": title, "exhibit_file": SimpleUploadedFile(name, data), **fields},
    )


def files(media):
    return sorted(path for path in Path(media).rglob("*") if path.is_file())


def attach(complaint, by, number=1, data=None, name="log.png"):
    for n in range(number):
        actions.add_exhibit(
            complaint=complaint, title=f"Log {n + 1}", data=data or png(), name=name, by=by, now=NOW
        )


def test_a_picture_is_drawn_anew_and_kept_under_a_random_name(draft, as_federation, media):
    answer = upload(as_federation, draft, png(), name="Secret plan of Fiona.png")
    assert answer.url == url(draft, "draft") + "#exhibits"
    exhibit = Exhibit.objects.get()
    assert (exhibit.letter, exhibit.title, exhibit.kind) == ("A", "Sensor log", "picture")
    assert (exhibit.width, exhibit.height) == (40, 30)
    [path] = files(media)
    assert path.read_bytes()[:4] == b"RIFF"
    assert path.name != "Secret plan of Fiona.png"
    assert len(path.stem) == 32


def test_a_pdf_is_kept_as_it_is(draft, as_federation, media):
    upload(as_federation, draft, PDF, name="treaty.pdf")
    assert Exhibit.objects.get().kind == "pdf"
    assert files(media)[0].read_bytes() == PDF


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (bomb(), "a.png", "more than 25 megapixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "SVG drawings are not accepted"),
        (b"<svg/>", "a.png", "SVG drawings are not accepted"),
        (b"not a picture", "a.jpg", "not a picture that can be read here"),
        (b"GIF89a", "a.gif", "damaged"),
        (b"hello", "a.pdf", "not a PDF"),
        (png(), "a.pdf", "not a PDF"),
        (b"%PDF-1.7 and no end", "a.pdf", "breaks off before its end"),
        (b"%PDF-1.7 and no end", "a.png", "breaks off before its end"),
        (b"", "a.png", "empty"),
    ],
)
def test_what_is_not_an_exhibit_is_refused_in_words_and_nothing_typed_is_lost(
    draft, as_federation, media, data, name, sentence
):
    answer = upload(as_federation, draft, data, name=name, place="Kept")
    assert answer.status_code == 422
    [error] = answer.context["exhibit_form"].errors["exhibit_file"]
    assert sentence in error
    assert not Exhibit.objects.exists()
    assert files(media) == []
    draft.refresh_from_db()
    assert draft.place == "Kept"


def test_a_file_above_the_limit_is_refused_before_it_is_read(draft, as_federation, monkeypatch):
    monkeypatch.setattr("diplomacy.forms.complaints.MAX_FILE_BYTES", 100)
    monkeypatch.setattr(actions, "add_exhibit", None)
    answer = upload(as_federation, draft, png(400, 400))
    assert "larger than 10 MB" in answer.context["exhibit_form"].errors["exhibit_file"][0]


def test_an_exhibit_needs_a_title(draft, as_federation):
    answer = upload(as_federation, draft, png(), title="")
    assert "exhibit_title" in answer.context["exhibit_form"].errors
    assert not Exhibit.objects.exists()


WHOLE = {"act_on": "2379-02-20", "title": "Prisoners of Ajilon", "statement": "They were not returned."}


def sent_with(draft, data=None, title="Sensor log", **changed):
    """What a browser sends of the whole draft, with a file chosen and not yet added."""
    sent = {
        **WHOLE,
        "respondent": draft.respondent_id,
        "provisions": [each.pk for each in draft.provisions.all()],
        "exhibit_title": title,
        **changed,
    }
    return sent if data is None else {**sent, "exhibit_file": SimpleUploadedFile("log.png", data)}


@pytest.mark.parametrize(("name", "stage"), [("draft", "ruling"), ("draft-save", "draft")])
def test_a_file_that_was_chosen_goes_along_with_whatever_is_pressed(draft, as_federation, name, stage):
    assert as_federation.post(url(draft, name), sent_with(draft, png())).status_code == 302
    draft.refresh_from_db()
    assert draft.stage == stage
    assert [(each.letter, each.title) for each in draft.exhibits.all()] == [("A", "Sensor log")]


@pytest.mark.parametrize("name", ["draft", "draft-save"])
@pytest.mark.parametrize(
    ("data", "title", "field", "sentence"),
    [
        (b"nonsense", "Sensor log", "exhibit_file", "not a picture"),
        (None, "Sensor log", "exhibit_file", "Choose the picture or PDF"),
        (png(), "", "exhibit_title", "Say what the exhibit shows, and choose the file once more."),
        (png(), "x" * 81, "exhibit_title", "at most 80 characters"),
    ],
)
def test_a_bad_exhibit_holds_the_filing_back_and_costs_nothing_else(
    draft, as_federation, name, data, title, field, sentence
):
    answer = as_federation.post(url(draft, name), sent_with(draft, data, title, place="Kept"))
    assert answer.status_code == 422
    assert sentence in answer.context["exhibit_form"].errors[field][0]
    assert answer.context["exhibit_form"]["exhibit_title"].value() == title
    assert f'href="#id_{field}"' in answer.text
    draft.refresh_from_db()
    assert (draft.stage, draft.place, draft.exhibits.count()) == ("draft", "Kept", 0)


def test_a_good_exhibit_is_kept_when_the_filing_is_refused_for_something_else(draft, as_federation):
    answer = as_federation.post(url(draft, "draft"), sent_with(draft, png(), act_on="2380"))
    assert answer.status_code == 422
    assert [each.title for each in draft.exhibits.all()] == ["Sensor log"]
    assert not answer.context["exhibit_form"].is_bound


def test_an_autosave_says_nothing_of_an_exhibit_half_given(draft, as_federation):
    answer = as_federation.post(url(draft, "draft-save"), sent_with(draft), headers={"HX-Request": "true"})
    assert "It is whole, and can be filed." in answer.text
    assert "Choose the picture" not in answer.text


def test_letters_end_at_z(draft, federation_player, as_federation):
    attach(draft, federation_player, 26)
    assert draft.exhibits.last().letter == "Z"
    answer = upload(as_federation, draft, png())
    assert "end at Z" in answer.context["exhibit_form"].errors["exhibit_file"][0]
    assert draft.exhibits.count() == 26


@pytest.mark.django_db(transaction=True)
def test_removing_one_moves_the_others_up_and_deletes_its_file(
    draft, as_federation, federation_player, media
):
    attach(draft, federation_player, 3)
    gone = draft.exhibits.get(letter="B").file.name
    pressed = {"exhibit": draft.exhibits.get(letter="B").pk}
    for _ in range(3):  # pressed again, it does not take away the one that has moved up
        answer = as_federation.post(url(draft, "exhibit-remove", letter="B"), pressed)
        assert answer.url == url(draft, "draft") + "#exhibits"
    assert [(e.letter, e.title) for e in draft.exhibits.all()] == [("A", "Log 1"), ("B", "Log 3")]
    assert not (media / gone).exists()
    assert len(files(media)) == 2


@pytest.mark.django_db(transaction=True)
def test_discarding_a_draft_deletes_its_files(draft, as_federation, federation_player, media):
    attach(draft, federation_player, 2)
    as_federation.post(url(draft, "draft-discard"))
    assert files(media) == []


@pytest.mark.parametrize("letter", ["Z", "AA", "é", "a", "%2E%2E", "0"])
def test_a_letter_that_is_none_does_no_harm(draft, as_federation, federation_player, letter):
    attach(draft, federation_player, 2)
    place = url(draft, "exhibit-add") + letter
    assert as_federation.post(f"{place}/remove/").status_code == 404
    assert [exhibit.letter for exhibit in draft.exhibits.all()] == ["A", "B"]
    assert as_federation.get(f"{place}/").status_code == 404


@pytest.mark.parametrize("stage", ["ruling", "heard", "breach"])
def test_nothing_is_added_to_or_taken_from_what_is_filed(
    campaign, draft, federation_player, as_federation, stage
):
    attach(draft, federation_player)
    complaint = make_complaint(campaign, ComplaintStage(stage))
    Exhibit.objects.update(complaint=complaint)
    with pytest.raises(Refused):
        attach(complaint, federation_player)
    with pytest.raises(Refused):
        actions.remove_exhibit(exhibit=Exhibit.objects.get(), by=federation_player)
    assert upload(as_federation, complaint, png()).status_code == 302
    assert as_federation.post(url(complaint, "exhibit-remove", letter="A")).status_code == 409
    assert Exhibit.objects.count() == 1


@pytest.mark.parametrize("who", ["as_gm", "as_klingon", "as_observer", "as_outsider"])
def test_exhibits_of_anothers_draft_are_not_there(draft, federation_player, who, request):
    attach(draft, federation_player)
    client = request.getfixturevalue(who)
    theirs = client.get(url(draft, "draft-exhibit", letter="A"))
    none = client.get(url(draft, "draft-exhibit", letter="Q"))
    assert theirs.status_code == none.status_code == 404
    assert theirs.content == none.content
    assert client.post(url(draft, "exhibit-remove", letter="A")).status_code == 404
    assert upload(client, draft, png()).status_code == 404
    assert draft.exhibits.count() == 1


def test_its_own_delegation_sees_the_draft_s_exhibits(draft, as_federation, federation_player):
    attach(draft, federation_player)
    answer = as_federation.get(url(draft, "draft-exhibit", letter="A"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize("who", ["as_gm", "as_klingon", "as_observer"])
@pytest.mark.parametrize(
    ("data", "name", "kind", "disposition"),
    [
        (png(), "a.png", "image/webp", 'inline; filename="exhibit-1-a.webp"'),
        (PDF, "a.pdf", "application/pdf", 'attachment; filename="exhibit-1-a.pdf"'),
    ],
)
def test_a_filed_complaint_s_exhibits_are_served_safely(
    draft, federation_player, who, data, name, kind, disposition, request
):
    attach(draft, federation_player, data=data, name=name)
    filed = actions.file_complaint(complaint=draft, by=federation_player, now=NOW)
    answer = request.getfixturevalue(who).get(url(filed, "exhibit", letter="A"))
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert answer["Content-Disposition"] == disposition
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]


def test_outsiders_get_no_exhibit(draft, federation_player, as_outsider, as_anonymous):
    attach(draft, federation_player)
    filed = actions.file_complaint(complaint=draft, by=federation_player, now=NOW)
    assert as_outsider.get(url(filed, "exhibit", letter="A")).status_code == 404
    assert as_anonymous.get(url(filed, "exhibit", letter="A")).status_code == 302


def test_a_file_that_is_gone_is_a_404(draft, federation_player, as_federation, media):
    attach(draft, federation_player)
    files(media)[0].unlink()
    assert as_federation.get(url(draft, "draft-exhibit", letter="A")).status_code == 404
