"""A page becomes a PDF of the right size, readable by everyone, that never fetched anything of anyone's."""

import builtins
import io
import os
import socket
import threading
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject

from khitomer import printing
from khitomer.errors import Refused
from khitomer.imaging import make_picture
from khitomer.printing import PrintingUnavailable, available, pdf
from khitomer.rules.press import Paper

BASE = "http://house.test/"
SIZES = {Paper.A4: (595, 842), Paper.LETTER: (612, 792)}


def page(body: str, *, paper: Paper = Paper.A4, head: str = "") -> str:
    """A page as templates/print/base.html makes it, with plain static addresses."""
    return f"""<!doctype html>
<html lang="en-GB" class="paper-{paper}" data-foot="The Long Peace · Resolution IV">
<head><meta charset="utf-8"><title>Resolution IV</title>
<link rel="stylesheet" href="/static/css/instrument.css">
<link rel="stylesheet" href="/static/css/paper-{paper}.css">{head}</head>
<body><main class="sheet"><h1>Resolution IV</h1>{body}</main></body></html>"""


CLAUSE = "<li class='clause'><em>Decides</em> that the vessel and her crew shall be returned within thirty days;</li>"


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def fonts(reader: PdfReader) -> dict[str, bool]:
    """Every font of every page by name, and whether its outlines are in the file."""
    found = {}
    for sheet in reader.pages:
        for font in sheet["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found[font["/BaseFont"].split("+")[-1]] = bool({"/FontFile2", "/FontFile3"} & descriptor.keys())
    return found


def pictures(reader: PdfReader) -> list[tuple[int, int]]:
    return [image.image.size for sheet in reader.pages for image in sheet.images]


@pytest.fixture
def listener():
    """A server that must never be called, and the calls it got."""
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            try:
                while True:
                    connection, address = server.accept()
                    calls.append(address)
                    connection.close()
            except OSError:
                return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield server.getsockname()[1], calls
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.parametrize("paper", Paper)
def test_the_page_box_is_the_paper_asked_for(paper):
    reader = read(pdf(page("<p>Text</p>", paper=paper), base_url=BASE))
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == SIZES[paper]


@pytest.mark.parametrize("paper", Paper)
def test_many_clauses_run_over_pages_that_are_counted(paper):
    clauses = f"<ol class='clauses'>{CLAUSE * 70}</ol>"
    reader = read(pdf(page(clauses, paper=paper), base_url=BASE))

    count = len(reader.pages)
    assert count >= 2
    for number, sheet in enumerate(reader.pages, start=1):
        text = sheet.extract_text()
        assert f"{number} of {count}" in text
        assert "The Long Peace · Resolution IV" in text
    whole = "".join(sheet.extract_text() for sheet in reader.pages)
    assert whole.count("Decides") == 70
    assert "70." in whole


def test_fonts_are_ours_and_embedded():
    body = "<p>Plain, <em>slanted</em> and <strong>strong</strong></p><p class='subtitle'>Signatories</p>"
    assert fonts(read(pdf(page(body), base_url=BASE))) == {
        "EB-Garamond": True,
        "EB-Garamond-Italic": True,
        "EB-Garamond-Semi-Bold": True,
        "Cinzel": True,
        "Cinzel-Semi-Bold": True,
    }


def test_title_language_and_tags_are_set():
    reader = read(pdf(page("<p>Text</p>"), base_url=BASE))
    root = reader.trailer["/Root"]

    assert reader.metadata.title == "Resolution IV"
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()


def structure(element) -> list[tuple[str, str | None]]:
    """Every element of the tag tree, in order, with its description in words."""
    element = element.get_object()
    if isinstance(element, list):
        return [found for child in element for found in structure(child)]
    if not isinstance(element, dict) or "/S" not in element:
        return []
    return [(element["/S"], element.get("/Alt")), *structure(element.get("/K", ArrayObject()))]


def test_every_figure_has_its_words_and_ornaments_are_none():
    parts = "".join(render_to_string(f"print/{name}.html") for name in ("emblem", "ornament", "closing"))
    tags = structure(read(pdf(page(parts), base_url=BASE)).trailer["/Root"]["/StructTreeRoot"]["/K"])

    assert [words for tag, words in tags if tag == "/Figure"] == [
        "The compass star of the Accords",
        "Seal of the Accords",
    ]
    assert ("/H1", None) in tags


def test_the_same_page_gives_the_same_bytes():
    html = page(f"<ol class='clauses'>{CLAUSE * 3}</ol>")
    assert pdf(html, base_url=BASE) == pdf(html, base_url=BASE)


def test_a_picture_handed_in_is_shown():
    out = io.BytesIO()
    Image.new("RGB", (90, 60), "red").save(out, "PNG")
    picture = make_picture(out.getvalue())
    html = page('<p><img src="/c/long-peace/files/7/" alt="The boarding"></p>')

    shown = read(pdf(html, base_url=BASE, pictures={"/c/long-peace/files/7/": picture.webp}))

    assert pictures(shown) == [(90, 60)]
    assert pictures(read(pdf(html, base_url=BASE))) == []


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"text", b""])
def test_what_is_handed_in_must_be_a_picture(data):
    html = page('<p>Words<img src="/x" alt="x"></p>')
    assert "Words" in read(pdf(html, base_url=BASE, pictures={"/x": data})).pages[0].extract_text()


