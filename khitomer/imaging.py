"""An upload becomes safe pictures.

Nothing that a person uploads is ever served as it came. A picture is recognised by its first bytes, measured from
its header before a single pixel is decoded, drawn onto a canvas of our own and encoded anew, so that only pixels
survive: no place, no camera, no hidden file behind the end. A PDF is kept as it is, so it is only checked.

Three sizes are for screens; a fourth, the master, is kept for paper, and is cut and scaled for each place on a page.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from threading import Lock

from PIL import Image, ImageCms, ImageFile

from khitomer.errors import Refused

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000
LONGEST_SIDE = 1600
LONGEST_ON_SCREEN = 800
LONGEST_OF_MASTER = 3600
"""A sheet of A4 to its very edges at 300 dpi is 2480 by 3508 pixels, and a few more with its bleed."""
WEBP_QUALITY = 82
MASTER_QUALITY = 90
CARD_SIDE = 320
PLACED_QUALITY = 88
PRINT_DPI = 300
MM_PER_INCH = 25.4
THOUSAND = 1000
CENTRE = (500, 500)
PDF_TAIL_BYTES = 2048

# Pillow's own guard, for a picture opened anywhere else in this process: it warns above this and refuses at twice.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

ALLOWED_PICTURES = "Allowed are JPEG, PNG, WebP and GIF, up to 25 megapixels and 10 MB."
ALLOWED_PDFS = "Allowed are PDF files up to 10 MB."

_ORIENTATION_TAG = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_decoding = Lock()
"""One upload is decoded at a time in each process: the largest that is allowed takes some 400 MB while it is."""

_SHRUNK_FIRST = ("L", "LA", "RGB", "RGBA", "CMYK")
"""Modes whose pixels can be averaged as they are; a palette's numbers cannot."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture that may be served: WebP bytes, width and height in pixels."""

    webp: bytes
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """One upload in all the sizes that are kept whole: two for screens, and the master, which no screen is sent."""

    screen: Picture
    whole: Picture
    master: Picture


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A picture for one place on a page: JPEG bytes, their pixels, and how many of them an inch of paper gets."""

    jpeg: bytes
    width: int
    height: int
    dpi: int


def make_picture(data: bytes, *, longest: int = LONGEST_SIDE) -> Picture:
    """Turn uploaded bytes into a picture whose longer side is at most `longest` pixels; never enlarged.

    JPEG, PNG, WebP and the first frame of a GIF are read. Orientation is applied, colours are brought to sRGB,
    transparency is laid on white (black ink stays legible on a dark screen), and every byte that is not a pixel is
    dropped. Raises `Refused` for anything else, with what is wrong and what would do.
    """
    return _kept(_drawn_anew(data, longest))


def make_sizes(data: bytes) -> Sizes:
    """The same in every size that is kept whole, decoded once. A small upload has them all alike; none is enlarged."""
    canvas = _drawn_anew(data, LONGEST_OF_MASTER)
    master = _kept(canvas, quality=MASTER_QUALITY)
    whole = _kept(canvas, longest=LONGEST_SIDE)
    small = max(canvas.size) <= LONGEST_ON_SCREEN
    return Sizes(
        screen=whole if small else _kept(canvas, longest=LONGEST_ON_SCREEN), whole=whole, master=master
    )


def cut_square(webp: bytes, *, box: tuple[int, int, int], side: int = CARD_SIDE) -> bytes:
    """A square of a kept picture as WebP, at most `side` pixels wide; `box` is its left edge, top edge and side."""
    left, top, length = box
    square = reopened(webp).crop((left, top, left + length, top + length))
    return _kept(square, longest=side).webp


def for_place(
    master: bytes,
    width_mm: float,
    height_mm: float | None = None,
    *,
    dpi: int = PRINT_DPI,
    focal: tuple[int, int] = CENTRE,
) -> Placed:
    """A kept picture as JPEG for a place of this size on paper, with exactly `dpi` pixels to its inch.

    With a height, it is cut to the shape of the place so that `focal` (thousandths of width and height) stays in it, as
    near the middle as the edges allow; without one it keeps its own shape. It is never enlarged: where there are fewer
    pixels, they are all given, and `dpi` of what comes back says how many of them an inch gets.
    """
    image = reopened(master)
    if height_mm is not None:
        image = image.crop(cut_for(image.size, width_mm / height_mm, focal))
    wide = round(width_mm / MM_PER_INCH * dpi)
    high = round((height_mm or width_mm * image.height / image.width) / MM_PER_INCH * dpi)
    if image.width > wide:
        image = image.resize((max(1, wide), max(1, high)), Image.Resampling.LANCZOS)
    reached = min(dpi, max(1, round(image.width / (width_mm / MM_PER_INCH))))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=PLACED_QUALITY, subsampling=0, optimize=True, dpi=(reached, reached))
    return Placed(jpeg=out.getvalue(), width=image.width, height=image.height, dpi=reached)


def cut_for(
    size: tuple[int, int], shape: float, focal: tuple[int, int] = CENTRE
) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the largest part of a picture that has this `shape` (width by height), with the
    focal point as near its middle as the edges allow."""
    width, height = size
    wide, high = max(1, min(width, round(height * shape))), max(1, min(height, round(width / shape)))
    left = min(max(0, round(width * focal[0] / THOUSAND - wide / 2)), width - wide)
    top = min(max(0, round(height * focal[1] / THOUSAND - high / 2)), height - high)
    return left, top, left + wide, top + high


def square_of(image: Image.Image, left: int, top: int, side: int) -> Image.Image:
    """A square of a picture, by its edges in thousandths of width and height, and its side in those of the shorter."""
    length = max(1, round(side * min(image.size) / THOUSAND))
    x = min(round(left * image.width / THOUSAND), image.width - length)
    y = min(round(top * image.height / THOUSAND), image.height - length)
    return image.crop((x, y, x + length, y + length))


