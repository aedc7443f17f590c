"""Pictures that were made to do harm: none crashes, none takes more memory than is set aside, and nothing that is not a
pixel comes out again. Every file is built here; none is kept in the repository.
"""

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageCms, PngImagePlugin

from khitomer import imaging
from khitomer.errors import Refused
from khitomer.models import Audience, Picture
from tests import factories

RED, GREEN, BLUE, YELLOW = (200, 20, 20), (20, 160, 20), (20, 20, 200), (220, 220, 20)
KINDS = ("JPEG", "PNG", "WEBP", "GIF")


def encoded(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def quarters(width=120, height=60):
    """Red and green above, blue and yellow below: any turn or mirror of it can be told apart."""
    image = Image.new("RGB", (width, height))
    for colour, corner in ((RED, (0, 0)), (GREEN, (1, 0)), (BLUE, (0, 1)), (YELLOW, (1, 1))):
        image.paste(colour, (corner[0] * width // 2, corner[1] * height // 2, width, height))
    return image


def noise(side=120):
    return Image.effect_noise((side, side), 90).convert("RGB")


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def near(pixel, colour, by=24):
    return all(abs(a - b) <= by for a, b in zip(pixel[:3], colour, strict=True))


# The files


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, *, depth=8, colour=2, data=None, before=b"", after=b""):
    """A PNG written by hand; without `data`, its pixels are all nought."""
    if data is None:
        line = 1 + (width * depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour] + 7) // 8
        data = zlib.compress(b"\0" * (line * height), 9)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + after + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def squeezed(megabytes):
    """So many megabytes of noughts, as a few kilobytes of zlib."""
    pack = zlib.compressobj(9)
    return b"".join([*(pack.compress(b"\0" * 2**20) for _ in range(megabytes)), pack.flush()])


def gif_with(width, height, frame=None):
    """A GIF that claims a screen, and a frame on it of another size."""
    whole = encoded(Image.new("P", (8, 8)), "GIF")
    whole = whole[:6] + struct.pack("<HH", width, height) + whole[10:]
    at = whole.index(b"\x2c\0\0\0\0\x08\0\x08\0") + 5
    return whole[:at] + struct.pack("<HH", *(frame or (8, 8))) + whole[at + 4 :]


def jpeg_of(width, height):
    whole = encoded(Image.new("RGB", (8, 8)), "JPEG")
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + struct.pack(">HH", height, width) + whole[at + 4 :]


def webp_of(width, height, kind=b"VP8X"):
    w, h = width - 1, height - 1
    if kind == b"VP8X":
        body = b"\0" * 4 + w.to_bytes(3, "little") + h.to_bytes(3, "little")
    elif kind == b"VP8L":
        body = b"\x2f" + (w | h << 14).to_bytes(4, "little") + b"\0" * 16
    else:
        body = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height) + b"\0" * 16
    return b"RIFF" + struct.pack("<I", len(body) + 12) + b"WEBP" + kind + struct.pack("<I", len(body)) + body


def riff(data, name, body):
    """A WebP with one chunk more at its end."""
    more = name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    whole = data[12:] + more
    return b"RIFF" + struct.pack("<I", len(whole) + 4) + b"WEBP" + whole


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("payload.html", "<script>alert('hidden')</script>")
    return out.getvalue()


def later(data, marker, body):
    """A JPEG with one segment more, behind its first."""
    return data[:2] + marker + struct.pack(">H", len(body) + 2) + body + data[2:]


def adobe(image, transform=0):
    """A CMYK JPEG as Adobe's programs write it: with their marker, and inverted."""
    data = encoded(image.convert("CMYK"), "JPEG", quality=95)
    return (
        data
        if b"Adobe" in data[:200]
        else later(data, b"\xff\xee", b"Adobe\0\x64\0\0\0\0" + bytes([transform]))
    )


SCRIPT = b"<html><script>alert('hidden')</script></html>"
TOO_LARGE = "more than 25 megapixels"

