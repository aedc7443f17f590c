"""Cards to cut out: as many as fit, each back behind its front, and on each what its reader may read."""

from itertools import pairwise

import pytest

from khitomer.models import Handout, Tag
from khitomer.rules.imposition import REACH, Size, behind, cut_marks, layout
from khitomer.rules.press import BLEEDS, Paper, Press, Sides
from khitomer.sheets.cards import Card, Deck, leaves, words_of
from tests import factories
from tests.khitomer.sheets_drawn import POINTS, asked, make, pdf_of, screen_of, sizes_of
from tests.khitomer.sheets_drawn import words_of as words

NUMBERS = {
    Size.POKER: {Paper.A4: (9, 8, 6), Paper.LETTER: (9, 6, 6)},
    Size.QUARTER: {Paper.A4: (4, 4, 4), Paper.LETTER: (4, 4, 4)},
    Size.INDEX: {Paper.A4: (2, 2, 2), Paper.LETTER: (2, 2, 2)},
}
"""To a sheet, for each bleed."""


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("paper", Paper)
def test_as_many_as_fit(size, paper):
    found = [layout(size, Press(paper=paper, bleed=bleed), backs=False).number for bleed in BLEEDS]
    assert tuple(found) == NUMBERS[size][paper]


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("sides", Sides)
@pytest.mark.parametrize("bleed", BLEEDS)
def test_no_card_stands_where_printers_do_not_reach_nor_on_another(size, paper, sides, bleed):
    sheet = layout(size, Press(paper=paper, sides=sides, bleed=bleed), backs=True)
    boxes = [sheet.place(column, row) for row in range(sheet.rows) for column in range(sheet.columns)]
    assert boxes
    for box in boxes:
        assert box.x >= REACH - 0.01 and box.y >= REACH - 0.01
        assert box.x + box.width <= sheet.width - REACH + 0.01
        assert box.y + box.height <= sheet.height - REACH + 0.01
        assert box.x >= bleed and box.y >= bleed
    for one, other in pairwise(boxes):
        if one.y == other.y:
            assert other.x - one.x - one.width == pytest.approx(2 * bleed, abs=0.02)


