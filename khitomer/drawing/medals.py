"""Emblems and seals as pixels, for use elsewhere: an emblem on its medallion, and a power's emblem pressed into wax."""

from functools import lru_cache

from PIL import Image, ImageChops, ImageFilter

from khitomer.drawing.emblems import emblem_named, seal
from khitomer.drawing.painting import lay, mask_of, ring_mask
from khitomer.drawing.scales import colour_or_grey

GROUND = "#12151d"
SHADE = 0.6
SMALLEST, LARGEST = 64, 1024
"""How many pixels wide what is drawn here may be."""


@lru_cache(maxsize=8)
def emblem(key: str, colour: str, size: int) -> Image.Image:
    """A power's emblem on its dark medallion, as on every page; around it the picture is transparent."""
    drawn, colour = emblem_named(key), colour_or_grey(colour)
    canvas = Image.new("RGBA", (size, size), f"{GROUND}00")
    lay(canvas, ring_mask(size, 29), GROUND)
    lay(canvas, ring_mask(size, 29, 25.5), colour)
    lay(canvas, mask_of(drawn.figure, size), colour)
    if drawn.shade:
        lay(canvas, mask_of(drawn.shade, size), colour, SHADE)
    return canvas


@lru_cache(maxsize=8)
def wax_seal(key: str, colour: str, size: int) -> Image.Image:
    """A power's seal: its emblem pressed into wax of its colour, lit from the upper left, with a soft shadow.

    What stands out and what lies deep is a picture of heights; how they rise towards the light says what is bright.
    """
    drawn, colour = emblem_named(key), colour_or_grey(colour)
    wax, inner = mask_of(seal().wax, size), ring_mask(size, 21.4)
    shape = mask_of(drawn.figure, size)
    pressed = _within(shape, size)
    soft = _within(mask_of(drawn.shade, size), size) if drawn.shade else None
    heights = Image.new("L", (size, size), 0)
    heights.paste(200, mask=_soft(wax, size, 0.016))
    heights.paste(120, mask=_soft(inner, size, 0.008))
    heights.paste(170, mask=_soft(ring_mask(size, 20.2, 19.2), size, 0.003))
    if soft is not None:
        heights.paste(160, mask=_soft(soft, size, 0.004))
    heights.paste(215, mask=_soft(pressed, size, 0.004))
    light = _lit(heights, size)

    canvas = Image.new("RGBA", (size, size), "#00000000")
    shadow = ImageChops.offset(_soft(wax, size, 0.018), round(size * 0.008), round(size * 0.02))
    lay(canvas, shadow, "#000000", 0.45)
    body = Image.new("RGBA", (size, size), colour)
    lay(body, Image.new("L", (size, size), 255), "#000000", 0.20)
    lay(body, _sheen(size), "#ffffff", 0.16)
    lay(body, inner, "#000000", 0.16)
    lay(body, pressed, "#ffffff", 0.16)
    lay(body, light.point(lambda value: max(0, 128 - value) * 2.4), "#000000", 0.75)
    lay(body, light.point(lambda value: max(0, value - 128) * 2.4), "#ffffff", 0.70)
    body.putalpha(wax)
    canvas.alpha_composite(body)
    return canvas


def _within(mask: Image.Image, size: int) -> Image.Image:
    """An emblem made small enough for the hollow of the seal."""
    small = max(1, round(size * 0.66))
    canvas = Image.new("L", (size, size))
    at = (size - small) // 2
    canvas.paste(mask.resize((small, small), Image.Resampling.LANCZOS), (at, at))
    return canvas


def _soft(mask: Image.Image, size: int, radius: float) -> Image.Image:
    return mask.filter(ImageFilter.GaussianBlur(size * radius))


def _lit(heights: Image.Image, size: int) -> Image.Image:
    """How a surface of these heights takes light from the upper left: 128 where it is level."""
    step = max(1, round(size * 0.004))
    nearer, farther = (ImageChops.offset(heights, by, by) for by in (step, -step))
    return ImageChops.subtract(farther, nearer, scale=1.0, offset=128).filter(
        ImageFilter.GaussianBlur(size * 0.0015)
    )


def _sheen(size: int) -> Image.Image:
    """A light that falls off from the upper left."""
    down = Image.linear_gradient("L").resize((size, size))
    across = down.transpose(Image.Transpose.ROTATE_90)
    return ImageChops.invert(ImageChops.add(down, across, scale=2))
