"""One link of the chain on its real engine, by name: a line of what it did and exit code 0, or the reason and 1.

python -m scripts.aarch64.chain LINK    (LINK: wake, vad, vosk, pocketsphinx, espeak, flite, piper --voice VOICE.onnx, llama, q4)

Each runs in a process of its own: an instruction that the CPU lacks ends it with SIGILL and no message.
"""

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from assistant.cancel import CancelToken
from assistant.engines.base import LlmSpec, SttSpec, TtsSpec, VadSpec, WakeSpec, Word, factory
from tests.contract.speech import espeak, frames, silence

ROOT = Path(__file__).parents[2]
RECOGNISER = ROOT / "models/starter/vosk-en"
MODEL = ROOT / "models/starter/starter-llm.gguf"
SAID = "what can you do"


class Wrong(Exception):
    """A link that runs and does not do what it should."""


def wake(_: argparse.Namespace) -> str:
    """The wake word fires once, and silence not."""
    detector = factory("wake", "micro_wake")(WakeSpec((Word("okay_nabu", "en"),)))
    sound = silence(0.5) + espeak("okay nabu") + silence(1)
    heard = [found.word for frame in frames(sound) if (found := detector.feed(frame))]
    if heard != ["okay_nabu"]:
        raise Wrong(f"heard {heard}")
    detector.reset()
    if any(detector.feed(frame) for frame in frames(silence(3))):
        raise Wrong("silence fired it")
    return "okay_nabu fired once, silence did not"


def vad(_: argparse.Namespace) -> str:
    """Speech is speech, silence is not."""
    detector = factory("vad", "silero_vad")(VadSpec())
    speech = median(detector.feed(frame) for frame in frames(espeak(SAID)))
    detector.reset()
    quiet = max(detector.feed(frame) for frame in frames(silence(2)))
    if speech < 0.9 or quiet > 0.3:
        raise Wrong(f"speech {speech:.2f}, silence {quiet:.2f}")
    return f"speech {speech:.2f}, silence {quiet:.2f}"


def recogniser(name: str, model: Path | None, said: str, speech: bytes) -> str:
    """A sentence is heard as it was said."""
    session = factory("stt", name)(SttSpec("en", model)).session()
    sound = silence(0.3) + speech + silence(0.6)
    began = time.monotonic()
    for frame in frames(sound):
        session.feed(frame)
    text = session.finish()
    if text != said:
        raise Wrong(f"heard {text!r}")
    return f"heard {text!r}, {(time.monotonic() - began) / (len(sound) / 32000):.1f} times as long as the sound"


def pocketsphinx(_: argparse.Namespace) -> str:
    """It hears a voice of flite: espeak-ng's it hears badly."""
    said = "what time is it"
    chunks = factory("tts", "flite")(TtsSpec("en", "slt")).synthesize(said, CancelToken())
    return recogniser("pocketsphinx", None, said, b"".join(chunk.pcm for chunk in chunks))


def voice(name: str, spec: TtsSpec) -> str:
    """A sentence is audible; a longer one is longer."""
    engine = factory("tts", name)(spec)
    lengths = []
    for text in ("Good morning.", "Good morning, the kitchen light is on and the door is closed."):
        pcm = b"".join(chunk.pcm for chunk in engine.synthesize(text, CancelToken()))
        if max(pcm, default=0) == 0:
            raise Wrong(f"{text!r} is silent")
        lengths.append(len(pcm) / 2 / engine.rate)
    if not 0.3 < lengths[0] < 3 or lengths[1] < 2 * lengths[0]:
        raise Wrong(f"sentences of {lengths} s")
    return f"sentences of {lengths[0]:.1f} and {lengths[1]:.1f} s"


