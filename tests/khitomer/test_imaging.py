"""What a person uploads is measured before it is decoded, and only its pixels survive."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile

from khitomer.errors import Refused
from khitomer.imaging import MAX_FILE_BYTES, MAX_PIXELS, Picture, check_pdf, make_picture

RED, GREEN, BLUE, YELLOW = (200, 20, 20), (20, 160, 20), (20, 20, 200), (220, 220, 20)


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decoded(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.webp))
    image.load()
    return image


def quarters(width: int = 120, height: int = 60) -> Image.Image:
    """Red and green above, blue and yellow below: any turn or mirror of it can be told apart."""
    image = Image.new("RGB", (width, height))
    for colour, corner in ((RED, (0, 0)), (GREEN, (1, 0)), (BLUE, (0, 1)), (YELLOW, (1, 1))):
        image.paste(colour, (corner[0] * width // 2, corner[1] * height // 2, width, height))
    return image


def near(pixel, colour, by: int = 24) -> bool:
    return all(abs(a - b) <= by for a, b in zip(pixel[:3], colour, strict=True))


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    tiny = zlib.compress(b"\0" * 64)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", tiny) + chunk(b"IEND", b"")


def jpeg_header(width: int, height: int) -> bytes:
    whole = encoded(Image.new("RGB", (8, 8)), "JPEG")
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + struct.pack(">HH", height, width) + whole[at + 4 :]


def gif_header(width: int, height: int) -> bytes:
    whole = encoded(Image.new("P", (8, 8)), "GIF")
    return whole[:6] + struct.pack("<HH", width, height) + whole[10:]


def gif_frame_beyond_its_screen(width: int, height: int) -> bytes:
    whole = encoded(Image.new("P", (8, 8)), "GIF")
    at = whole.index(b"\x2c\0\0\0\0\x08\0\x08\0") + 5
    return whole[:at] + struct.pack("<HH", width, height) + whole[at + 4 :]


def webp_header(chunk: bytes, width: int, height: int) -> bytes:
    w, h = width - 1, height - 1
    body = {
        b"VP8X": b"\0" * 4 + w.to_bytes(3, "little") + h.to_bytes(3, "little"),
        b"VP8L": b"\x2f" + (w | h << 14).to_bytes(4, "little") + b"\0" * 16,
        b"VP8 ": b"\0\0\0\x9d\x01\x2a"
        + width.to_bytes(2, "little")
        + height.to_bytes(2, "little")
        + b"\0" * 16,
    }[chunk]
    return b"RIFF" + struct.pack("<I", len(body) + 12) + b"WEBP" + chunk + struct.pack("<I", len(body)) + body


@pytest.fixture
def decoding(monkeypatch):
    """Every decode that is begun, by class of reader."""
    begun = []
    for reader in (
        ImageFile.ImageFile,
        *{type(Image.open(io.BytesIO(encoded(quarters(), k)))) for k in KINDS},
    ):
        monkeypatch.setattr(reader, "load", lambda self, *a, **k: begun.append(type(self).__name__))
    return begun


KINDS = ("JPEG", "PNG", "WEBP", "GIF")


@pytest.mark.parametrize("kind", KINDS)
def test_each_allowed_format_becomes_webp(kind):
    picture = make_picture(encoded(quarters(), kind))

    assert picture.webp[:4] == b"RIFF" and picture.webp[8:12] == b"WEBP"
    assert (picture.width, picture.height) == (120, 60) == decoded(picture).size
    assert near(decoded(picture).getpixel((20, 10)), RED)
    assert near(decoded(picture).getpixel((100, 50)), YELLOW)


@pytest.mark.parametrize(
    ("size", "longest", "expected"),
    [
        ((3200, 1600), 1600, (1600, 800)),
        ((1000, 4000), 400, (100, 400)),
        ((300, 200), 1600, (300, 200)),
        ((20_000, 1), 1600, (1600, 1)),
    ],
    ids=["wide", "tall", "never enlarged", "a thread"],
)
def test_the_longer_side_is_bounded(size, longest, expected):
    picture = make_picture(encoded(Image.new("RGB", size, RED)), longest=longest)
    assert (picture.width, picture.height) == expected


BOMBS = {
    "png": png_header(50_000, 50_000),
    "png, one over": png_header(MAX_PIXELS + 1, 1),
    "png, between the limit and Pillow's own": png_header(7000, 7000),
    "jpeg": jpeg_header(60_000, 60_000),
    "gif": gif_header(60_000, 60_000),
    "webp extended": webp_header(b"VP8X", 16_000, 16_000),
    "webp lossless": webp_header(b"VP8L", 16_000, 16_000),
    "webp lossy": webp_header(b"VP8 ", 16_000, 16_000),
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused_before_anything_is_decoded(data, decoding):
    with pytest.raises(Refused, match="more than 25 megapixels. Make it smaller"):
        make_picture(data)
    assert decoding == []


def test_a_webp_bomb_never_reaches_its_decoder(monkeypatch):
    opened = []
    monkeypatch.setattr(Image, "open", lambda *a, **k: opened.append(a))
    with pytest.raises(Refused, match="25 megapixels"):
        make_picture(BOMBS["webp extended"])
    assert opened == []


def test_a_gif_that_draws_beyond_its_screen_is_refused():
    with pytest.raises(Refused, match="25 megapixels"):
        make_picture(gif_frame_beyond_its_screen(60_000, 60_000))


def test_exactly_the_limit_is_allowed():
    picture = make_picture(encoded(Image.new("1", (5000, 5000))), longest=100)
    assert (picture.width, picture.height) == (100, 100)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PNG = encoded(quarters())
NOT_PICTURES = {
    "nothing": (b"", "empty"),
    "text": (b"The Breen took the Latinum Dawn.", "not a picture"),
    "svg": (SVG, "SVG drawings are not accepted"),
    "svg with a comment first": (b"<!-- x -->" + SVG, "SVG drawings are not accepted"),
    "html": (b"<!doctype html><script>alert(1)</script>", "not a picture"),
    "pdf": (b"%PDF-1.7 ...", "not a picture"),
    "bmp": (encoded(quarters(), "BMP"), "not a picture"),
    "tiff": (encoded(quarters(), "TIFF"), "not a picture"),
    "ico": (encoded(quarters(), "ICO"), "not a picture"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    "a picture behind a script": (b"<script>alert(1)</script>" + PNG, "not a picture"),
    "a signature and no more": (b"\x89PNG\r\n\x1a\n", "damaged"),
    "a jpeg start and no more": (b"\xff\xd8\xff", "damaged"),
    "a webp start and no more": (b"RIFF\0\0\0\0WEBPVP8 ", "damaged"),
    "webp of an unknown chunk": (b"RIFF\0\0\0\0WEBPXXXX" + b"\0" * 40, "damaged"),
    "gif start and no more": (b"GIF89a", "damaged"),
    "no width": (png_header(0, 10), "damaged"),
    "header without its pixels": (png_header(400, 400), "damaged"),
    "too many bytes": (PNG + b"\0" * MAX_FILE_BYTES, "larger than 10 MB"),
}


@pytest.mark.parametrize(("data", "words"), NOT_PICTURES.values(), ids=NOT_PICTURES.keys())
def test_what_is_not_a_picture_is_refused_in_words(data, words):
    with pytest.raises(Refused, match=words) as caught:
        make_picture(data)
    assert caught.value.allowed
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.1, 0.5, 0.8])
def test_a_truncated_file_is_refused(kind, part):
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    data = encoded(noise, kind)
    with pytest.raises(Refused, match="damaged"):
        make_picture(data[: int(len(data) * part)])


def test_a_truncated_file_is_refused_even_when_another_library_made_pillow_lenient(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = encoded(Image.effect_noise((200, 200), 90).convert("RGB"), "JPEG")
    with pytest.raises(Refused, match="damaged"):
        make_picture(data[: len(data) // 2])


@given(kind=st.sampled_from(KINDS), at=st.integers(0, 10_000), junk=st.binary(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_corruption_is_either_refused_or_a_picture(kind, at, junk):
    whole = encoded(quarters(), kind)
    at %= len(whole)
    try:
        picture = make_picture(whole[:at] + junk + whole[at + len(junk) :])
    except Refused:
        return
    assert decoded(picture).size == (picture.width, picture.height)


@pytest.mark.parametrize("kind", KINDS)
def test_what_hides_behind_the_end_is_not_kept(kind):
    hidden = b"PK\x03\x04<script>alert('hidden')</script>"
    assert b"hidden" not in make_picture(encoded(quarters(), kind) + hidden).webp


# For each EXIF orientation, where red, green, blue and yellow stand once the picture is upright.
UPRIGHT = {
    1: (RED, GREEN, BLUE, YELLOW),
    2: (GREEN, RED, YELLOW, BLUE),
    3: (YELLOW, BLUE, GREEN, RED),
    4: (BLUE, YELLOW, RED, GREEN),
    5: (RED, BLUE, GREEN, YELLOW),
    6: (BLUE, RED, YELLOW, GREEN),
    7: (YELLOW, GREEN, BLUE, RED),
    8: (GREEN, YELLOW, RED, BLUE),
}


@pytest.mark.parametrize(("orientation", "corners"), UPRIGHT.items())
def test_orientation_is_applied_and_all_metadata_is_gone(orientation, corners):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A camera of Qo'noS"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 5.0)})
    data = encoded(quarters(), "JPEG", exif=exif, quality=95, subsampling=0, comment=b"secret comment")
    assert b"camera" in data

    picture = make_picture(data)

    image = decoded(picture)
    assert image.size == ((60, 120) if orientation >= 5 else (120, 60))
    left, right, top, bottom = (
        image.width // 6,
        image.width * 5 // 6,
        image.height // 6,
        image.height * 5 // 6,
    )
    seen = [image.getpixel(at) for at in ((left, top), (right, top), (left, bottom), (right, bottom))]
    assert all(near(pixel, colour) for pixel, colour in zip(seen, corners, strict=True)), seen
    assert not image.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment"} & image.info.keys()
    assert b"camera" not in picture.webp and b"secret" not in picture.webp and b"EXIF" not in picture.webp


def test_malformed_exif_is_no_reason_to_refuse():
    picture = make_picture(encoded(quarters(), "JPEG", exif=b"Exif\0\0MM\0\x2a\xff\xff\xff\xff"))
    assert (picture.width, picture.height) == (120, 60)


def test_cmyk_becomes_rgb():
    picture = make_picture(encoded(quarters().convert("CMYK"), "JPEG", quality=95))
    assert decoded(picture).mode == "RGB"
    assert near(decoded(picture).getpixel((100, 50)), YELLOW, by=40)


@pytest.mark.parametrize(("value", "grey"), [(0, 0), (0x4000, 64), (0x8000, 128), (0xFFFF, 255)])
def test_sixteen_bits_are_scaled_not_clipped(value, grey):
    deep = Image.frombytes("I;16", (40, 20), struct.pack("<H", value) * 800)
    pixel = decoded(make_picture(encoded(deep))).getpixel((5, 5))
    assert near(pixel, (grey,) * 3, by=3)


def test_only_the_first_frame_of_an_animation_is_kept():
    frames = [Image.new("RGB", (40, 40), colour) for colour in (RED, GREEN, BLUE)]
    for kind in ("GIF", "WEBP", "PNG"):
        image = decoded(make_picture(encoded(frames[0], kind, save_all=True, append_images=frames[1:])))
        assert getattr(image, "n_frames", 1) == 1
        assert near(image.getpixel((20, 20)), RED)


@pytest.mark.parametrize("mode", ["LA", "RGBA", "P", "L", "RGB", "1"])
def test_what_is_transparent_shows_white(mode):
    if mode in ("LA", "RGBA"):
        data = encoded(Image.new(mode, (20, 20)))
    else:
        data = encoded(Image.new(mode, (20, 20)), transparency=(0, 0, 0) if mode == "RGB" else 0)
    assert near(decoded(make_picture(data)).getpixel((10, 10)), (255, 255, 255), by=2)


def test_a_palette_keeps_its_colours():
    picture = make_picture(encoded(quarters().convert("P", palette=Image.Palette.ADAPTIVE)))
    assert near(decoded(picture).getpixel((20, 50)), BLUE)


def test_an_embedded_colour_profile_is_applied_and_removed():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (srgb, lab, b"no profile at all"):
        image = decoded(make_picture(encoded(quarters(), icc_profile=profile)))
        assert "icc_profile" not in image.info
        assert near(image.getpixel((20, 10)), RED)


def test_a_profile_of_swapped_primaries_changes_the_pixels():
    # Red and blue primaries of the sRGB profile exchanged: what is stored as red must come out as blue.
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    pixel = decoded(make_picture(encoded(Image.new("RGB", (20, 20), RED), icc_profile=swapped))).getpixel(
        (9, 9)
    )
    assert pixel[2] > 150 > pixel[0]


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    "data",
    [PDF, b"\xef\xbb\xbf" + PDF, b"\r\n" + PDF, PDF + b"\n\n", PDF[:9] + b"x" * 5000 + PDF[9:]],
    ids=["plain", "byte order mark", "blank line first", "blank lines after", "long"],
)
def test_a_pdf_passes(data):
    assert check_pdf(data) is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (PNG, "not a PDF"),
        (b"<html>" + PDF, "not a PDF"),
        (b"PK\x03\x04" + PDF, "not a PDF"),
        (b"Dear all, see %PDF-1.7", "not a PDF"),
        (PDF[:30], "breaks off"),
        (PDF.replace(b"startxref", b""), "breaks off"),
        (PDF + b"\0" * 4000, "breaks off"),
        (PDF[:9] + b"\0" * MAX_FILE_BYTES + PDF[9:], "larger than 10 MB"),
    ],
    ids=[
        "nothing",
        "picture",
        "html first",
        "zip first",
        "mentions",
        "truncated",
        "no startxref",
        "padded",
        "large",
    ],
)
def test_what_is_not_a_whole_pdf_is_refused(data, words):
    with pytest.raises(Refused, match=words):
        check_pdf(data)


@pytest.mark.parametrize(
    ("refused", "text"),
    [
        (Refused("that is too late"), "That is too late."),
        (Refused("Too late.", allowed="file it today"), "Too late. File it today."),
        (Refused("Really?", field="day"), "Really?"),
    ],
)
def test_a_refusal_reads_as_sentences(refused, text):
    assert str(refused) == text


def test_a_refusal_knows_its_field():
    assert Refused("No.", field="day").field == "day"
    assert Refused("No.").field is None