def test_no_address_outside_is_ever_called(listener, tmp_path, monkeypatch):
    port, calls = listener
    away = f"http://127.0.0.1:{port}"
    secret = tmp_path / "secret.png"
    Image.new("RGB", (33, 44)).save(secret)
    opened = []
    real = builtins.open
    monkeypatch.setattr(
        builtins, "open", lambda file, *a, **k: (opened.append(str(file)), real(file, *a, **k))[1]
    )
    addresses = [
        f"{away}/x.png",
        "http://127.0.0.1:9/x.png",
        f"//127.0.0.1:{port}/x.png",
        "https://127.0.0.1:9/x.png",
        "ftp://127.0.0.1:9/x.png",
        "file:///etc/passwd",
        secret.as_uri(),
        str(secret),
        "data:image/png;base64,iVBORw0KGgo=",
        "/static/../khitomer/errors.py",
        "/static/%2e%2e/khitomer/errors.py",
        "/static//etc/passwd",
        "/static/",
        "/static/css",
        "/media/secret.png",
        f"{away}/static/css/instrument.css",
        "http://house.test:81/static/css/instrument.css",
        "http://house.test@127.0.0.1:9/static/x.png",
        "http://[broken",
    ]
    head = "".join(
        f'<link rel="stylesheet" href="{at}"><link rel="attachment" href="{at}">' for at in addresses
    )
    body = "<p>Words</p>" + "".join(
        f'<img src="{at}" alt="x"><object data="{at}"></object><embed src="{at}">'
        f'<svg width="9" height="9"><image href="{at}" width="9" height="9"/><use href="{at}#a"/></svg>'
        for at in addresses
    )
    style = "<style>" + "".join(
        f'@import url("{at}");@font-face{{font-family:f;src:url("{at}")}}p{{background:url("{at}")}}'
        for at in addresses
    )

    reader = read(pdf(page(body, head=head + style + "</style>"), base_url=BASE))

    assert "Words" in "".join(sheet.extract_text() for sheet in reader.pages)
    assert calls == []
    assert pictures(reader) == []
    assert not reader.attachments
    assert not {"/etc/passwd", str(secret)} & set(opened)


def test_a_base_element_does_not_widen_what_is_read(listener):
    port, calls = listener
    html = page('<p>Words<img src="x.png" alt=""></p>', head=f'<base href="http://127.0.0.1:{port}/">')
    assert read(pdf(html, base_url=BASE)).pages
    assert calls == []


def test_collected_files_with_a_hash_in_their_name_are_found(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    folder = tmp_path / "css"
    folder.mkdir()
    (folder / "paper.0123456789ab.css").write_text("@page { size: 300pt 400pt }")
    html = '<html lang="en"><title>t</title><link rel="stylesheet" href="/static/css/paper.0123456789ab.css"><p>x'

    box = read(pdf(html, base_url=BASE)).pages[0].mediabox

    assert (round(box.width), round(box.height)) == (300, 400)


@pytest.mark.parametrize(
    "name", ["", ".", "css", "../manage.py", "css/../../manage.py", "/etc/passwd", "css/none.css", "a\0b"]
)
def test_a_name_that_is_no_static_file_is_refused(name):
    with pytest.raises(ValueError):
        printing._static_file(name)


def test_a_static_file_is_found_by_its_name():
    found = printing._static_file("css/instrument.css")
    assert found.is_file()
    assert found.parts[-3:] == ("static", "css", "instrument.css")


@pytest.mark.parametrize(
    "error", [OSError("cannot load library 'libpango-1.0-0'"), ImportError("no weasyprint")]
)
def test_without_its_library_it_says_what_to_do_instead(monkeypatch, error):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.split(".")[0] == "weasyprint":
            raise error
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)

    assert not available()
    with pytest.raises(PrintingUnavailable, match="your browser's own print") as caught:
        pdf("<p>x", base_url=BASE)
    assert isinstance(caught.value, Refused)


def test_it_is_available_here():
    assert available()


