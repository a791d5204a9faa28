"""A document that came from elsewhere, added by a process of its own: `python -m assistant.memory.adding FOLDER NAME < file`.

Reading may take minutes and a hostile file may take all memory: neither is the daemon's, which kills this process when it must.
The file lies in a folder of this process alone while it is read. Prints one object: {"name", "passages", "how"} or {"error"}.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from assistant.errors import AssistantError
from assistant.memory.document_store import DocumentStore
from assistant.memory.documents import Documents

ORIGIN = "sent by the page"


def add(folder: Path, name: str, data: bytes) -> dict[str, object]:
    """Add it under that name, in place of one that was sent under it before."""
    documents = Documents(DocumentStore(folder))
    try:
        with tempfile.TemporaryDirectory(prefix="document-") as aside:
            path = Path(aside) / f"document{Path(name).suffix[:10].lower()}"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
            try:
                done = documents.add(path, Path(ORIGIN) / name)
            except AssistantError as error:
                return {"error": str(error).replace(str(path.resolve()), name)}
        return {"name": done.name, "passages": done.passages, "how": done.how}
    finally:
        documents.close()


def main() -> None:
    """See the module."""
    print(json.dumps(add(Path(sys.argv[1]), sys.argv[2], sys.stdin.buffer.read())))  # noqa: T201  its answer


if __name__ == "__main__":
    main()
