"""`assistant bench dialogue`: what a long talk costs in prompt tokens, against the usual wiring. Any machine counts the same.

300 scripted turns of four kinds (bench/script.py) through the real brain, conversation, memory and model: each token is computed.
"While somebody waits" is what is evaluated between the end of the question and the first token; "in all" has the idle time too:
replies' ends, digests, extraction, the new prompt of a compaction. The usual wiring (bench/usual.py) runs its first 30 turns on
the library itself; the rest is counted by tokenising, which must agree on those.
"""

from collections import defaultdict
from dataclasses import replace
from itertools import islice

from assistant import app, events
from assistant.bench import script
from assistant.bench.result import Figure, Result, machine, pss_mib, versions
from assistant.bench.usual import Usual, counted, messages
from assistant.config import Config
from assistant.dialogue.brain import Brain, Priority
from assistant.dialogue.kit import TurnRequest
from assistant.dialogue.prompt import PERSONA
from assistant.engines import auto
from assistant.engines.fakes import FakeRouter
from assistant.models import model_roots
from assistant.protocols import ChatModel

TURNS, PROVED = 300, 30
QUICK, QUICK_PROVED = 60, 10


def measure(config: Config, quick: bool) -> Result:
    """Hold the talk in both wirings."""
    lines = script.talk(QUICK if quick else TURNS)
    persona = config.dialogue.persona_in("en") or PERSONA["en"]
    spec = auto.llm(config, model_roots(config.models))[0].spec
    usual = Usual(spec.model, config.llm.context, 1)
    try:
        theirs = counted(persona, lines, usual.tokens)
        real = [
            usual.turn(messages(persona, lines, number), line.reply)
            for number, line in islice(enumerate(lines), QUICK_PROVED if quick else PROVED)
        ]
    finally:
        usual.close()
    wrong = sum(a != b for a, b in zip(real, theirs, strict=False))
    return Result(
        machine(),
        versions("llama-cpp-python"),
        {"llm": spec.model.name},
        _ours(config, lines, theirs)
        | {"usual wiring: turns counted otherwise than the library does": Figure(wrong, f"of {len(real)}", 0)},
    )


def _ours(config: Config, lines: list[script.Line], theirs: list[int]) -> dict[str, Figure]:
    private = config.model_copy(
        update={"language": "en", "memory": config.memory.model_copy(update={"keep": False, "enabled": True})}
    )
    made: list[script.ScriptedModel] = []

    def scripted(model: ChatModel) -> ChatModel:
        made.append(script.ScriptedModel(model))
        return made[0]

    assistant = app.build(private, speak=False, between=scripted)
    model = made[0]
    manual = script.Manual(lines)
    brain = Brain(replace(assistant.kit, router=FakeRouter(), documents=manual), config.brain.max_turns)
    ours: dict[str, int] = defaultdict(int)
    usual: dict[str, int] = defaultdict(int)
    cuts: dict[str, int] = defaultdict(int)
    memory: list[float] = []
    try:
        brain.warm("voice")
        while brain.step():
            pass
        before = model.evaluated()
        for line, count in zip(lines, theirs, strict=True):
            model.replies.append(line.reply)
            handle = brain.submit(TurnRequest(line.user, language="en"), Priority.VOICE)
            while brain.step():
                pass
            for event in handle.stream.take():
                if isinstance(event, events.Compacted):
                    cuts[event.reason] += 1
                elif isinstance(event, events.Completed):
                    ours[line.kind] += event.prompt_tokens_evaluated
                    usual[line.kind] += count
                elif isinstance(event, events.TERMINAL):
                    raise AssertionError(f"turn {event.turn_id} did not end well: {event}")
            memory.append(pss_mib())
        everything = model.evaluated() - before
    finally:
        assistant.close()
        manual.close()
    mine, other = sum(ours.values()), sum(usual.values())
    return {
        "evaluated while somebody waits": Figure(mine / other, "of the usual wiring", 0.10),
        "evaluated in all": Figure(everything / other, "of the usual wiring", 0.35),
        **{f"while somebody waits: {kind}": Figure(ours[kind] / usual[kind], "of the usual wiring") for kind in usual},
        "a turn, ours": Figure(mine / len(lines), "tokens while somebody waits"),
        "a turn, usual": Figure(other / len(lines), "tokens while somebody waits"),
        "compactions in idle time": Figure(cuts["idle"], f"in {len(lines)} turns"),
        "cuts without idle time": Figure(cuts["context"], f"in {len(lines)} turns", 0),
        "generated in idle time": Figure(model.noted / len(lines), "tokens a turn"),
        "longest prompt": Figure(model.longest, "tokens", config.llm.context),
        "memory at the end over turn 3": Figure(memory[-1] / memory[2], "ratio", 1.01),
        "memory": Figure(memory[-1], "MiB PSS"),
    }