REFUSED = {
    "png, a zlib bomb of 2.5 gigapixels": (lambda: png(50_000, 50_000, data=squeezed(64)), TOO_LARGE),
    "png, of one endless line": (lambda: png(2**31 - 1, 1, data=squeezed(1)), TOO_LARGE),
    "png, wider than any number": (lambda: png(2**32 - 1, 2**32 - 1, data=b""), "25 megapixels|damaged"),
    "png, of no height": (lambda: png(10, 0, data=b""), "damaged"),
    "png, text that swells": (
        lambda: png(8, 8, before=b"".join(chunk(b"zTXt", b"k%d\0\0" % n + squeezed(16)) for n in range(8))),
        "damaged",
    ),
    "png, international text that swells": (
        lambda: png(8, 8, before=chunk(b"iTXt", b"k\0\1\0\0\0" + squeezed(64))), "damaged"
    ),
    "png, a colour profile that swells": (
        lambda: png(8, 8, before=chunk(b"iCCP", b"p\0\0" + squeezed(64))), "damaged"
    ),
    "png, text after its pixels that swells": (
        lambda: png(8, 8, after=b"".join(chunk(b"zTXt", b"k%d\0\0" % n + squeezed(16)) for n in range(8))),
        "damaged",
    ),
    "png, chunk longer than the file": (
        lambda: b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**31 - 1) + b"IHDR" + b"\0" * 20, "damaged"
    ),
    "png, a depth that there is not": (lambda: png(8, 8, depth=3, data=b""), "damaged"),
    "gif, a huge screen": (lambda: gif_with(65_535, 65_535), TOO_LARGE),
    "gif, a huge frame on a small screen": (lambda: gif_with(8, 8, (65_535, 65_535)), TOO_LARGE),
    "jpeg, the largest that there is": (lambda: jpeg_of(65_535, 65_535), TOO_LARGE),
    "webp, extended, of 281 terapixels": (lambda: webp_of(2**24, 2**24), TOO_LARGE),
    "webp, lossless, the largest that there is": (lambda: webp_of(16_384, 16_384, b"VP8L"), TOO_LARGE),
    "webp, lossy, the largest that there is": (lambda: webp_of(16_383, 16_383, b"VP8 "), TOO_LARGE),
    "webp, extended, and within it nothing": (lambda: webp_of(4000, 4000), "damaged"),
    "webp, a small claim before a large picture": (
        lambda: riff(webp_of(8, 8), b"VP8L", webp_of(16_384, 16_384, b"VP8L")[20:]), "damaged"
    ),
    "a PDF named .png": (lambda: b"%PDF-1.7\n" + encoded(quarters()), "not a picture"),
    "a zip named .jpg": (lambda: zipped() + encoded(quarters(), "JPEG"), "not a picture"),
    "a page named .gif": (lambda: SCRIPT + encoded(quarters(), "GIF"), "not a picture"),
    "a script that begins as a GIF": (lambda: b"GIF89a=1;alert('hidden')//" + b"\0" * 40, "damaged|megapixels"),
    "a script that begins as a JPEG": (lambda: b"\xff\xd8\xff\xe0/*" + b"A" * 300 + b"*/=alert(1)", "damaged"),
}  # fmt: skip
"""What cannot be a picture, and what is said of it."""

POLYGLOTS = {
    "jpeg and zip": lambda: encoded(quarters(), "JPEG") + zipped(),
    "jpeg with a script in its comment": lambda: later(encoded(quarters(), "JPEG"), b"\xff\xfe", SCRIPT),
    "jpeg and PHP": lambda: later(encoded(quarters(), "JPEG"), b"\xff\xed", b"<?php hidden(); ?>"),
    "png and page": lambda: encoded(quarters()) + SCRIPT,
    "png with a page in a chunk of its own": lambda: (
        encoded(quarters())[:33] + chunk(b"heLo", SCRIPT) + encoded(quarters())[33:]
    ),
    "gif and script": lambda: encoded(quarters(), "GIF", comment=b"*/=1;alert('hidden');/*") + SCRIPT,
    "webp and zip": lambda: encoded(quarters(), "WEBP") + zipped(),
    "webp with a chunk of its own": lambda: riff(encoded(quarters(), "WEBP"), b"HIDE", SCRIPT),
    "png and PDF": lambda: encoded(quarters()) + b"%PDF-1.7\nhidden\nstartxref\n9\n%%EOF\n",
}
"""Good pictures that are something else as well."""


def deep_grey():
    return b"".join(b"\0" + struct.pack(">40H", *[0x8000] * 40) for _ in range(20))


