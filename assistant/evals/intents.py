"""`assistant eval intents FOLDER`: what is understood of sentences about a home, with the names of the home they are tested on.

The folder is laid out like `tests/<language>/` of OHF-Voice/intents, one language or several below it: `_fixtures.yaml` with the
home and `<domain>_<Intent>.yaml` (each test names its intent), or `<Intent>/*.yaml` with their own entities, areas and floors.
A sentence is right when its intent is, and all slots that are expected are there with the same values. `domain`, and a name of
"all", are told by the test's file and not by the sentence; an area that comes from the context is none of the sentence's. An
intent that another skill of ours answers is right when that skill takes it; its slots are its own. Intents that nothing of ours
carries out, and questions about where people are, are counted apart.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from assistant.bench.result import Figure, Result, machine, versions
from assistant.config import Config
from assistant.engines.fakes_home import FakeHome
from assistant.errors import UsageError
from assistant.protocols_hands import Hands
from assistant.protocols_home import Area, Entity
from assistant.protocols_skills import Talk
from assistant.skills.home import HomeVoice
from assistant.skills.home_grammar import HERE, INTENTS
from assistant.skills.home_names import plain
from assistant.skills.router import SkillRouter, make_router

CODES = {"en": "en", "zh": "zh", "zh-cn": "zh"}
SKILLS = {
    "HassGetCurrentTime": "time", "HassGetCurrentDate": "date", "HassNevermind": "stop", "HassListAddItem": "lists",
    "HassShoppingListAddItem": "lists", "HassShoppingListCompleteItem": "lists", "HassListCompleteItem": "lists",
    "HassListRemoveItem": "lists",
} | {f"Hass{what}": "timers" for what in ("StartTimer", "CancelTimer", "CancelAllTimers", "IncreaseTimer", "DecreaseTimer",
                                          "PauseTimer", "UnpauseTimer", "TimerStatus")}  # fmt: skip
TOLD_BY_THE_FILE = frozenset({"domain", "preferred_area_id", "preferred_floor_id"})
QUICK = 40
"""Tests of a language with `--quick`."""


@dataclass(frozen=True)
class Test:
    """Sentences that mean the same."""

    code: str
    intent: str
    sentences: tuple[str, ...]
    slots: Mapping[str, Any]
    home: Mapping[str, Any]
    """entities, areas, floors."""
    file: str


def measure(config: Config, quick: bool, folder: Path) -> Result:
    """Read the folder and ask each sentence. Raises `UsageError` for a folder without tests, and for a file that is none."""
    tests = list(_tests(folder))
    if not tests:
        raise UsageError(f"eval intents: {folder} holds no tests; it must look like tests/en of OHF-Voice/intents")
    if quick:
        tests = [test for code in CODES for test in [one for one in tests if one.code == code][:QUICK]]
    rows: list[dict[str, Any]] = []
    for test in tests:
        if test.intent in INTENTS or test.intent in SKILLS:
            rows += _ask(test)
    figures: dict[str, Figure] = {}
    for code in dict.fromkeys(row["language"] for row in rows):
        mine = [row for row in rows if row["language"] == code]
        for intent in sorted({row["intent"] for row in mine}):
            some = [row["ok"] for row in mine if row["intent"] == intent]
            how = f"{code} {intent}" + (f" (by the skill {SKILLS[intent]})" if intent in SKILLS else "")
            figures[how] = Figure(sum(some) / len(some), f"of {len(some)} sentences", 1.0, "higher")
        figures[f"{code}, all"] = Figure(sum(row["ok"] for row in mine) / len(mine), f"of {len(mine)} sentences", 1.0, "higher")
    skipped = sum(len(test.sentences) for test in tests if test.intent not in INTENTS and test.intent not in SKILLS)
    figures["of intents that nothing carries out, not asked"] = Figure(skipped, "sentences")
    return Result(machine(), versions("hassil", "home-assistant-intents"), {"tests": str(folder)}, figures, rows=rows)


def _ask(test: Test) -> Iterator[dict[str, Any]]:
    """What is understood of each sentence."""
    home = _home(test.home)
    router = _router(test.code, home)
    voice = router.finder("home")
    assert isinstance(voice, HomeVoice)
    for sentence in test.sentences:
        row: dict[str, Any] = {"language": test.code, "intent": test.intent, "sentence": sentence, "file": test.file}
        if test.intent in SKILLS:
            call = router.match(sentence, Talk(test.code, datetime.now, "", ""))
            yield row | {"matched": call.name if call else None, "ok": call is not None and call.name == SKILLS[test.intent]}
            continue
        found = voice.understood(sentence, test.code)
        slots = {key: value for key, value in (found.slots if found else {}).items() if value != HERE}
        wrong = sorted(key for key, value in _expected(test).items() if not _same(slots.get(key), value))
        yield row | {
            "matched": found.intent if found else None,
            "slots": slots,
            **({"expected": {key: test.slots[key] for key in wrong}} if wrong else {}),
            "ok": found is not None and found.intent == test.intent and not wrong,
        }


def _expected(test: Test) -> dict[str, Any]:
    areas = {plain(str(area.get("name", ""))) for area in test.home["areas"]}
    said = " ".join(plain(sentence) for sentence in test.sentences)
    return {
        key: value
        for key, value in test.slots.items()
        if key not in TOLD_BY_THE_FILE
        and not (key == "name" and value == "all")
        and not (key == "area" and plain(str(value)) in areas and plain(str(value)) not in said)
    }


def _same(found: Any, expected: Any) -> bool:
    if isinstance(expected, list):
        return any(_same(found, one) for one in expected)
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return float(found) == float(expected)
    return plain(str(found)) == plain(str(expected))


def _router(code: str, home: FakeHome) -> SkillRouter:
    return make_router([code], hands=Hands(home=home))


def _home(told: Mapping[str, Any]) -> FakeHome:
    """The home of a test."""
    floors = {str(one.get("id", one["name"])): str(one["name"]) for one in told["floors"]}
    rooms = {str(one.get("id", one["name"])): one for one in told["areas"]}
    areas = [
        Area(name, tuple(more), floors.get(str(one.get("floor", "")), str(one.get("floor", ""))))
        for one in rooms.values()
        for name, *more in [_names(one["name"])]
    ]
    areas += [Area("", (), floor) for floor in floors.values()]
    entities = []
    for number, one in enumerate(told["entities"]):
        name, *more = _names(one["name"])
        domain = str(one.get("domain") or str(one.get("id", "")).partition(".")[0])
        area = rooms.get(str(one.get("area", "")))
        room = _names(area["name"])[0] if area else str(one.get("area", ""))
        kind = str((one.get("attributes") or {}).get("device_class", ""))
        entities.append(Entity(f"{domain}.{number}", domain, name, tuple(more), room, device_class=kind))
    return FakeHome(entities, areas)


def _names(template: str) -> list[str]:
    """The names that a template of hassil stands for."""
    from hassil import is_template
    from hassil.parse_expression import parse_sentence
    from hassil.sample import sample_sentence

    return sorted(sample_sentence(parse_sentence(template)), key=len, reverse=True) if is_template(template) else [str(template)]


def _tests(folder: Path) -> Iterator[Test]:
    """All tests below a folder of one language or of several."""
    if (code := CODES.get(folder.name.lower())) is None and not any(folder.glob("*Hass*")):
        for inner in sorted(folder.iterdir()):
            if inner.is_dir() and inner.name.lower() in CODES:
                yield from _tests(inner)
        return
    fixtures = _read(folder / "_fixtures.yaml") if (folder / "_fixtures.yaml").exists() else {}
    for file in sorted([*folder.glob("*_*.yaml"), *folder.glob("Hass*/*.yaml")]):
        if file.name.startswith("_"):
            continue
        told = _read(file)
        spoken = CODES.get(str(told.get("language", "")).lower(), code)
        if spoken is None:
            raise UsageError(f"{file}: its language {told.get('language')!r} is none of {', '.join(CODES)}")
        own = told if file.parent != folder else fixtures
        home = {key: own.get(key) or [] for key in ("entities", "areas", "floors")}
        for test in told.get("tests") or []:
            named = test.get("intent") or {}
            intent = str(named.get("name") or (file.parent.name if file.parent != folder else file.stem.partition("_")[2]))
            sentences = test.get("sentences") or []
            if not isinstance(sentences, list) or not isinstance(named, dict):
                raise UsageError(f"{file}: a test must hold a list of sentences")
            slots = named.get("slots") or test.get("slots") or {}
            yield Test(spoken, intent, tuple(map(str, sentences)), slots, home, f"{folder.name}/{file.relative_to(folder)}")


def _read(file: Path) -> dict[str, Any]:
    try:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{file}: cannot be read as YAML ({str(error).splitlines()[0]})") from None
    if not isinstance(told, dict):
        raise UsageError(f"{file}: must hold keys like `language: en`")
    return told
