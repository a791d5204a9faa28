"""The page's routes for documents: list, send, remove. A document that is sent is read by a process of its own."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter, UploadFile

from assistant import children
from assistant.memory.readers import DEADLINE_S
from assistant.servers.access import MAX_DOCUMENT, Refused, too_large
from assistant.servers.doors import Documents, Doors

READ_S = DEADLINE_S + 30
"""A little more than all pages of a file have."""
MOST_NAME = 100


def plain_name(sent: str) -> str:
    """A file's name as it may stand in a list: its last part, letters, digits and a few marks. Raises `Refused`."""
    name = re.sub(r"[^\w .()+-]", "_", sent.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    if len(name) > MOST_NAME:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: MOST_NAME - 12]}{dot}{ending[:10]}" if dot else name[:MOST_NAME]
    if not name:
        raise Refused(400, "usage", "file: it has no name")
    return name


def router(doors: Doors) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/page/documents", include_in_schema=False)

    def shelf() -> Documents:
        if doors.documents is None:
            raise Refused(409, "no_documents", "this assistant keeps no documents")
        return doors.documents

    @routes.get("")
    async def kept() -> dict[str, Any]:
        """All documents."""
        found = await doors.call(shelf().kept)
        return {
            "documents": [
                {"name": one.name, "bytes": one.bytes, "passages": one.passages, "added_at": one.added_at} for one in found
            ]
        }

    @routes.post("")
    async def send(file: UploadFile) -> dict[str, Any]:
        """Add one; what was sent under its name before gives way."""
        folder, name, data = shelf().store.path.parent, plain_name(file.filename or ""), await file.read()
        await file.close()
        if len(data) > MAX_DOCUMENT:
            raise too_large(MAX_DOCUMENT)
        done = await _read(folder, name, data)
        if "error" in done:
            raise Refused(400, "document", str(done["error"]))
        await doors.call(lambda: None)  # its vectors are computed behind this, in idle time
        return done

    @routes.delete("/{name:path}")
    async def remove(name: str) -> dict[str, bool]:
        """Remove one."""
        documents = shelf()
        if not await doors.call(lambda: bool(documents.store.remove(name))):
            raise Refused(404, "not_found", "there is no document of that name")
        return {"ok": True}

    return routes


async def _read(folder: Path, name: str, data: bytes) -> dict[str, Any]:
    child = await asyncio.create_subprocess_exec(
        *children.command("assistant.memory.adding", str(folder), name),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(READ_S):
            out, _ = await child.communicate(data)
        found: dict[str, Any] = json.loads(out)
    except TimeoutError:
        return {"error": f"{name}: could not be read within {READ_S:.0f} s; part it"}
    except ValueError:
        return {"error": f"{name}: could not be read"}
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return found