def deep_colour(alpha=False):
    pixel = struct.pack(">HHH", 0xC8C8, 0x1414, 0x1414) + (b"\xff\xff" if alpha else b"")
    return b"".join(b"\0" + pixel * 40 for _ in range(20))


def deep(colour, lines, **more):
    return lambda: png(40, 20, depth=16, colour=colour, data=zlib.compress(lines), **more)


def frames(kind, **more):
    first, *rest = (Image.new("RGB", (40, 20), colour) for colour in (RED, GREEN, BLUE))
    return lambda: encoded(first, kind, save_all=True, append_images=rest, **more)


STRANGE = {
    "cmyk": (lambda: encoded(Image.new("RGB", (40, 20), RED).convert("CMYK"), "JPEG", quality=95), RED),
    "cmyk as Adobe has it": (lambda: adobe(Image.new("RGB", (40, 20), RED)), RED),
    "sixteen bits of grey": (deep(0, deep_grey()), (128, 128, 128)),
    "sixteen bits a colour": (deep(2, deep_colour()), RED),
    "sixteen bits a colour, and alpha": (deep(6, deep_colour(alpha=True)), RED),
    "sixteen bits, one of them transparent": (
        deep(2, deep_colour(), before=chunk(b"tRNS", struct.pack(">HHH", 1, 2, 3))), RED
    ),
    "one bit": (lambda: encoded(Image.new("1", (40, 20), 1)), (255, 255, 255)),
    "two bits of grey": (
        lambda: png(40, 20, depth=2, colour=0, data=zlib.compress(b"".join(b"\0" + b"\xaa" * 10 for _ in range(20)))),
        (170, 170, 170),
    ),
    "palette": (lambda: encoded(Image.new("RGB", (40, 20), RED).quantize(4)), RED),
    "palette, all of it transparent": (
        lambda: encoded(Image.new("RGB", (40, 20), RED).quantize(4), transparency=b"\0" * 4), (255, 255, 255)
    ),
    "animated gif": (frames("GIF", loop=0), RED),
    "animated webp": (frames("WEBP", quality=95), RED),
    "animated png": (frames("PNG"), RED),
    "interlaced gif": (lambda: encoded(Image.new("RGB", (40, 20), RED), "GIF", interlace=1), RED),
    "progressive jpeg": (
        lambda: encoded(Image.new("RGB", (40, 20), RED), "JPEG", progressive=True, quality=95), RED
    ),
    "grey jpeg": (lambda: encoded(Image.new("L", (40, 20), 90), "JPEG"), (90, 90, 90)),
}  # fmt: skip
"""Good pictures of rare kinds, and the colour that each of them is."""

GPS = {1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 5.0)}
TOLD = (
    b"QonosCamera", b"QonosXmp", b"QonosComment", b"QonosText", b"Exif", b"EXIF", b"XMP ", b"http://ns.adobe.com",
    b"ICC_PROFILE", b"ICCP", b"iCCP", b"acsp", b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"Photoshop", b"GPS",
)  # fmt: skip
"""What gives away that something is told beside the pixels."""