@pytest.mark.parametrize("paper", Paper)
def test_the_base_template_makes_a_sheet_for_screen_and_for_pdf(paper):
    context = {
        "sheet_classes": f"paper-{paper}",
        "paper_css": f"css/paper-{paper}.css",
        "pdf_url": "/r/4.pdf",
        "back_url": "/r/",
    }
    screen = render_to_string("print/base.html", {**context, "for_pdf": False})
    sheet = render_to_string("print/base.html", {**context, "for_pdf": True})

    for html in (screen, sheet):
        assert f'class="paper-{paper}"' in html and f"css/paper-{paper}.css" in html
        assert "style=" not in html and "<style" not in html
    assert 'href="/r/4.pdf"' in screen and 'href="/r/"' in screen
    assert 'class="press"' not in sheet and "<script" not in sheet and "press.css" not in sheet


def test_the_style_names_only_files_that_exist():
    folder = Path(printing._static_file("css/instrument.css")).parent
    addresses = [part.split('"')[0] for part in (folder / "instrument.css").read_text().split('url("')[1:]]
    assert len(addresses) == 6
    assert all((folder / address).resolve().is_file() for address in addresses)


class TestCost:
    """What making pages may cost: a size, one at a time, and once."""

    @pytest.fixture(autouse=True)
    def folder(self, settings, tmp_path) -> Path:
        settings.DATA_DIR = tmp_path
        return tmp_path / "pages"

    @pytest.fixture
    def made(self, monkeypatch) -> list[str]:
        """The pages that were truly made; each becomes a few bytes."""
        made: list[str] = []

        def make(_weasyprint: object, html: str, *_rest: object) -> bytes:
            made.append(html)
            return b"%PDF " + str(len(made)).encode()

        monkeypatch.setattr(printing, "_make", make)
        return made

    @pytest.mark.parametrize("body", ["x" * 400_000, "<b>x</b>" * 5_001])
    def test_too_large_a_page_is_not_begun(self, made, body):
        with pytest.raises(Refused, match="too large") as refused:
            pdf(page(body), base_url=BASE)
        assert "browser's own print" in str(refused.value)
        assert made == []

    def test_busy_with_another_it_refuses(self, made, monkeypatch):
        monkeypatch.setattr(printing, "PATIENCE", 0.01)
        with printing._turn(), pytest.raises(Refused, match="busy. Try again"):
            pdf(page("<p>One</p>"), base_url=BASE)
        assert made == []
        assert pdf(page("<p>One</p>"), base_url=BASE)

    def test_one_that_fails_leaves_the_maker_free(self, monkeypatch):
        def fail(*_: object) -> bytes:
            raise ZeroDivisionError

        with monkeypatch.context() as broken:
            broken.setattr(printing, "_make", fail)
            with pytest.raises(ZeroDivisionError):
                pdf(page(""), base_url=BASE)
        with printing._turn():
            pass

    def test_the_same_page_is_made_once(self, made):
        first, second = (pdf(page("<p>One</p>"), base_url=BASE) for _ in range(2))
        assert first == second
        assert len(made) == 1

    def test_another_page_picture_or_house_is_another(self, made):
        given = {"/pictures/a": b"RIFFxxxxWEBP"}
        pdf(page("<p>One</p>"), base_url=BASE)
        pdf(page("<p>Two</p>"), base_url=BASE)
        pdf(page("<p>One</p>"), base_url=BASE, pictures=given)
        pdf(page("<p>One</p>"), base_url=BASE, pictures={"/pictures/a": b"RIFFyyyyWEBP"})
        pdf(page("<p>One</p>"), base_url="http://other.test/")
        assert len(made) == 5

    def test_nothing_is_kept_while_developing(self, made, settings, folder):
        settings.DEBUG = True
        for _ in range(2):
            pdf(page("<p>One</p>"), base_url=BASE)
        assert len(made) == 2
        assert not folder.exists()

    def test_only_so_many_are_kept_the_last_used_ones(self, made, folder, monkeypatch):
        monkeypatch.setattr(printing, "KEPT", 3)
        ages = {}
        for number in range(3):
            pdf(page(str(number)), base_url=BASE)
            (new,) = set(folder.iterdir()) - ages.keys()
            os.utime(new, (number + 1, number + 1))
            ages[new] = number
        pdf(page("0"), base_url=BASE)  # used again
        pdf(page("3"), base_url=BASE)
        assert len(list(folder.iterdir())) == 3
        assert len(made) == 4
        pdf(page("0"), base_url=BASE)
        assert len(made) == 4

    def test_the_folder_is_the_servers_own(self, made, folder):
        pdf(page(""), base_url=BASE)
        assert folder.stat().st_mode & 0o077 == 0
        assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())

    def test_a_disk_that_takes_nothing_costs_no_page(self, made, folder):
        folder.write_bytes(b"")  # a file where the folder should be
        assert pdf(page(""), base_url=BASE)
