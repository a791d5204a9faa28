"""Write the SHA-256 of every file of the starter models into models/catalog.yaml: `python scripts/starter_hashes.py`.

Run it after a training has put a new one into models/starter/. The section stands at the end; the rest is not touched.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant.models.catalog import CATALOG, sha256_of  # noqa: E402

HEAD = "starter:  # what ships in models/starter/: file -> SHA-256, by scripts/starter_hashes.py\n"


def section() -> str:
    """The section's text."""
    folder = CATALOG.parent / "starter"
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    return HEAD + "".join(f"  {path.relative_to(folder).as_posix()}: {sha256_of(path)}\n" for path in files)


def main() -> None:
    """Write it."""
    text = CATALOG.read_text(encoding="utf-8")
    CATALOG.write_text(text.partition("starter:  #")[0] + section(), encoding="utf-8")


if __name__ == "__main__":
    main()
