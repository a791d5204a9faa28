"""The models that are here, as rows for a person: what is in the folders, whoever put it there."""

from pathlib import Path
from typing import Any

from assistant.models import embeds, folder_bytes, model_roots, vosk_language
from assistant.models.catalog import load_catalog
from assistant.models.store import Store


def rows_here(configured: str) -> list[dict[str, Any]]:
    """Name, kind, languages, bytes and licence of each; `configured` is the folder that the configuration names."""
    models, catalog = model_roots(configured), load_catalog()
    store = Store(models.roots[0])
    licences = {record.primary: catalog.models[record.id].licence for record in store.records() if record.id in catalog.models}

    def row(path: Path, kind: str, languages: list[str]) -> dict[str, Any]:
        size = folder_bytes(path) if path.is_dir() else path.stat().st_size
        starter = path.parent.name == "starter"
        licence = licences.get(path.name, "Apache-2.0" if starter else "")
        return {"name": path.name, "kind": kind, "languages": languages, "bytes": size, "licence": licence, "starter": starter}

    found = [row(path, "stt", [code]) for code in ("en", "zh") for path in models.vosk(code) if vosk_language(path)]
    found += [row(path, "embed" if embeds(path) else "llm", ["en", "zh"]) for path in models.gguf()]
    found += [row(path, "tts", [code]) for code in ("en", "zh") for path in models.piper(code)]
    return found
