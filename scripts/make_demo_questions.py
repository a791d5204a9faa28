#!/usr/bin/env python3
"""Record the demo's questions: each a WAV with the wake word and a question, spoken by espeak-ng.

make_demo_questions.py FOLDER
"""

import argparse
from pathlib import Path

from assistant.audio.wav import WavWriter
from assistant.cancel import CancelToken
from assistant.engines.base import TtsSpec, factory

VOICE = "en-us"
QUESTIONS = (
    "what can you do",
    "my name is anna",
    "what time is it",
    "do you remember my name",
    "turn on the kitchen light",
    "tell me a joke",
    "thank you",
)
PAUSE_S = 0.4
"""Between the wake word and the question: as long as a person waits for the tone."""


def main() -> None:
    """Write the recordings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    voice = factory("tts", "espeak")(TtsSpec("en", VOICE))
    for number, question in enumerate(QUESTIONS, 1):
        wav = WavWriter(folder / f"{number}.wav", rate=voice.rate)
        silence = bytes(2 * int(PAUSE_S * voice.rate))
        wav.write(silence)
        for text in ("okay nabu", question):
            for chunk in voice.synthesize(text, CancelToken()):
                wav.write(chunk.pcm)
            wav.write(silence)
        wav.close()


if __name__ == "__main__":
    main()