def telling(kind, orientation=6):
    """A picture with all that can be told in one of its kind: where, with what, when, in which colours, and what of it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "QonosCamera"
    exif.get_ifd(0x8825).update(GPS)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>QonosXmp</x:xmpmeta>"
    if kind == "GIF":
        data = encoded(quarters(), "GIF", comment=b"QonosComment")
        block = b"\x21\xff\x0bXMP DataXMP" + bytes([len(xmp)]) + xmp + b"\0"
        return data[:-1] + block + b"\x3b"
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "QonosText")
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        return encoded(quarters(), exif=exif, icc_profile=profile, pnginfo=text)
    if kind == "WEBP":
        return encoded(quarters(), "WEBP", exif=exif, icc_profile=profile, xmp=xmp, quality=95)
    data = encoded(
        quarters(), "JPEG", exif=exif, icc_profile=profile, comment=b"QonosComment", quality=95, xmp=xmp
    )
    return later(data, b"\xff\xed", b"Photoshop 3.0\x008BIMQonosText")


# Refused, or a good picture


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_a_picture_is_refused_in_words(make, words):
    with pytest.raises(Refused, match=words):
        imaging.make_sizes(make())


@pytest.mark.parametrize("make", POLYGLOTS.values(), ids=POLYGLOTS.keys())
def test_of_a_picture_that_is_something_else_too_the_picture_alone_is_kept(make):
    data = make()
    assert b"hidden" in data
    sizes = imaging.make_sizes(data)
    for kept in (sizes.screen, sizes.whole, sizes.master):
        assert near(opened(kept.webp).getpixel((20, 10)), RED)
        assert not any(
            word in kept.webp for word in (b"hidden", b"PK\x03\x04", b"<script", b"%PDF", b"<?php")
        )


@pytest.mark.parametrize(("make", "colour"), STRANGE.values(), ids=STRANGE.keys())
def test_a_rare_kind_keeps_its_colours(make, colour):
    image = opened(imaging.make_sizes(make()).master.webp)
    assert image.size == (40, 20) and image.mode == "RGB" and getattr(image, "n_frames", 1) == 1
    assert near(image.getpixel((20, 10)), colour, by=16), image.getpixel((20, 10))


def test_a_jpeg_whose_pixels_do_not_fill_its_size_is_filled_with_grey():
    made = imaging.make_sizes(jpeg_of(4000, 3000))
    assert (made.whole.width, made.whole.height) == (1600, 1200)
    assert near(opened(made.whole.webp).getpixel((800, 900)), (128, 128, 128), by=4)


@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_breaks_off_anywhere_is_refused(kind, tenth):
    data = encoded(noise(), kind)
    with pytest.raises(Refused, match="damaged|empty|not a picture"):
        imaging.make_sizes(data[: len(data) * tenth // 10])


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_with_a_byte_turned_anywhere_is_refused_or_a_picture(kind):
    whole = bytearray(telling(kind))
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        turned = bytes(whole[:at]) + bytes([whole[at] ^ 0xFF]) + bytes(whole[at + 1 :])
        try:
            sizes = imaging.make_sizes(turned)
        except Refused:
            continue
        assert opened(sizes.whole.webp).size == (sizes.whole.width, sizes.whole.height)


@pytest.mark.parametrize(
    ("size", "whole"),
    [((25_000_000, 1), (1600, 1)), ((1, 25_000_000), (1, 1600)), ((20_000, 1250), (1600, 100))],
)
def test_a_thread_of_a_picture_is_made_small(size, whole):
    if max(size) > 65_535:
        data = png(*size, depth=1, colour=0)
    else:
        data = encoded(Image.new("L", size), "JPEG")
    made = imaging.make_sizes(data)
    assert (made.whole.width, made.whole.height) == whole
    placed = imaging.for_place(made.master.webp, 63, 88)
    assert placed.width >= 1 and placed.height >= 1


# Memory


LARGEST = {
    "png, eight bits and alpha": (5000, 5000, 8, 6),
    "png, sixteen bits and alpha": (5000, 5000, 16, 6),
    "png, sixteen bits of grey": (5000, 5000, 16, 0),
    "png, one bit": (5000, 5000, 1, 0),
}

MEASURE = """
import sys
from khitomer.errors import Refused
from khitomer.imaging import make_sizes

def most():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024

data = open(sys.argv[1], "rb").read()
before = most()
try:
    make_sizes(data)
    said = "kept"
except Refused:
    said = "refused"
