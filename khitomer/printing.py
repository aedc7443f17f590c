"""A handout becomes pages: the HTML and print style that the browser prints, as a PDF.

The page may name what it likes; only our own static files and the pictures handed in with it are ever read. There is
no network and no disk behind the fetcher, so a hostile address costs a blank space and nothing else.

Making pages is the dearest thing the house does for a player, so a page has a size, one is made at a time in each
process, and what was made is kept under the hash of all that went into it. The files kept are read here alone, by
their content; no address leads to them.
"""

from __future__ import annotations

import hashlib
import logging
import mimetypes
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils._os import safe_join

from khitomer.errors import Refused

logger = logging.getLogger(__name__)

MAX_HTML = 400_000
MAX_TAGS = 10_000
"""Of one page that becomes a PDF, opening and closing: each costs about a thousandth of a second."""
PATIENCE = 10.0
"""Seconds for which one page waits for another to be made."""
PATIENCE_OF_PACKS = 60.0
"""And for which a sheet of a pack does, that nobody waits for with an open page."""
KEPT = 200
"""How many PDF files are kept, the last used ones."""

_making = Lock()

# Known here because the table of types differs from one machine to the next.
_STATIC_TYPES = {
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
}


class PrintingUnavailable(Refused):
    """PDF files cannot be made here, because WeasyPrint or the Pango library under it is missing."""

    def __init__(self) -> None:
        super().__init__(
            "This server cannot make PDF files",
            allowed="Open the page and use your browser's own print, which can also save it as a PDF",
        )


def available() -> bool:
    """Whether `pdf` can work on this machine."""
    try:
        _weasyprint()
    except PrintingUnavailable:
        return False
    return True


def pdf(html: str, *, base_url: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """A tagged PDF (PDF/UA-1) of a whole HTML page, with its fonts inside.

    `base_url` is the absolute address that relative ones are resolved against. `pictures` maps an address, as the
    page writes it, to the bytes of a picture; anything else outside the static files is left blank. Title and
    language are those of the page; its style sheet sets the paper. The same page gives the same bytes, and is made
    once. Raises `PrintingUnavailable`; `Refused` for a page that is too large, and when others wait for theirs.
    """
    weasyprint = _weasyprint()
    _check_size(html)
    kept = _place_of(weasyprint.__version__, html, base_url, pictures or {})
    if (found := _read(kept)) is not None:
        return found
    with _turn():
        written = _make(weasyprint, html, base_url, pictures or {})
    _keep(kept, written)
    return written


@dataclass(frozen=True, kw_only=True)
class Section:
    """One sheet of a bound pack: what its contents call it, its whole HTML page, and its pictures as for `pdf`.

    An element of the page bears the id `anchor`, to which the contents lead. On the back of each page of a `single` one
    nothing is printed.
    """

    title: str
    anchor: str
    html: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    single: bool = False


@dataclass(frozen=True)
class Placed:
    """Where in the pack a section begins, counted from 1 behind the contents, and how many pages it has."""

    section: Section
    page: int
    pages: int


def bind(
    sections: Iterable[Section],
    *,
    contents: Callable[[Sequence[Placed]], str],
    base_url: str,
    blank: str = "",
    step: Callable[[int, str], None] = lambda done, title: None,
) -> tuple[bytes, int]:
    """Many sheets as one tagged PDF behind a page of contents, and how many pages it has.

    `contents` makes the HTML of that page from where each section begins. With a `blank` page each begins on the front
    of a leaf, for printing on both sides. `step` is told before each section how many are done, and what comes;
    whatever it raises ends the work. A section is not asked for before the one ahead of it is laid out. Each has the
    size that a page may have; raises as `pdf` does. Style sheets find the number of a page in the counter `folio`; the
    contents are not counted, for how many pages they take is known last.
    """
    weasyprint = _weasyprint()
    fonts = weasyprint.text.fonts.FontConfiguration()

    def laid(html: str, pictures: Mapping[str, bytes], style: str = "") -> Any:
        _check_size(html)
        fetcher = _fetcher(weasyprint, base_url, pictures)
        page = weasyprint.HTML(string=html, base_url=base_url, url_fetcher=fetcher)
        with _turn(PATIENCE_OF_PACKS):
            return page.render(
                font_config=fonts,
                stylesheets=[weasyprint.CSS(string=style)],
                pdf_variant="pdf/ua-1",
                pdf_tags=True,
            )

    placed: list[Placed] = []
    documents: list[Any] = []
    at = 0
    for section in sections:
        step(len(placed), section.title)
        apart = 2 if blank and section.single else 1
        at += 1 + (at % 2 if blank else 0)
        documents.append(laid(section.html, section.pictures, _numbered(at, apart)))
        number = len(documents[-1].pages)
        placed.append(Placed(replace(section, html="", pictures={}), at, number))
        at += apart * (number - 1)
    step(len(placed), "Contents")
    first = laid(contents(placed), {})
    filler = laid(blank, {}).pages[0] if blank else None
    pages: list[Any] = []
    for document, single in (
        (first, False),
        *zip(documents, (each.section.single for each in placed), strict=True),
    ):
        for number, page in enumerate(document.pages):
            if filler and len(pages) % 2 and (single or not number):
                pages.append(filler)
            pages.append(page)
    step(len(placed) + 1, "Binding")
    with _turn(PATIENCE_OF_PACKS):
        written = first.copy(pages).write_pdf(finisher=_whole_bleed, pdf_variant="pdf/ua-1", pdf_tags=True)
    assert isinstance(written, bytes)
    return written, len(pages)


def _numbered(first: int, apart: int) -> str:
    """The style that counts the pages of a section in `folio`."""
    reset = f"@page :first {{ counter-reset: folio {first - apart} }}"
    return f"@page {{ counter-increment: folio {apart} }} {reset}"


def _check_size(html: str) -> None:
    if len(html) > MAX_HTML or html.count("<") > MAX_TAGS:
        raise Refused(
            "This page is too large for the PDF maker",
            allowed="Open the page and use your browser's own print, which can also save it as a PDF",
        )


@contextmanager
def _turn(patience: float = PATIENCE) -> Iterator[None]:
    if not _making.acquire(timeout=patience):
        raise Refused("Another PDF is being made, and the maker is busy", allowed="Try again in a moment")
    try:
        yield
    finally:
        _making.release()


def _make(weasyprint: Any, html: str, base_url: str, pictures: Mapping[str, bytes]) -> bytes:
    fetcher = _fetcher(weasyprint, base_url, pictures)
    page = weasyprint.HTML(string=html, base_url=base_url, url_fetcher=fetcher)
    # The variant alone does not switch the tags on.
    written = page.write_pdf(finisher=_whole_bleed, pdf_variant="pdf/ua-1", pdf_tags=True)
    assert isinstance(written, bytes)
    return written


def _whole_bleed(_document: Any, pdf: Any) -> None:
    """Say of each page that all of its bleed may be printed on: WeasyPrint draws all of it, and names ten points."""
    for each in pdf.objects:
        if isinstance(each, dict) and each.get("Type") == "/Page":
            each["BleedBox"] = each["MediaBox"]


# What was made is kept


def _place_of(version: str, html: str, base_url: str, pictures: Mapping[str, bytes]) -> Path:
    """Where the PDF of this page is kept: under a hash of everything that it is made of.

    The style sheets are known by their names, which change with what is in them; while developing they do not, and
    nothing is kept.
    """
    parts = [version.encode(), base_url.encode(), html.encode("utf-8", "surrogatepass")]
    for address, data in sorted(pictures.items()):
        parts += [address.encode(), data]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return Path(settings.DATA_DIR) / "pages" / f"{digest.hexdigest()}.pdf"


def _read(kept: Path) -> bytes | None:
    if settings.DEBUG:
        return None
    try:
        data = kept.read_bytes()
        os.utime(kept)  # used now, so among the last to go
    except OSError:
        return None
    return data


def _keep(kept: Path, data: bytes) -> None:
    """Write the file whole or not at all, and let go of those longest unused. A full disk costs the copy, no page."""
    if settings.DEBUG:
        return
    try:
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=kept.parent, suffix=".part", delete=False) as part:
            part.write(data)
        os.replace(part.name, kept)
        _forget(kept.parent)
    except OSError:
        logger.exception("A PDF could not be kept.")


