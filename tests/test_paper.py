"""Every kind of handout on both papers: as it is known to look, ready for a print shop, and whole whatever is on it.

`GOLDEN=write` writes the pictures in `tests/golden` anew: look at each that git then shows as changed.
"""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from khitomer.sheets import KINDS
from tests.khitomer.sheets_drawn import LONG, read, words_of
from tests.paper import PANORAMA, PORTRAIT, WORDS, Desk, looks, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.pdf, pytest.mark.looks, pytest.mark.one_database]

GOLDEN = Path(__file__).parent / "golden"
PAPERS = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
MOST_UNLIKE = 1.5
"""Of 255, the mean difference of two pictures of one page that counts as the same: another version of a font library
moves edges by less."""

WRITTEN = [kind.key for kind in KINDS.values() if kind.written]


@pytest.fixture
def desk(campaign):
    return Desk(campaign)


@pytest.mark.parametrize("kind", KINDS)
def test_it_looks_as_it_is_known_to_and_a_print_shop_takes_it(desk, as_gm, kind):
    """Against its picture; fonts inside, tags, title and language, and the box of the paper."""
    handout = desk.make(kind, text=f"{WORDS * 5}\n\n> {WORDS}\n\n{WORDS * 3}" if KINDS[kind].written else "")
    if kind == "page":
        desk.bear(handout, PANORAMA)
    for paper, size in PAPERS.items():
        pdf = sheet(as_gm, handout, paper=paper, marks="0")
        known(kind, paper, pdf)
        reader = read(pdf)
        root = reader.trailer["/Root"]
        assert root["/Lang"] == "en-GB" and root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
        assert reader.metadata.title.strip()
        for page in reader.pages:
            edges = sorted((float(page.trimbox.width), float(page.trimbox.height)))
            assert edges == pytest.approx(sorted(size), abs=1)
            for font in (page["/Resources"].get("/Font") or {}).values():
                assert embedded(font.get_object())


def known(kind, paper, pdf):
    """That the first page looks as it did when somebody last looked at it."""
    found = looks(pdf, page=1)
    place = GOLDEN / f"{kind}-{paper}.png"
    if os.environ.get("GOLDEN") == "write":
        found.quantize(16).save(place, optimize=True)
    golden = Image.open(place).convert("L")
    assert found.size == golden.size
    unlike = ImageStat.Stat(ImageChops.difference(found, golden)).mean[0]
    assert unlike < MOST_UNLIKE, f"{place.name} is unlike by {unlike:.2f}"


def test_every_kind_has_its_pictures_and_nothing_else_has():
    there = {path.stem for path in GOLDEN.glob("*.png")}
    assert there == {f"{kind}-{paper}" for kind in KINDS for paper in PAPERS}


def embedded(font):
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    described = inner["/FontDescriptor"].get_object()
    return any(name in described for name in ("/FontFile", "/FontFile2", "/FontFile3"))


@pytest.mark.parametrize("kind", [kind.key for kind in KINDS.values() if kind.cut and kind.key != "cards"])
def test_colour_runs_over_the_edge_by_as_much_as_is_asked(desk, as_gm, kind):
    """Of the paper; that of cards runs over the edges of each card, within it."""
    handout = desk.make(kind)
    for bleed in (0, 3, 6):
        for page in read(sheet(as_gm, handout, bleed=str(bleed))).pages:
            over = float(page.trimbox.left) - float(page.bleedbox.left)
            assert over == pytest.approx(bleed / 25.4 * 72, abs=0.5)


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_picture_of_any_shape_stands_on_one_page_at_300_dots(desk, as_gm, kind):
    handout = desk.make(kind, text=WORDS)
    for shape in (PORTRAIT, PANORAMA):
        desk.bear(handout, shape)
        reader = read(sheet(as_gm, handout))
        assert len(reader.pages) <= 2
        (image,) = {image.name: image for page in reader.pages for image in page.images}.values()
        wide = 156 / 25.4 * 300 if shape == PANORAMA else 150 * 900 / 1600 / 25.4 * 300
        assert image.image.width >= min(wide, shape[0]) - 2


@pytest.mark.parametrize("kind", WRITTEN)
def test_three_thousand_words_flow_over_the_pages(desk, as_gm, kind):
    pdf = sheet(as_gm, desk.make(kind, text="\n\n".join([WORDS * 19] * 10)))
    assert words_of(read(pdf)).split().count("faith,") == 190
    assert 4 <= len(read(pdf).pages) <= 12


@pytest.mark.parametrize("kind", KINDS)
def test_empty_fields_and_rows_that_are_gone_leave_no_hole(desk, as_gm, kind):
    """What names a row that is gone is left out; what has nothing left to say says so, and is no error."""
    gone = {name: (10**6 if isinstance(value, int) and not isinstance(value, bool) else [] if isinstance(value, list) else "")
            for name, value in desk.details().get(kind, {}).items()}  # fmt: skip
    handout = desk.make(kind, **gone)
    assert 1 <= len(read(sheet(as_gm, handout)).pages) <= 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_without_a_space_stays_on_the_paper(desk, as_gm, kind, campaign):
    campaign.powers.filter(slug="klingon").update(name=LONG)
    campaign.entries.update(name=(LONG * 2)[:80])
    desk.treaty.provisions.update(title=LONG)
    handout = desk.make(kind, title=LONG, text=LONG)
    pdf = sheet(as_gm, handout, large="1")
    assert len(read(pdf).pages) <= 12
    page = looks(pdf, page=1, dots=30)
    edge = page.crop((page.width - 2, 0, page.width, page.height))
    assert KINDS[kind].cut or ImageStat.Stat(edge).extrema[0][0] > 200  # nothing runs off to the right


@pytest.mark.parametrize("paper", PAPERS)
def test_thirty_clauses_and_thirty_provisions_flow(desk, as_gm, campaign, paper):
    for number in range(2, 31):
        text = WORDS * 2
        desk.treaty.provisions.create(
            number=number + 100, title=f"Of matter {number}", text=text, text_html=f"<p>{text}</p>"
        )
    pdf = sheet(as_gm, desk.make("treaty"), paper=paper)
    assert all(f"Of matter {number}" in words_of(read(pdf)) for number in range(2, 31))
    assert len(read(pdf).pages) >= 3


def test_a_seal_in_saved_ink_has_no_wax(desk, as_gm):
    """Colours inside a drawing are attributes: the PDF maker reads no style sheet there."""
    handout = desk.make("resolution")
    page = f"/c/{handout.campaign.slug}/handouts/{handout.slug}/print/"
    waxen, saved = (as_gm.get(page, {"ink_saving": switch}).content.decode() for switch in "01")
    assert 'fill="#8e1f1a"' in waxen and 'fill="#8e1f1a"' not in saved and 'fill="#9a2620"' not in saved
