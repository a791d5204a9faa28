#!/usr/bin/env python3
"""Record the demo's questions: each a WAV with a wake word and a question, spoken by espeak-ng.

make_demo_questions.py FOLDER
"""

import argparse
from pathlib import Path

from assistant.audio.wav import WavWriter
from assistant.cancel import CancelToken
from assistant.engines.base import TtsSpec, factory

VOICES = {"en": "en-us", "zh": "cmn"}
ENGLISH, CHINESE = "okay nabu", "小助手"
RECORDINGS: tuple[tuple[str, tuple[str | float, ...]], ...] = (
    ("en", (ENGLISH, "what can you do")),
    ("en", (ENGLISH, "my name is anna")),
    ("en", (ENGLISH, "what time is it")),
    ("en", (ENGLISH, "how are you today")),
    ("en", (ENGLISH, "turn on the kitchen light")),
    ("zh", (CHINESE, "现在几点")),
    ("zh", (CHINESE, "你叫什么名字")),
    ("en", (ENGLISH, "tell me a joke", 1.5, ENGLISH, "what is the date")),  # the second wake word interrupts the joke
    ("en", (ENGLISH, "good morning")),
    ("en", (ENGLISH, "what is the capital of france")),
    ("en", (ENGLISH, "who are you")),
    ("en", (ENGLISH, "do you remember my name")),  # ten turns after it was told
    ("en", (ENGLISH, "what do you know about me")),
    ("en", (ENGLISH, "thank you")),
    ("en", (ENGLISH, "goodbye")),
)
"""What is said in each recording, in which language; a number is a pause in seconds."""
PAUSE_S = 0.4
"""Between the wake word and the question: as long as a person waits for the tone."""


def main() -> None:
    """Write the recordings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    voices = {language: factory("tts", "espeak")(TtsSpec(language, name)) for language, name in VOICES.items()}
    for number, (language, parts) in enumerate(RECORDINGS, 1):
        voice = voices[language]
        wav = WavWriter(folder / f"{number:02}.wav", rate=voice.rate)
        wav.write(bytes(2 * int(PAUSE_S * voice.rate)))
        for part in parts:
            if isinstance(part, str):
                for chunk in voice.synthesize(part, CancelToken()):
                    wav.write(chunk.pcm)
            wav.write(bytes(2 * int((PAUSE_S if isinstance(part, str) else part) * voice.rate)))
        wav.close()


if __name__ == "__main__":
    main()
