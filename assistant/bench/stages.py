"""`assistant bench stages`: a typed conversation, spoken into nothing: time of each stage, reuse of the prompt, memory.

Counts carry the claims (tokens evaluated of tokens in the prompt, memory at the end over memory at the third turn); times are
this machine's, given without a target.
"""

from statistics import median

from assistant import app, events
from assistant.audio.file import AudioClock, FileSink
from assistant.audio.format import FRAME_S
from assistant.bench.result import Figure, Result, machine, pss_mib, versions
from assistant.config import Config
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest

TALK = (
    "my name is anna",
    "how are you today",
    "what can you do",
    "i live in oslo",
    "tell me a joke",
    "what is my name",
    "my favourite colour is green",
    "good morning",
    "where do i live",
    "thank you",
)
TURNS, QUICK_TURNS = 30, 10


def measure(config: Config, quick: bool) -> Result:
    """Hold the conversation and measure it."""
    clock = AudioClock()
    sink = FileSink(None, clock)
    private = config.model_copy(update={"memory": config.memory.model_copy(update={"keep": False})})
    assistant = app.build(private, clock=clock.now_s)
    brain = assistant.brain
    brain.warm("voice")
    done: list[events.Completed] = []
    memory: list[float] = []
    try:
        while brain.step():
            pass
        for number in range(QUICK_TURNS if quick else TURNS):
            handle = brain.submit(TurnRequest(TALK[number % len(TALK)], language=config.language, sink=sink), Priority.VOICE)
            while not brain.idle():
                while brain.step():
                    pass
                clock.advance(FRAME_S)
            done += [event for event in handle.stream.take() if isinstance(event, events.Completed)]
            memory.append(pss_mib())
    finally:
        assistant.close()
    asked = [event for event in done if event.prompt_tokens]
    figures = {
        "turns_completed": Figure(len(done), "turns", target=len(memory), better="higher"),
        "evaluated_while_waiting": Figure(
            sum(event.prompt_tokens_evaluated for event in asked) / sum(event.prompt_tokens for event in asked),
            "of all prompt tokens",
            target=0.10,
        ),
        "memory_end_over_turn_3": Figure(memory[-1] / memory[2], "ratio", target=1.02),
        "memory": Figure(memory[-1], "MiB PSS"),
        "first_audio": Figure(median(event.stages["first_audio"] for event in done), "s of work, median"),
    }
    for stage in ("prefill", "decode", "speech"):
        figures[stage] = Figure(median(event.stages.get(stage, 0.0) for event in asked), "s, median")
    figures["decode_per_token"] = Figure(
        1000 * median(event.stages["decode"] / event.completion_tokens for event in asked), "ms, median"
    )
    models = {choice.kind: str(choice) for choice in assistant.choices}
    return Result(machine(), versions("llama-cpp-python", "piper-tts", "vosk"), models, figures)
