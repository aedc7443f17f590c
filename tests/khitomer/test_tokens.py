"""Pictures for use elsewhere: drawn as on the page, for whoever may know of the thing, and saying what they read there."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageChops

from khitomer.access import Viewer
from khitomer.actions import pictures as actions
from khitomer.drawing import emblems, lettering, medals, painting, tokens
from khitomer.models import Audience
from khitomer.views.tokens import words_of
from tests import factories

PNG = b"\x89PNG\r\n\x1a\n"
OF_POWERS = ("power-emblem", "power-seal")
OF_ENTRIES = ("entry-token", "entry-card")


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def opened(answer):
    assert answer.status_code == 200 and answer["Content-Type"] == "image/png"
    assert answer.content.startswith(PNG)
    image = Image.open(BytesIO(answer.content))
    image.load()
    return image


def near(pixel, colour, by=12):
    return all(abs(a - b) <= by for a, b in zip(pixel[:3], colour[:3], strict=True))


def rgb(colour):
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def two_halves(size=(1000, 500)):
    """A picture with a red left half and a blue right half."""
    image = Image.new("RGB", size, "#ff0000")
    image.paste("#0000ff", (size[0] // 2, 0, size[0], size[1]))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def pardek(campaign):
    return factories.make_entry(campaign, "Pardek", audience=Audience.ALL, text="An **old** senator.")


@pytest.fixture
def portrait(pardek, gm):
    return actions.give_picture(to=pardek, data=two_halves(), by=gm, now=factories.NOW)


# Paths


@pytest.mark.parametrize(
    ("path", "filled", "empty"),
    [
        ("M10 10H50V50H10Z", [(30, 30), (11, 49)], [(5, 30), (55, 55)]),
        ("M10 10h40v40h-40z", [(30, 30), (11, 49)], [(5, 30), (55, 55)]),
        ("M10 10H50V50H10ZM20 20H40V40H20Z", [(15, 15), (45, 30)], [(30, 30)]),
        (emblems.disc(30, 30, 20), [(30, 30), (30, 11), (49, 30)], [(15, 15), (30, 8)]),
        ("M10 30A20 20 0 0 1 50 30Z", [(30, 15)], [(30, 45)]),
        ("M10 30A20 20 0 0 0 50 30Z", [(30, 45)], [(30, 15)]),
        ("M10 30A1 1 0 0 1 50 30Z", [(30, 15)], [(30, 45)]),  # too small a radius grows until it reaches
        ("M10 50C10 10 50 10 50 50Z", [(30, 25)], [(12, 15), (30, 15)]),
        ("M10 30C15 10 25 10 30 30S45 50 50 30Z", [(20, 20), (40, 40)], [(40, 20), (20, 40)]),
        (emblems.sector(0, 90, 10, 20), [(41, 19)], [(30, 30), (19, 19), (41, 41)]),
        ("M10 10 50 10 50 50Z", [(45, 20)], [(15, 45)]),
    ],
)
def test_a_path_is_filled_as_a_browser_fills_it(path, filled, empty):
    mask = painting.mask_of(path, 240)
    assert all(mask.getpixel((x * 4, y * 4)) == 255 for x, y in filled)
    assert all(mask.getpixel((x * 4, y * 4)) == 0 for x, y in empty)


@pytest.mark.parametrize(
    "path", ["M10 10Q20 20 30 30", "M10", "10 10", "M1 1A5 6 45 0 1 9 9Z", "M1 1<script>"]
)
def test_what_is_no_path_of_ours_is_an_error(path):
    with pytest.raises(ValueError, match="."):
        list(painting.outlines(path))


@pytest.mark.parametrize(
    "emblem", [*emblems.EMBLEMS.values(), emblems.COMPASS_STAR], ids=lambda each: each.key
)
def test_every_emblem_can_be_painted_within_its_box(emblem):
    for path in filter(None, (emblem.figure, emblem.shade)):
        points = [point for outline in painting.outlines(path) for point in outline]
        assert all(0 <= x <= 60 and 0 <= y <= 60 for x, y in points)
        assert painting.mask_of(path, 64).getextrema() == (0, 255)


def test_no_two_emblems_look_alike():
    drawn = {medals.emblem(key, "#ffffff", 64).tobytes() for key in emblems.EMBLEMS}
    assert len(drawn) == len(emblems.EMBLEMS)


# Powers


@pytest.mark.parametrize("size", [64, 100, 512, 1024])
def test_an_emblem_is_a_medallion_on_nothing(klingon, as_klingon, size):
    image = opened(as_klingon.get(url("power-emblem", power="klingon"), {"size": size}))
    assert image.size == (size, size) and image.mode == "RGBA"
    assert image.getpixel((0, 0))[3] == 0
    assert near(image.getpixel((round(size * 0.045), size // 2)), rgb(klingon.colour))
    assert image.getpixel((size // 2, size // 2))[3] == 255


@pytest.mark.parametrize(
    ("asked", "size"),
    [("", 512), ("0", 64), ("63", 64), ("1025", 1024), ("999999", 1024), ("-5", 512), ("x", 512), ("９９", 512),
     ("9" * 5000, 512), ("1e3", 512)],
)  # fmt: skip
def test_a_size_is_brought_within_bounds(pardek, as_klingon, asked, size):
    for name, where in (("power-emblem", {"power": "klingon"}), ("entry-token", {"entry": "pardek"})):
        assert opened(as_klingon.get(url(name, **where), {"size": asked})).size == (size, size)


def test_a_seal_is_wax_of_the_powers_colour(klingon, romulan, as_gm):
    first, second = (opened(as_gm.get(url("power-seal", power=power.slug))) for power in (klingon, romulan))
    assert first.getpixel((0, 0))[3] == 0 and first.getpixel((256, 256))[3] == 255
    assert ImageChops.difference(first.convert("RGB"), second.convert("RGB")).getbbox()
    red, green, blue = first.getpixel((45, 256))[:3]
    wanted = rgb(klingon.colour)
    assert max(range(3), key=(red, green, blue).__getitem__) == max(range(3), key=wanted.__getitem__)


@pytest.mark.parametrize("name", OF_POWERS)
def test_a_power_that_is_not_there_is_missing(as_klingon, name):
    assert as_klingon.get(url(name, power="nobody")).status_code == 404


def test_a_changed_colour_is_another_picture(klingon, as_klingon):
    where = url("power-emblem", power="klingon")
    etag = as_klingon.get(where)["ETag"]
    assert as_klingon.get(where, headers={"if-none-match": etag}).status_code == 304
    klingon.colour = "#123456"
    klingon.save(update_fields=["colour"])
    answer = as_klingon.get(where, headers={"if-none-match": etag})
    assert answer.status_code == 200 and answer["ETag"] != etag


# Tokens


def test_a_token_shows_the_square_of_the_picture_in_a_ring(portrait, klingon, as_klingon, gm):
    where = url("entry-token", entry="pardek")
    plain, ringed = (opened(as_klingon.get(where, given)) for given in ({}, {"power": "klingon"}))
    assert plain.size == ringed.size == (512, 512)
    for image in (plain, ringed):
        assert image.getpixel((0, 0))[3] == 0
        assert near(image.getpixel((150, 256)), (255, 0, 0)) and near(image.getpixel((360, 256)), (0, 0, 255))
    assert near(ringed.getpixel((256, 22)), rgb(klingon.colour))
    assert not near(plain.getpixel((256, 22)), rgb(klingon.colour))
    actions.crop_picture(picture=portrait, left=500, top=0, side=1000, by=gm)
    cut = opened(as_klingon.get(where))
    assert near(cut.getpixel((150, 256)), (0, 0, 255))


def test_a_token_without_a_picture_has_the_letters_of_the_name(pardek, as_klingon):
    image = opened(as_klingon.get(url("entry-token", entry="pardek")))
    assert image.crop((150, 150, 360, 360)).convert("L").getextrema()[1] > 120


def test_a_ring_of_a_power_that_is_not_there_is_missing(pardek, as_klingon):
    assert as_klingon.get(url("entry-token", entry="pardek"), {"power": "nobody"}).status_code == 404


def test_a_picture_that_the_disk_has_lost_is_missing(portrait, as_klingon):
    default_storage.delete(portrait.whole.name)
    for name in OF_ENTRIES:
        assert as_klingon.get(url(name, entry="pardek")).status_code == 404


def test_one_without_a_master_is_drawn_all_the_same(portrait, as_klingon):
    portrait.master = ""
    portrait.save(update_fields=["master"])
    for name in OF_ENTRIES:
        assert opened(as_klingon.get(url(name, entry="pardek")))


# Cards


def test_a_card_is_of_poker_size_and_keeps_the_focal_point(portrait, as_klingon, gm):
    where = url("entry-card", entry="pardek")
    image = opened(as_klingon.get(where))
    assert image.size == (750, 1050) and [round(each) for each in image.info["dpi"]] == [300, 300]
    assert near(image.getpixel((5, 5)), rgb(tokens.PAPER))
    assert near(image.getpixel((100, 300)), (255, 0, 0)) and near(image.getpixel((650, 300)), (0, 0, 255))
    actions.crop_picture(picture=portrait, left=0, top=0, side=1000, focal_x=1000, focal_y=400, by=gm)
    assert near(opened(as_klingon.get(where)).getpixel((250, 300)), (0, 0, 255))


def viewer(campaign, membership):
    return Viewer(user=membership.user, campaign=campaign, membership=membership)


def test_a_card_says_what_its_viewer_reads(campaign, pardek, klingon, as_klingon, as_romulan, as_gm):
    factories.make_secret(pardek, text="A **spy** of the Tal Shiar.", told=[klingon], stands_in=True)
    read = {
        who: words_of(viewer(campaign, campaign.memberships.get(**found)), pardek)[2]
        for who, found in (
            ("klingon", {"power__slug": "klingon"}),
            ("romulan", {"power__slug": "romulan"}),
            ("gm", {"role": "gm"}),
        )
    }
    assert read == {
        "klingon": "A spy of the Tal Shiar.",
        "romulan": "An old senator.",
        "gm": "An old senator.",
    }
    answers = {
        who: client.get(url("entry-card", entry="pardek"))
        for who, client in (("klingon", as_klingon), ("romulan", as_romulan), ("gm", as_gm))
    }
    assert answers["romulan"].content == answers["gm"].content != answers["klingon"].content
    assert answers["romulan"]["ETag"] == answers["gm"]["ETag"] != answers["klingon"]["ETag"]


def test_a_secret_below_the_text_is_on_nobodys_card(campaign, pardek, klingon, as_klingon, as_romulan):
    factories.make_secret(pardek, text="He is dying.", told=[klingon])
    first, second = (client.get(url("entry-card", entry="pardek")) for client in (as_klingon, as_romulan))
    assert first.content == second.content


@pytest.mark.parametrize(
    ("name", "text"),
    [("W" * 80, "x" * 500), ("A " * 40, ""), ("Кахлесс", "текст"), ("Q’onoS — “home”", "Ž\u0301 \u202e\u0000 😀"),
     ("-", "…"), ("١٢", "\n\n"), ("é" * 79, "word " * 400)],
)  # fmt: skip
def test_any_words_fit(name, text):
    for picture in (None, Image.new("RGB", (3, 2000))):
        assert tokens.card(name, name[:40], text, picture).size == (750, 1050)
        assert tokens.token(name, None, None, 64).size == (64, 64)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Łódź", "Lódz"), ("Žižkov", "Zizkov"), ("Qo’noS – “a” …", "Qo’noS – “a” …"), ("Καί", "???"),
     ("a\u202eb\u200dc", "abc"), (" two  words\n", "two words"), ("e\u0301", "é"), ("½ ﬁ", "½ fi")],
)  # fmt: skip
def test_what_a_face_cannot_show_is_written_plainly(text, shown):
    assert lettering.legible(text) == shown


@pytest.mark.parametrize(
    "text", ["a", "two words", "W" * 70, "some more words than fit on two lines of a card, far more"]
)
def test_lines_keep_within_their_room(text):
    lines = lettering.fitted(text, lettering.TITLE, range(54, 29, -4), 300, 2)
    assert len(lines.lines) <= 2 and all(lines.font.getlength(line) <= 300 for line in lines.lines)


# Who sees them


@pytest.mark.parametrize("name", OF_ENTRIES)
def test_hidden_and_missing_answer_alike(campaign, klingon, as_klingon, as_romulan, name):
    factories.make_entry(campaign, "Hidden", told=[klingon])
    assert as_klingon.get(url(name, entry="hidden")).status_code == 200
    denied, missing = (as_romulan.get(url(name, entry=slug)) for slug in ("hidden", "nothing"))
    assert denied.status_code == missing.status_code == 404
    assert denied.content == missing.content and denied.headers.keys() == missing.headers.keys()


@pytest.mark.parametrize("name", OF_ENTRIES)
def test_a_browser_asks_again_and_is_refused_once_it_is_taken_back(campaign, pardek, as_klingon, name):
    where = url(name, entry="pardek")
    answer = as_klingon.get(where)
    assert answer["Cache-Control"] == "private, no-cache" and answer["X-Content-Type-Options"] == "nosniff"
    assert as_klingon.get(where, headers={"if-none-match": answer["ETag"]}).status_code == 304
    campaign.entries.update(audience=Audience.GM)
    assert as_klingon.get(where, headers={"if-none-match": answer["ETag"]}).status_code == 404


def test_the_pages_lead_to_them(pardek, as_klingon):
    entry = as_klingon.get(url("entry", entry="pardek")).content.decode()
    power = as_klingon.get(url("power", power="klingon")).content.decode()
    assert all(url(name, entry="pardek") in entry for name in OF_ENTRIES)
    assert all(url(name, power="klingon") in power for name in OF_POWERS)
