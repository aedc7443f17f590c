"""Links as pictures to scan."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(link: str, title: str) -> SafeString:
    """The link as a picture to scan: dark on a white field with its quiet zone, in either colour scheme."""
    drawn = segno.make(link, error="m", micro=False).svg_inline(
        scale=5, border=4, dark="#000", light="#fff", title=title
    )
    return mark_safe(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S308  (segno's own drawing)
