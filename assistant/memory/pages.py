"""A process that reads one web page, PDF or picture: `python -m assistant.memory.pages PATH PAGES CHARACTERS SECONDS`.

It writes a JSON object a line: {"text": ...} for each page, then {"done": true}, or {"error": why} or {"missing": what to
install}. Its memory and time are bounded by the system. Pages without text go through tesseract, where it is there; at most
`MAX_SCANNED`.
"""

import json
import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.memory.readers import SUFFIXES, decoded

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from PIL.Image import Image
    from pypdf import PageObject

MEMORY = 2 * 2**30
"""Bytes of address space."""
MAX_SCANNED = 60
"""Pages that are read by OCR; a scan of more is refused."""
MAX_PIXELS = 50_000_000
FEW = 20
"""A page with fewer characters and a picture is taken for a scan."""
PAGE_S = 60
"""Seconds that tesseract may take for a page."""
LANGUAGES = ("eng", "chi_sim")
OCR = "reading photos and scans needs tesseract; run scripts/setup --ocr"


_NO_TEXT = ("script", "style", "noscript", "template", "svg", "nav", "head", "form", "iframe", "object", "button")
_BLOCKS = (
    "p",
    "div",
    "section",
    "article",
    "main",
    "ul",
    "ol",
    "dl",
    "dd",
    "dt",
    "table",
    "blockquote",
    "pre",
    "header",
    "footer",
    "figcaption",
    "address",
)


class _Refused(Exception):
    """Why the file is not read."""


class _Missing(Exception):
    """What has to be installed."""


def main(path: Path, pages: int, characters: int, seconds: int) -> None:
    """Write what stands in a file, page by page."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    total = 0
    try:
        for text in _read(path, pages):
            total += len(text)
            if total > characters:
                raise _Refused(f"has more than {characters:,} characters; part it")
            _say({"text": text})
        _say({"done": True})
    except _Refused as error:
        _say({"error": str(error)})
    except _Missing as error:
        _say({"missing": str(error)})
    except MemoryError:
        _say({"error": "takes too much memory"})
    except Exception as error:  # noqa: BLE001  a broken file may fail anywhere in the reader; the parent process names it
        _say({"error": f"cannot be read ({type(error).__name__}: {' '.join(str(error).split())[:120]})"})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _read(path: Path, most: int) -> Iterator[str]:
    """The text of each page; a web page is one, as Markdown."""
    kind = SUFFIXES[path.suffix.lower()]
    if kind == "html":
        yield _html(path)
    elif path.suffix.lower() == ".pdf":
        yield from _pdf(path, most)
    else:
        yield from _picture(path)


def _html(path: Path) -> str:
    try:
        from bs4 import BeautifulSoup
    except ImportError:
        raise _Missing("reading HTML needs beautifulsoup4; run scripts/setup --documents") from None
    return _marked(BeautifulSoup(decoded(path.read_bytes(), html=True) or "", "html.parser"))


def _marked(soup: "BeautifulSoup") -> str:
    """A page's text, with Markdown's marks for headings, list items and rows."""
    for tag in soup.find_all(_NO_TEXT):
        tag.decompose()
    for row in soup.find_all("tr"):
        cells = [" ".join(cell.get_text(" ").split()) for cell in row.find_all(("td", "th"))]
        row.replace_with(soup.new_string(f"\n\n| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n\n"))
    for level in range(1, 7):
        for tag in soup.find_all(f"h{level}"):
            tag.replace_with(soup.new_string(f"\n\n{'#' * level} {' '.join(tag.get_text(' ').split())}\n\n"))
    for tag in soup.find_all("li"):
        tag.insert_before("\n\n- ")
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    for tag in soup.find_all(_BLOCKS):
        tag.insert_before("\n\n")
        tag.insert_after("\n\n")
    return str(soup.get_text())


def _pdf(path: Path, most: int) -> Iterator[str]:
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, PdfReadError
    except ImportError:
        raise _Missing("reading PDF needs pypdf; run scripts/setup --documents") from None
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings about repaired files are nothing to act on
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _Refused("is locked with a password; add a copy without one")
        count = len(reader.pages)
    except DependencyError:
        raise _Refused("is encrypted; add a copy that is not") from None
    except PdfReadError as error:
        raise _Refused(f"is no whole PDF ({error})") from None
    if count > most:
        raise _Refused(f"has {count} pages; at most {most} are read, so part it")
    scanned = 0
    for number in range(count):
        page = reader.pages[number]
        text = page.extract_text() or ""
        if len(text.strip()) < FEW and (picture := _scan(page)) is not None:
            scanned += 1
            if scanned > MAX_SCANNED:
                raise _Refused(f"has more than {MAX_SCANNED} scanned pages; part it")
            text = _recognised(picture)
        yield text


def _scan(page: "PageObject") -> "Image | None":
    """The largest picture of a page, or None."""
    if not page.get("/Resources", {}).get("/XObject"):
        return None
    try:
        import PIL.Image
    except ImportError:
        raise _Missing(OCR) from None
    PIL.Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # twice that is an error
    pictures = [image.image for image in page.images if image.image is not None]
    return max(pictures, key=lambda image: image.width * image.height, default=None)


def _picture(path: Path) -> Iterator[str]:
    try:
        import PIL.Image
    except ImportError:
        raise _Missing(OCR) from None
    PIL.Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
    with PIL.Image.open(path) as image:
        frames = getattr(image, "n_frames", 1)
        if frames > MAX_SCANNED:
            raise _Refused(f"has {frames} pages; at most {MAX_SCANNED} scanned pages are read, so part it")
        for number in range(frames):
            image.seek(number)
            yield _recognised(image)


def _recognised(image: "Image") -> str:
    """The text of a picture."""
    if shutil.which("tesseract") is None:
        raise _Missing(OCR)
    try:
        import pytesseract
    except ImportError:
        raise _Missing(OCR) from None
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image).convert("L")
    if upright.width * upright.height > MAX_PIXELS:
        raise _Refused(f"holds a picture of more than {MAX_PIXELS // 10**6} million points; make it smaller")
    there = pytesseract.get_languages()
    languages = "+".join(code for code in LANGUAGES if code in there)
    try:
        return str(pytesseract.image_to_string(upright, lang=languages or None, timeout=PAGE_S))
    except RuntimeError:
        raise _Refused(f"holds a picture that tesseract could not read within {PAGE_S} s") from None


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