print(said, most() - before)
"""
"""By what the kernel says of the process: `ru_maxrss` begins with the memory of whoever started it."""

has_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux how much was taken")

MOST_FOR_THE_LARGEST = 480
MOST_FOR_A_BOMB = 80
"""Megabytes. Twenty-five megapixels are a hundred of them, at four bytes each."""


def measured(data, tmp_path):
    """What became of a picture in a process of its own, and by how many megabytes that process grew."""
    file = tmp_path / "picture"
    file.write_bytes(data)
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MEASURE, str(file)],
        cwd=Path(imaging.__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    said, grown = answer.stdout.split()
    return said, int(grown)


@has_proc
@pytest.mark.parametrize("what", LARGEST.values(), ids=LARGEST.keys())
def test_the_largest_that_are_allowed_take_no_more_than_is_set_aside(what, tmp_path):
    width, height, depth, colour = what
    said, grown = measured(png(width, height, depth=depth, colour=colour), tmp_path)
    assert said == "kept"
    # More than for a bomb, or the measure would measure nothing.
    assert MOST_FOR_A_BOMB < grown < MOST_FOR_THE_LARGEST, f"{grown} MB"


@has_proc
@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "RGB"), ("WEBP", "RGB"), ("GIF", "P")])
def test_so_do_the_largest_of_the_other_kinds(kind, mode, tmp_path):
    more = {"quality": 30, "method": 0} if kind == "WEBP" else {}
    said, grown = measured(encoded(Image.new(mode, (5000, 5000)), kind, **more), tmp_path)
    assert said == "kept"
    assert grown < MOST_FOR_THE_LARGEST, f"{grown} MB"


@has_proc
@pytest.mark.parametrize(
    "name", [name for name in REFUSED if "megapixel" in REFUSED[name][1] or "swells" in name]
)
def test_a_bomb_takes_next_to_nothing(name, tmp_path):
    said, grown = measured(REFUSED[name][0](), tmp_path)
    assert said == "refused"
    assert grown < MOST_FOR_A_BOMB, f"{grown} MB"


# Nothing is told beside the pixels

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


def corners(image):
    """The colours of the four quarters, in reading order."""
    low, high = (image.width // 6, image.height // 6), (image.width * 5 // 6, image.height * 5 // 6)
    return [image.getpixel(at) for at in (low, (high[0], low[1]), (low[0], high[1]), high)]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("orientation", "colours"), UPRIGHT.items())
def test_it_stands_upright_in_every_size(orientation, colours, kind):
    sizes = imaging.make_sizes(telling(kind, orientation))
    placed = imaging.for_place(sizes.master.webp, 50).jpeg
    for data in (sizes.screen.webp, sizes.whole.webp, sizes.master.webp, placed):
        image = opened(data)
        assert image.size == ((60, 120) if orientation >= 5 else (120, 60))
        seen = corners(image)
        assert all(near(pixel, colour, by=40) for pixel, colour in zip(seen, colours, strict=True)), seen


@pytest.fixture
def pardek(campaign):
    return factories.make_entry(campaign, "Pardek", audience=Audience.ALL, text="An old senator.")


@pytest.fixture
def letter(campaign):
    return factories.make_handout(campaign, "A letter", audience=Audience.ALL)


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def served(client, entry, handout):
    """Everything that is ever served of the picture of an entry and of a handout."""
    answers = [
        client.get(url("picture", token=bearer.picture.token, size=size))
        for bearer in (entry, handout)
        for size in ("card", "screen", "whole")
    ]
    answers += [client.get(url(name, entry=entry.slug)) for name in ("entry-token", "entry-card")]
    for answer in answers:
        assert answer.status_code == 200
        yield answer.content


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_that_is_served_or_kept_tells_more_than_its_pixels(pardek, letter, as_gm, as_klingon, kind):
    data = telling(kind)
    assert sum(word in data for word in TOLD) >= 2
    for where in (url("entry-picture", entry=pardek.slug), url("handout-picture", handout=letter.slug)):
        upload = SimpleUploadedFile("QonosCamera.png", data, content_type="text/html")
        assert as_gm.post(where, {"file": upload, "alt": "", "step": "upload"}).status_code == 302
    pardek.refresh_from_db()
    letter.refresh_from_db()
    kept = [file.open("rb").read() for file in letter.picture.files]
    placed = [imaging.for_place(opened_bytes, 100, 60).jpeg for opened_bytes in kept]
    for found in [*kept, *placed, *served(as_klingon, pardek, letter)]:
        assert not [word for word in TOLD if word in found]
        image = opened(found)
        assert not image.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment", "photoshop"} & image.info.keys()
    assert not [file.name for file in Picture.objects.get(pk=letter.picture_id).files if "Qonos" in file.name]


@pytest.mark.parametrize("make", [make for make, _ in REFUSED.values()], ids=REFUSED.keys())
def test_what_is_refused_is_refused_on_the_page(pardek, as_gm, make):
    upload = SimpleUploadedFile("picture.png", make(), content_type="image/png")
    answer = as_gm.post(
        url("entry-picture", entry=pardek.slug), {"file": upload, "alt": "", "step": "upload"}
    )
    assert answer.status_code == 422 and answer.context["form"].errors["file"]
    assert not Picture.objects.exists()
