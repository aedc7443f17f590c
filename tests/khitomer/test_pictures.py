"""Pictures of entries: made safe, cut to a card, seen by whoever sees what bears them, and gone from the disk with it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from khitomer import imaging
from khitomer.actions import disclosures
from khitomer.actions import pictures as actions
from khitomer.errors import Refused
from khitomer.models import Audience, Picture
from khitomer.templatetags.khitomer import focal_classes
from tests import factories

SIZES = ("card", "screen", "whole")


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def drawn(size=(1000, 500), colours=("#ff0000", "#0000ff"), kind="PNG", **more):
    """A picture with a left half of one colour and a right half of another."""
    image = Image.new("RGB", size, colours[0])
    image.paste(colours[1], (size[0] // 2, 0, size[0], size[1]))
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def read(file):
    with file.open("rb") as kept:
        return Image.open(BytesIO(kept.read())).convert("RGB")


@pytest.fixture
def portrait(campaign, gm):
    return actions.add_picture(campaign=campaign, data=drawn(), alt=" A bridge ", by=gm, now=factories.NOW)


@pytest.fixture
def pardek(campaign):
    return factories.make_entry(campaign, "Pardek", audience=Audience.ALL)


# Kept


def test_an_upload_becomes_a_whole_and_a_square_from_its_middle(portrait):
    assert (portrait.width, portrait.height, portrait.alt) == (1000, 500, "A bridge")
    assert (portrait.left, portrait.top, portrait.side) == (250, 0, 1000)
    whole, card = read(portrait.whole), read(portrait.card)
    assert whole.format is None and whole.size == (1000, 500)
    assert card.size == (320, 320)
    left, right = card.getpixel((20, 160)), card.getpixel((300, 160))
    assert left[0] > 200 > right[0] and right[2] > 200 > left[2]


def test_a_large_one_is_made_smaller_and_a_small_one_is_not_enlarged(campaign, gm):
    given = {"campaign": campaign, "by": gm, "now": factories.NOW}
    large = actions.add_picture(data=drawn((3200, 1600)), **given)
    small = actions.add_picture(data=drawn((90, 60)), **given)
    assert (large.width, large.height) == (1600, 800)
    assert read(large.screen).size == (800, 400) and large.screen_width == 800
    assert read(large.master).size == (3200, 1600)
    assert read(small.card).size == (60, 60)
    assert read(small.screen).size == read(small.master).size == (90, 60) and small.screen_width == 90


def test_one_from_before_there_were_four_sizes_is_served_whole(campaign, pardek, as_klingon):
    picture = factories.make_picture(campaign, of=pardek, size=(1000, 500))
    Picture.objects.filter(pk=picture.pk).update(screen="", master="")
    picture.refresh_from_db()
    assert picture.for_paper == picture.whole and picture.screen_width == 1000 and len(picture.files) == 2
    screen, whole = (
        as_klingon.get(url("picture", token=picture.token, size=size)) for size in ("screen", "whole")
    )
    assert screen.status_code == 200 and screen.content == whole.content


def test_the_master_has_no_address(campaign, pardek, as_gm):
    picture = factories.make_picture(campaign, of=pardek)
    assert as_gm.get(url("picture", token=picture.token, size="master")).status_code == 404


def test_what_a_camera_wrote_is_not_in_it(campaign, gm):
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    data = drawn(kind="JPEG", exif=exif)
    assert b"SecretCamera" in data
    picture = actions.add_picture(campaign=campaign, data=data, by=gm, now=factories.NOW)
    assert len(picture.files) == 4
    for file in picture.files:
        with file.open("rb") as kept:
            assert b"SecretCamera" not in kept.read()


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"MZ\x90", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_refused_beside_the_file(campaign, gm, data):
    with pytest.raises(Refused) as refused:
        actions.add_picture(campaign=campaign, data=data, by=gm, now=factories.NOW)
    assert refused.value.field == "file"
    assert not Picture.objects.exists()


# At its place on a page


def master_of(size, **more):
    return imaging.make_sizes(drawn(size, **more)).master.webp


def opened(jpeg):
    image = Image.open(BytesIO(jpeg))
    image.load()
    return image


@pytest.mark.parametrize(
    ("size", "place", "pixels", "dpi"),
    [
        ((3600, 2400), (156, None), (1843, 1228), 300),  # the width of the text on A4
        ((2600, 3640), (210, 297), (2480, 3508), 300),  # a sheet of A4
        ((3000, 3000), (63, 88), (744, 1039), 300),  # a card
        ((3000, 1000), (25.4, 25.4), (300, 300), 300),
        ((600, 600), (101.6, 101.6), (600, 600), 150),  # too few, and none are made up
        ((600, 300), (101.6, 101.6), (300, 300), 75),
    ],
)
def test_it_has_300_dots_to_the_inch_at_its_place_and_is_never_enlarged(size, place, pixels, dpi):
    placed = imaging.for_place(master_of(size), *place)
    image = opened(placed.jpeg)
    assert (placed.width, placed.height) == image.size == pixels
    assert placed.dpi == dpi and image.info["dpi"] == (dpi, dpi)
    assert image.format == "JPEG" and image.mode == "RGB"


@pytest.mark.parametrize(
    ("focal", "colour"), [((100, 500), 0), ((900, 500), 2), ((0, 0), 0), ((1000, 1000), 2)]
)
def test_what_is_cut_off_is_what_is_far_from_the_focal_point(focal, colour):
    placed = imaging.for_place(master_of((2000, 500)), 50, 50, focal=focal)
    image = opened(placed.jpeg)
    assert image.size == (500, 500)
    assert all(image.getpixel(at)[colour] > 200 for at in ((5, 250), (250, 250), (495, 250)))


@given(
    size=st.tuples(st.integers(1, 4000), st.integers(1, 4000)),
    shape=st.floats(0.01, 100),
    focal=st.tuples(st.integers(0, 1000), st.integers(0, 1000)),
)
def test_a_cut_is_never_beyond_the_picture_nor_empty(size, shape, focal):
    left, top, right, bottom = imaging.cut_for(size, shape, focal)
    assert 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]
    assert right - left == size[0] or bottom - top == size[1]


# Cut


@pytest.mark.parametrize(
    ("left", "top", "side", "colour"),
    [(0, 0, 1000, 0), (500, 0, 1000, 2), (500, 500, 500, 2), (950, 900, 100, 2), (0, 950, 50, 0)],
)
def test_a_square_is_cut_anew(portrait, gm, left, top, side, colour):
    cut = actions.crop_picture(picture=portrait, left=left, top=top, side=side, by=gm)
    portrait.refresh_from_db()
    assert (portrait.left, portrait.top, portrait.side) == (left, top, side)
    card = read(cut.card)
    assert card.width == card.height
    pixel = card.getpixel((card.width // 2, card.width // 2))
    assert pixel[colour] > 200 > pixel[2 - colour]


@pytest.mark.parametrize(
    ("left", "top", "side", "field"),
    [(600, 0, 1000, "left"), (0, 600, 500, "top"), (0, 0, 49, "side"), (0, 0, 1001, "side"), (-1, 0, 500, "side"),
     (1000, 1000, 50, "left")],
)  # fmt: skip
def test_a_square_that_reaches_beyond_is_refused(portrait, gm, left, top, side, field):
    before = portrait.card.name
    with pytest.raises(Refused) as refused:
        actions.crop_picture(picture=portrait, left=left, top=top, side=side, by=gm)
    assert refused.value.field == field
    portrait.refresh_from_db()
    assert portrait.card.name == before and portrait.left == 250


def test_a_focal_point_is_set_with_the_square_and_stays_where_none_is_given(portrait, gm):
    assert portrait.focal == (500, 400)
    where = {"left": 0, "top": 0, "side": 1000}
    assert actions.crop_picture(picture=portrait, **where, focal_x=910, focal_y=0, by=gm).focal == (910, 0)
    assert actions.crop_picture(picture=portrait, **where, by=gm).focal == (910, 0)
    portrait.refresh_from_db()
    assert portrait.focal == (910, 0)


@pytest.mark.parametrize(("name", "value"), [("focal_x", 1001), ("focal_y", -1)])
def test_a_focal_point_beside_the_picture_is_refused(portrait, gm, name, value):
    with pytest.raises(Refused) as refused:
        actions.crop_picture(picture=portrait, left=0, top=0, side=1000, **{name: value}, by=gm)
    assert refused.value.field == name


@pytest.mark.parametrize(
    ("focal", "shape", "classes"),
    [((0, 0), (63, 88), "across-0 down-50"), ((500, 400), (63, 88), "across-50 down-50"),
     ((1000, 0), (63, 88), "across-100 down-50"), ((500, 0), (3, 1), "across-50 down-0"),
     ((500, 1000), (3, 1), "across-50 down-100"), ((500, 500), (2, 1), "across-50 down-50")],
)  # fmt: skip
def test_a_page_keeps_the_focal_point_in_sight_in_another_shape(portrait, focal, shape, classes):
    portrait.focal_x, portrait.focal_y = focal
    assert focal_classes(portrait, *shape) == classes


# Gone


def test_files_go_with_the_row_and_not_before(portrait, gm, django_capture_on_commit_callbacks):
    names = [file.name for file in portrait.files]
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_picture(picture=portrait, by=gm)
        assert all(default_storage.exists(name) for name in names)
    assert not any(default_storage.exists(name) for name in names)
    actions.remove_picture(picture=portrait, by=gm)
    assert not Picture.objects.exists()


def test_a_new_cut_leaves_no_old_card_behind(portrait, gm, django_capture_on_commit_callbacks):
    before = portrait.card.name
    with django_capture_on_commit_callbacks(execute=True):
        after = actions.crop_picture(picture=portrait, left=0, top=0, side=500, by=gm)
    assert not default_storage.exists(before) and default_storage.exists(after.card.name)
    assert default_storage.exists(after.whole.name)


def test_another_picture_takes_the_place_of_the_first(pardek, gm, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = actions.give_picture(to=pardek, data=drawn(), by=gm, now=factories.NOW)
        second = actions.give_picture(to=pardek, data=drawn((40, 40)), by=gm, now=factories.NOW)
    pardek.refresh_from_db()
    assert pardek.picture == second
    assert list(Picture.objects.all()) == [second]
    assert not default_storage.exists(first.whole.name)


def test_what_nothing_bears_is_let_go_of(campaign, pardek):
    factories.make_picture(campaign, of=pardek)
    factories.make_picture(campaign)
    assert actions.remove_unused(campaign=campaign) == 1
    assert Picture.objects.get() == pardek.picture
    assert actions.remove_unused(campaign=campaign) == 0


def kept_files():
    return set(default_storage.listdir("pictures")[1]) if default_storage.exists("pictures") else set()


def test_no_file_is_left_when_what_was_to_bear_it_cannot_be_saved(pardek, gm, monkeypatch):
    before = kept_files()

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(type(pardek), "save", fail)
    with pytest.raises(RuntimeError):
        actions.give_picture(to=pardek, data=drawn(), by=gm, now=factories.NOW)
    assert kept_files() == before and not Picture.objects.exists()


def test_no_file_is_left_when_the_disk_is_full_halfway(campaign, gm, monkeypatch):
    before, saved = kept_files(), []
    save = default_storage.save

    def full(name, content, max_length=None):
        if len(saved) == 2:
            raise OSError("no space left")
        saved.append(name)
        return save(name, content, max_length=max_length)

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(OSError, match="no space"):
        actions.add_picture(campaign=campaign, data=drawn(), by=gm, now=factories.NOW)
    assert len(saved) == 2 and kept_files() == before


def test_what_was_left_behind_is_swept_away_after_a_day(portrait):
    stray = default_storage.save("pictures/stray.webp", ContentFile(b"left"))
    today = timezone.now()
    actions.remove_strays(today)
    assert default_storage.exists(stray)
    assert actions.remove_strays(today + timedelta(days=1, hours=1)) >= 1
    assert not default_storage.exists(stray)
    assert all(default_storage.exists(file.name) for file in portrait.files)


# Who sees it


@pytest.fixture
def hidden(campaign, klingon):
    """A picture on an entry that the Klingons alone were told of."""
    return factories.make_picture(campaign, of=factories.make_entry(campaign, "Hidden", told=[klingon]))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("who", "status"),
    [("as_gm", 200), ("as_co_gm", 200), ("as_klingon", 200), ("as_romulan", 404), ("as_observer", 404),
     ("as_outsider", 404), ("as_anonymous", 302)],
)  # fmt: skip
def test_a_picture_is_for_whoever_sees_what_bears_it(hidden, request, who, size, status):
    answer = request.getfixturevalue(who).get(url("picture", token=hidden.token, size=size))
    assert answer.status_code == status


@pytest.mark.parametrize("size", [*SIZES, "huge"])
def test_hidden_and_missing_answer_alike(hidden, as_romulan, size):
    denied = as_romulan.get(url("picture", token=hidden.token, size=size))
    missing = as_romulan.get(url("picture", token="00000000-0000-4000-8000-000000000000", size=size))
    assert denied.status_code == missing.status_code == 404
    assert denied.content == missing.content and denied.headers.keys() == missing.headers.keys()


def test_it_goes_when_the_entry_is_taken_back_or_thrown_away(
    campaign, hidden, klingon, gm, as_klingon, as_gm
):
    entry, where = campaign.entries.get(), url("picture", token=hidden.token, size="card")
    etag = as_klingon.get(where)["ETag"]
    disclosures.set_audience(thing=entry, to=disclosures.Told(), by=gm, now=factories.NOW)
    assert as_klingon.get(where).status_code == 404
    # What the browser kept is not confirmed to it either.
    assert as_klingon.get(where, headers={"if-none-match": etag}).status_code == 404
    entry.deleted_at = factories.NOW
    entry.save(update_fields=["deleted_at"])
    assert as_gm.get(where).status_code == 404


def test_a_picture_that_nothing_bears_is_nobodys(portrait, as_gm):
    assert as_gm.get(url("picture", token=portrait.token, size="whole")).status_code == 404


def test_a_picture_of_another_campaign_is_not_served_here(campaign, gm, as_gm):
    other = factories.make_campaign("Another", "another")
    factories.join(other, gm, role="gm")
    picture = factories.make_picture(other, of=factories.make_entry(other, "Elsewhere"))
    assert as_gm.get(url("picture", token=picture.token, size="card")).status_code == 404


def test_the_file_has_a_neutral_name_and_is_asked_for_again(campaign, pardek, gm, as_klingon):
    picture = factories.make_picture(campaign, of=pardek)
    where = url("picture", token=picture.token, size="card")
    answer = as_klingon.get(where)
    assert answer["Content-Type"] == "image/webp"
    assert answer["Content-Disposition"] == 'inline; filename="picture-card.webp"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-cache"
    again = as_klingon.get(where, headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304 and not again.content
    actions.crop_picture(picture=picture, left=0, top=0, side=100, by=gm)
    assert as_klingon.get(where, headers={"if-none-match": answer["ETag"]}).status_code == 200


def test_a_lost_file_is_missing(campaign, pardek, as_gm):
    picture = factories.make_picture(campaign, of=pardek)
    default_storage.delete(picture.card.name)
    assert as_gm.get(url("picture", token=picture.token, size="card")).status_code == 404


# The page


def upload(data=None, name="IMG secret.png"):
    return SimpleUploadedFile(name, drawn() if data is None else data, content_type="image/png")


def sent(client, entry="pardek", **given):
    return client.post(url("entry-picture", entry=entry), given)


def test_the_gm_gives_an_entry_a_picture(pardek, as_gm, as_klingon):
    assert sent(as_gm, file=upload(), alt="An old senator", step="upload").status_code == 302
    pardek.refresh_from_db()
    assert pardek.picture.alt == "An old senator"
    page = as_klingon.get(url("entry", entry="pardek")).content.decode()
    assert 'alt="An old senator"' in page and url("picture", token=pardek.picture.token, size="card") in page
    assert "IMG" not in page and "Change the picture" not in page
    assert "Change the picture" in as_gm.get(url("entry", entry="pardek")).content.decode()


def test_a_form_that_is_sent_twice_leaves_one_picture(pardek, as_gm):
    for _ in range(2):
        assert sent(as_gm, file=upload()).status_code == 302
    pardek.refresh_from_db()
    assert Picture.objects.get() == pardek.picture


def test_what_will_not_do_is_said_beside_its_field(pardek, as_gm):
    for file in ({}, {"file": upload(b"MZ\x90")}, {"file": upload(b"x" * 11_000_000)}):
        answer = sent(as_gm, alt="Kept as typed", **file)
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
        assert "Kept as typed" in answer.content.decode()
    pardek.refresh_from_db()
    assert pardek.picture is None


def test_a_page_offers_a_browser_two_sizes_of_a_large_picture(campaign, as_gm):
    handout = factories.make_handout(campaign, "An intercept")
    picture = factories.make_picture(campaign, of=handout, size=(1200, 600))
    where = {size: url("picture", token=picture.token, size=size) for size in SIZES}
    page = as_gm.get(url("handout", handout=handout.slug)).content.decode()
    assert f'srcset="{where["screen"]} 800w, {where["whole"]} 1200w"' in page
    Picture.objects.update(screen="")
    assert "srcset" not in as_gm.get(url("handout", handout=handout.slug)).content.decode()


def test_the_gm_cuts_it_by_the_fields_alone(campaign, pardek, as_gm):
    picture = factories.make_picture(campaign, of=pardek, size=(100, 50))
    square = {"left": "500", "top": "0", "side": "1000"}
    answer = sent(as_gm, step="crop", **square, focal_x="750", focal_y="200", alt="Right half")
    assert answer.status_code == 302 and answer["Location"] == url("entry", entry="pardek")
    picture.refresh_from_db()
    assert (picture.left, picture.side, picture.alt) == (500, 1000, "Right half")
    assert picture.focal == (750, 200)


@pytest.mark.parametrize(
    ("left", "field"), [("900", "left"), ("-1", "left"), ("x", "left"), ("", "left"), ("9" * 40, "left")]
)
def test_a_bad_square_stays_on_the_page(campaign, pardek, as_gm, left, field):
    factories.make_picture(campaign, of=pardek, size=(100, 50))
    answer = sent(as_gm, step="crop", left=left, top="0", side="1000")
    assert answer.status_code == 422 and answer.context["crop"].errors[field]


def test_the_gm_takes_it_away(campaign, pardek, as_gm):
    factories.make_picture(campaign, of=pardek)
    assert sent(as_gm, step="remove").status_code == 302
    pardek.refresh_from_db()
    assert pardek.picture is None and not Picture.objects.exists()
    assert sent(as_gm, step="remove").status_code == 302


def test_the_page_of_a_picture_is_the_gms(pardek, as_klingon, as_co_gm):
    assert as_klingon.get(url("entry-picture", entry="pardek")).status_code == 404
    assert sent(as_klingon, file=upload()).status_code == 404
    assert as_co_gm.get(url("entry-picture", entry="pardek")).status_code == 200