def reopened(webp: bytes) -> Image.Image:
    """The pixels of a picture that was kept."""
    return Image.open(io.BytesIO(webp), formats=("WEBP",)).convert("RGB")


def size_of(webp: bytes) -> tuple[int, int]:
    """Width and height as a WebP header claims them, for its three kinds of first chunk."""
    head = webp[:30]
    if len(head) < 30:
        raise _damaged()
    chunk = head[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    raise _damaged()


def check_pdf(data: bytes) -> None:
    """Refuse what is not a whole PDF: its header comes first, its cross-reference and end mark come last.

    Raises `Refused`. It does not judge what the pages hold: a PDF is only ever handed over as a download.
    """
    _check_size(data, what="file", allowed=ALLOWED_PDFS)
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        raise Refused("This file is not a PDF.", allowed=ALLOWED_PDFS)
    tail = data[-PDF_TAIL_BYTES:]
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise Refused(
            "This PDF breaks off before its end.", allowed="Save or export it again, then upload that file."
        )


def _drawn_anew(data: bytes, longest: int) -> Image.Image:
    """The pixels of an upload on a canvas of ours, or `Refused`."""
    _check_size(data, what="picture", allowed=ALLOWED_PICTURES)
    kind = _recognise(data)
    with _decoding:
        image = _open(data, kind)
        _check_pixels(*image.size)
        return _decode(image, longest)


def _kept(canvas: Image.Image, *, longest: int | None = None, quality: int = WEBP_QUALITY) -> Picture:
    """A canvas of ours as it is kept, made smaller where it is longer than `longest`."""
    if longest is not None and max(canvas.size) > longest:
        canvas = canvas.copy()
        canvas.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    canvas.save(out, "WEBP", quality=quality, method=4)
    return Picture(webp=out.getvalue(), width=canvas.width, height=canvas.height)


def _check_size(data: bytes, *, what: str, allowed: str) -> None:
    if not data:
        raise Refused(f"This {what} is empty.", allowed=allowed)
    if len(data) > MAX_FILE_BYTES:
        raise Refused(f"This {what} is larger than 10 MB.", allowed=allowed)


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_many_pixels(f"{width:,} × {height:,} pixels")
    if width < 1 or height < 1:
        raise _damaged()


def _too_many_pixels(size: str) -> Refused:
    return Refused(
        f"This picture has {size}, more than 25 megapixels.", allowed="Make it smaller, then upload it again."
    )


def _damaged() -> Refused:
    return Refused(
        "This picture is damaged or breaks off before its end.",
        allowed="Save or export it again, then upload that file.",
    )


def _recognise(data: bytes) -> str:
    """Name the format by the very first bytes, so that a picture hidden inside another file is not looked for."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    if b"<svg" in data[:4096].lower():
        raise Refused(
            "SVG drawings are not accepted, because they can carry scripts.", allowed=ALLOWED_PICTURES
        )
    raise Refused("This file is not a picture that can be read here.", allowed=ALLOWED_PICTURES)


def _open(data: bytes, kind: str) -> Image.Image:
    """Read the header alone, with no decoder but the one for `kind`."""
    if kind == "WEBP":
        # The WebP decoder sets its canvas aside as soon as it is opened, so its header is measured by hand first.
        _check_pixels(*size_of(data))
    try:
        return Image.open(io.BytesIO(data), formats=(kind,))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels("too many pixels") from None
    except Exception as error:
        # Decoders raise whatever they trip over; on bytes from outside, all of it means the same.
        raise _damaged() from error


def _decode(image: Image.Image, longest: int) -> Image.Image:
    """The pixels of `image`, upright and in sRGB, on a canvas that has never known its metadata."""
    # WeasyPrint, once loaded, has Pillow fill the missing part of a broken picture with grey in the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        image.load()
        upright = _TURNS.get(_orientation(image))
        if image.mode in _SHRUNK_FIRST and "transparency" not in image.info:
            image.thumbnail((longest, longest), Image.Resampling.LANCZOS)  # what follows then works on less
        pixels = _flatten(image)
        pixels.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        if upright is not None:
            pixels = pixels.transpose(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        # A GIF may declare a small screen and then draw a frame far larger than it.
        raise _too_many_pixels("too many pixels") from None
    except Exception as error:
        raise _damaged() from error
    canvas = Image.new("RGB", pixels.size, "white")
    canvas.paste(pixels)
    return canvas


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1 to 8. Malformed EXIF is no reason to refuse a good picture: it counts as upright."""
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # noqa: BLE001 the parser of malformed EXIF raises whatever it trips over
        return 1


def _flatten(image: Image.Image) -> Image.Image:
    """RGB pixels in sRGB; whatever is transparent lets white through."""
    profile = image.info.get("icc_profile")
    if image.mode in ("I", "F"):
        image = _to_eight_bits(image)
    elif image.mode.startswith("I;16"):
        image = _to_eight_bits(image.convert("I"))
    if image.mode == "P" or (image.mode in ("1", "L", "RGB") and "transparency" in image.info):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    alpha = image.getchannel("A") if "A" in image.getbands() else None
    if alpha is not None:
        image = image.convert("L" if image.mode in ("LA", "La") else "RGB")
    image = _to_srgb(image, profile)
    if alpha is None:
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=alpha)
    return white


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen-bit grey to eight, by scale; a plain conversion would clip everything above 255 to white."""
    return image.point(lambda value: value * (1 / 256) + 0).convert("L")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert by the embedded colour profile; one that cannot be used is left out of account."""
    if profile and image.mode in ("L", "RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")