def llama(args: argparse.Namespace) -> str:
    """The starter loads, keeps a name over a turn and ends by itself; it was built with `features` and not with `without`."""
    from assistant.dialogue.prompt import PERSONA, Prompt
    from assistant.engines.llama.library import library
    from assistant.protocols import Sampling

    model = factory("llm", "llama")(LlmSpec(MODEL, context=512, kv_tokens=1024, threads=1))
    info = library().llama_print_system_info().decode()
    built = {part.split("=")[0].replace("CPU :", "").strip() for part in info.split("|") if part.strip().endswith("= 1")}
    if not set(args.features) <= built or set(args.without) & built:
        raise Wrong(f"built for {', '.join(sorted(built))}")
    prompt = Prompt(model, "en")
    ids = prompt.system(PERSONA["en"])
    replies, tokens = [], 0
    for said in ("my name is anna", "do you remember my name"):
        ids += [*prompt.user(said), *prompt.reply_open()]
        session = model.open("check")
        session.append(ids)
        pieces = list(session.stream(Sampling(temperature=0, repetition_penalty=1, max_tokens=64), CancelToken()))
        session.close()
        replies.append("".join(piece.text for piece in pieces).strip())
        tokens += len(pieces)
        if len(pieces) == 64:
            raise Wrong(f"no end: {replies}")
        ids = ids[: len(ids) - len(prompt.reply_open())] + prompt.reply(replies[-1])
    if "anna" not in replies[-1].lower():
        raise Wrong(f"replied {replies}")
    return f"{tokens} tokens, {replies[-1]!r}; built for {', '.join(sorted(built))}"


def q4(_: argparse.Namespace) -> str:
    """The starter as Q4_0, whose weights llama.cpp repacks for this CPU, predicts nearly what it does as Q8_0."""
    import llama_cpp
    import numpy as np

    with tempfile.TemporaryDirectory() as folder:
        smaller = Path(folder) / "q4.gguf"
        options = llama_cpp.llama_model_quantize_default_params()
        options.ftype, options.allow_requantize, options.pure, options.nthread = llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_0, True, True, 1
        if llama_cpp.llama_model_quantize(str(MODEL).encode(), str(smaller).encode(), options) != 0:
            raise Wrong("llama.cpp could not quantise it")
        rows = []
        for path in (MODEL, smaller):
            model = llama_cpp.Llama(str(path), n_ctx=128, n_threads=1, n_threads_batch=1, verbose=False, logits_all=True)
            ids = model.tokenize(f"<|im_start|>user\n{SAID}<|im_end|>\n".encode(), add_bos=False, special=True)
            model.eval(ids)
            rows.append(np.array(model.scores[: len(ids)]))
            model.close()
    one, two = rows
    alike = float(np.median((one * two).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(two, axis=1)))
    if not alike > 0.97:
        raise Wrong(f"logits of Q4_0 and Q8_0: cosine {alike:.4f}")
    return f"logits of Q4_0 and Q8_0: cosine {alike:.4f}"


LINKS: dict[str, Callable[[argparse.Namespace], str]] = {
    "wake": wake,
    "vad": vad,
    "vosk": lambda _: recogniser("vosk", RECOGNISER, SAID, espeak(SAID)),
    "pocketsphinx": pocketsphinx,
    "espeak": lambda _: voice("espeak", TtsSpec("en", "en-us")),
    "flite": lambda _: voice("flite", TtsSpec("en", "slt")),
    "piper": lambda args: voice("piper", TtsSpec("en", str(args.voice))),
    "llama": llama,
    "q4": q4,
}


def main() -> int:
    """Run one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("link", choices=LINKS)
    parser.add_argument("--voice", type=Path, help="a Piper voice")
    parser.add_argument("--features", nargs="*", default=[], help="of llama.cpp's build that must be there")
    parser.add_argument("--without", nargs="*", default=[], help="features that must not")
    args = parser.parse_args()
    try:
        print(f"{LINKS[args.link](args)} ({platform.machine()}, Python {platform.python_version()})")
    except Wrong as error:
        print(f"{args.link}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