def _forget(folder: Path) -> None:
    def used(path: Path) -> float:
        with suppress(FileNotFoundError):  # another process was quicker
            return path.stat().st_mtime
        return 0.0

    for path in sorted(folder.iterdir(), key=used, reverse=True)[KEPT:]:
        path.unlink(missing_ok=True)


def _weasyprint() -> Any:
    """WeasyPrint, imported when first wanted: without Pango the import itself fails, and all else must still run."""
    try:
        import weasyprint
        import weasyprint.text.fonts
        import weasyprint.urls
    except (ImportError, OSError) as error:
        logger.warning("WeasyPrint cannot be loaded: %s", error)
        raise PrintingUnavailable from error
    # It warns of every property that only browsers know; what it could not load it reports as an error.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return weasyprint


def _fetcher(weasyprint: Any, base_url: str, pictures: Mapping[str, bytes]) -> Any:
    """A fetcher for WeasyPrint that knows our static files and `pictures`, and no way to anything else."""
    handed_in = {urljoin(base_url, address): data for address, data in pictures.items()}
    static_prefix = urljoin(base_url, settings.STATIC_URL)
    urls = weasyprint.urls

    class OwnFilesOnly(urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url in handed_in:
                data = handed_in[url]
                return urls.URLFetcherResponse(url, data, {"Content-Type": _picture_type(data)})
            if url.startswith(static_prefix):
                path = _static_file(unquote(urlsplit(url).path[len(urlsplit(static_prefix).path) :]))
                return urls.URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _static_type(path)})
            raise ValueError("not one of our own files")

    return OwnFilesOnly()


def _static_file(name: str) -> Path:
    """A static file by its name, from the sources or, if it bears a hash, from the collected ones.

    Raises `ValueError` when there is none, or when the name climbs out of the folder.
    """
    try:
        found = finders.find(name)
        if not found and settings.STATIC_ROOT:
            found = safe_join(str(settings.STATIC_ROOT), name)
    except SuspiciousFileOperation as error:
        raise ValueError("outside the static files") from error
    if not found or not Path(found).is_file():
        raise ValueError("no such static file")
    return Path(found)


def _static_type(path: Path) -> str:
    return _STATIC_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _picture_type(data: bytes) -> str:
    """The type of a picture by its first bytes; drawings that could refer elsewhere are not among them."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"\x89PNG"):
        return "image/png"
    if data.startswith(b"\xff\xd8"):
        return "image/jpeg"
    raise ValueError("not a picture")
