"""Documents made for tests."""

from collections.abc import Sequence
from pathlib import Path


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A small PDF: each page a list of lines."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        text = " ".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {text} ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % kid for kid in kids), len(kids))
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail


MANUAL = """# Boiler manual

## Pressure
The pressure of the water should lie between 1.2 and 1.8 bar. Below 0.8 bar the boiler shows code F4.

## Faults
Press the reset button for five seconds.
"""
RULES = "请假规定\n\n员工每年有十五天年假。病假要在九点以前打电话给班长。\n"


def write(folder: Path) -> list[Path]:
    """Two documents, English and Chinese."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {"boiler-manual.md": MANUAL, "请假规定.txt": RULES}
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in made]