@pytest.mark.parametrize(
    ("bleed", "sides", "expected"),
    [
        # Upright, three by three: the long edge swaps left and right, the short one top and bottom.
        (0, Sides.LONG, [(2, 0), (1, 0), (0, 0), (2, 1)]),
        (0, Sides.SHORT, [(0, 2), (1, 2), (2, 2), (0, 1)]),
        # Lying, four by two: the other way about.
        (3, Sides.LONG, [(0, 1), (1, 1), (2, 1), (3, 1)]),
        (3, Sides.SHORT, [(3, 0), (2, 0), (1, 0), (0, 0)]),
    ],
)
def test_each_back_lies_behind_its_front(bleed, sides, expected):
    sheet = layout(Size.POKER, Press(bleed=bleed, sides=sides), backs=True)
    places = [(number % sheet.columns, number // sheet.columns) for number in range(4)]
    assert behind(places, sheet, sides) == expected


def test_marks_stand_in_the_margins_alone():
    sheet = layout(Size.POKER, Press(), backs=False)
    assert cut_marks(sheet, [(0, 0)]).count("M") == 8
    assert cut_marks(sheet, [(0, 0), (1, 0)]).count("M") == 10
    assert cut_marks(sheet, []) == ""


def deck(number=4, back="star", size=Size.POKER):
    return Deck([Card(name=f"Card {n}", kind="Person") for n in range(number)], size, back)


@pytest.mark.parametrize(
    ("sides", "backs"), [(Sides.ONE, 0), (Sides.LONG, 7), (Sides.SHORT, 7), (Sides.FOLD, 0)]
)
def test_a_page_of_backs_follows_each_page_of_fronts(sides, backs):
    found = leaves(deck(60), Press(sides=sides))
    assert sum(leaf.back for leaf in found) == backs
    if backs:
        assert [leaf.back for leaf in found] == [False, True] * 7
    if sides is Sides.FOLD:
        assert all(piece.back for leaf in found for row in leaf.rows for piece in row if piece.card)
        assert all(leaf.folds for leaf in found)


def test_without_a_back_nothing_is_printed_behind():
    assert [leaf.back for leaf in leaves(deck(10, back=""), Press(sides=Sides.LONG))] == [False, False]
    assert leaves(deck(0), Press()) == []


@pytest.mark.parametrize("size", Size)
def test_large_print_holds_fewer_words(size):
    card = Card(name="Quark", kind="Person", text="A word and another. " * 200)
    room = layout(size, Press(), backs=False).card
    usual, large = (words_of(card, size, room, large=large) for large in (False, True))
    assert 50 < len(large) < len(usual) < 2_000


# As a handout


@pytest.fixture
def cast(campaign, klingon):
    tag = Tag.objects.create(campaign=campaign, slug="cast", name="Cast")
    entries = [
        factories.make_entry(campaign, "Quark", kind="person", text="Keeps a bar."),
        factories.make_entry(campaign, "Gowron", kind="person", text="Is Chancellor.", told=[klingon]),
        factories.make_entry(campaign, "Martok", kind="person", text="Is himself."),
    ]
    factories.make_secret(entries[0], "CANARY-BELOW")
    factories.make_secret(entries[2], "Is a changeling.", told=[klingon], stands_in=True)
    for entry in entries:
        entry.tags.add(tag)
    return entries


@pytest.fixture
def handout(campaign, cast):
    return make(
        campaign, "cards", entries=[], tag=cast[0].tags.get().pk, size="poker", back="star", emblem=None
    )


@pytest.mark.parametrize(
    ("reader", "has", "lacks"),
    [
        ("gm", ["Gowron", "Quark", "Is himself"], ["CANARY-BELOW", "changeling"]),
        ("power:klingon", ["Gowron", "Is Chancellor", "changeling"], ["CANARY-BELOW", "Is himself"]),
        ("all", ["Quark", "Martok", "Is himself"], ["CANARY-BELOW", "Gowron", "Chancellor", "changeling"]),
    ],
)
def test_each_reader_has_their_own_cards(as_gm, handout, reader, has, lacks):
    said = words(pdf_of(as_gm, handout, reader)).upper()
    assert not [each for each in has if each.upper() not in said]
    assert not [each for each in lacks if each.upper() in said]
    assert "CANARY" not in screen_of(as_gm, handout, reader)


def test_a_reader_who_knows_of_none_gets_an_empty_sheet(campaign, as_gm, cast):
    found = make(campaign, "cards", entries=[cast[1].pk], tag=None, size="poker", back="", emblem=None)
    said = words(pdf_of(as_gm, found, "power:romulan"))
    assert "nothing on it" in said and "Gowron" not in said


def test_a_page_or_a_power_that_is_gone_is_left_out(campaign, as_gm, cast):
    kept = [entry.pk for entry in cast]
    found = make(
        campaign, "cards", entries=[*kept, 999_999], tag=999_999, size="", back="power", emblem=999_999
    )
    cast[0].delete()
    said = words(pdf_of(as_gm, found)).upper()
    assert "MARTOK" in said and "QUARK" not in said


@pytest.mark.parametrize("paper", POINTS)
@pytest.mark.parametrize(
    ("press", "pages", "lying"),
    [
        ({}, 1, False),
        ({"sides": "long"}, 2, False),
        ({"sides": "fold"}, 1, True),
        ({"bleed": "6", "ink_saving": "1", "large": "1"}, 1, True),
    ],
)
def test_the_paper_and_the_pages(as_gm, handout, paper, press, pages, lying):
    pdf = pdf_of(as_gm, handout, paper=paper, **press)
    size = POINTS[paper][::-1] if lying else POINTS[paper]
    assert sizes_of(pdf) == [size] * pages


def test_sixty_cards_with_names_of_every_sort(campaign, as_gm):
    tag = Tag.objects.create(campaign=campaign, slug="crowd", name="Crowd")
    for n in range(60):
        name = f"{n:02}" + "X" * 78 if n % 2 else f"Extra {n}"
        entry = factories.make_entry(campaign, name, text="" if n % 3 else "Words and words. " * 200)
        entry.tags.add(tag)
    factories.make_picture(campaign, of=entry, size=(900, 120))
    found = make(campaign, "cards", entries=[], tag=tag.pk, size="poker", back="", emblem=None)
    pdf = pdf_of(as_gm, found)
    assert len(pdf.pages) == 7
    assert screen_of(as_gm, found).count('<article class="card') == 60


@pytest.mark.parametrize(
    ("size", "pixels", "classes"),
    [
        ("poker", (698, 449), "across-50 down-100"),
        ("quarter", (1141, 661), "across-50 down-100"),
        ("index", (780, 1148), "across-0 down-50"),
    ],
)
def test_a_picture_has_the_pixels_of_its_place_with_its_focal_point(
    campaign, as_gm, cast, size, pixels, classes
):
    """On paper it is cut so before; on a screen it is the whole, and the page says which part shows."""
    picture = factories.make_picture(campaign, of=cast[0], size=(1500, 1500))
    picture.focal_x, picture.focal_y = 0, 1000
    picture.save()
    found = make(campaign, "cards", entries=[cast[0].pk], tag=None, size=size, back="", emblem=None)
    (image,) = pdf_of(as_gm, found).pages[0].images
    assert image.image.size == pixels
    assert f'<img class="card-picture {classes}"' in screen_of(as_gm, found)


def test_a_power_shows_on_what_is_tagged_with_it(campaign, as_gm, cast, klingon):
    tag = Tag.objects.create(campaign=campaign, slug="klingon", name="Klingon")
    cast[2].tags.add(tag)
    found = make(campaign, "cards", entries=[cast[2].pk], tag=None, size="poker", back="", emblem=None)
    assert klingon.colour in screen_of(as_gm, found)


def test_the_form_asks_for_pages_or_a_tag(campaign, as_gm, cast):
    answer = asked(as_gm, campaign, "cards", size="poker")
    assert answer.status_code == 422 and answer.context["form"].errors["entries"]
    answer = asked(as_gm, campaign, "cards", size="poker", entries=[cast[0].pk], back="power")
    assert answer.status_code == 422 and answer.context["form"].errors["emblem"]
    assert asked(as_gm, campaign, "cards", size="index", entries=[cast[0].pk]).status_code == 302
    kept = Handout.objects.get().details
    assert kept == {"entries": [cast[0].pk], "tag": None, "size": "index", "back": "", "emblem": None}


def test_what_an_address_gives_stands_in_the_form(campaign, as_gm, cast):
    page = as_gm.get(f"/c/long-peace/handouts/new/cards/?entries={cast[2].pk}&title=Martok").content.decode()
    assert 'value="Martok"' in page and f'value="{cast[2].pk}" id="id_entries_1" checked' in page
