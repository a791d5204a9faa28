"""The sections of the configuration: every key, its default, its one-line comment. `config.py` reads and writes them."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from assistant.settings_base import Language, Options, Section
from assistant.settings_home import Home
from assistant.settings_links import Gpio, Mqtt, Peripherals

__all__ = ["Config", "Section", "WakeWord"]


class WakeWord(Section):
    """One wake word; a plain name in `wake.words` means just `word`."""

    word: str = Field(min_length=1)
    engine: str | None = None
    language: Language | None = None
    unchecked: bool = False
    """A phrase of one's own is taken without being tried (evals/wake_verdicts.py)."""


def _named(value: object) -> object:
    return {"word": value} if isinstance(value, str) else value


class Audio(Section):
    """Sound devices."""

    input: str = Field("default", description="microphone by name, as `assistant devices` lists it")
    output: str = Field("default", description="loudspeaker by name, as `assistant devices` lists it")
    echo: Literal["auto", "none", "half_duplex", "cancel"] = Field(
        "auto",
        description="its own voice in the microphone: cancel it (needs pywebrtc-audio), half_duplex tells by loudness, "
        "none when it cannot come back; auto measures",
    )
    noise_suppression: bool = Field(False, description="make steady noise in the microphone quieter (needs pywebrtc-audio)")
    auto_gain: bool = Field(False, description="make quiet voices in the microphone louder (needs pywebrtc-audio)")
    folder: str = Field("", description="where volume and speaking rate are kept over restarts; empty: the user's data folder")
    earcons: bool = Field(True, description="play short tones when a wake word was heard and when listening ended")


class Wake(Section):
    """The wake word."""

    engine: str = Field("auto", description="auto, micro_wake, vosk, or none (always listening)")
    words: tuple[Annotated[WakeWord, BeforeValidator(_named)], ...] = Field(
        (WakeWord(word="okay_nabu"),),
        description="names, or {word, engine, language, unchecked}; okay_nabu, hey_jarvis, alexa, hey_mycroft, an own .tflite, "
        "or a phrase (engine vosk), which is tried at the first start unless unchecked is true",
    )
    options: Options = Field({}, description="settings of the engine itself; not of engines that single words name")


class Vad(Section):
    """Voice activity."""

    engine: str = Field("auto", description="auto or silero_vad")
    threshold: float = Field(0.5, gt=0, lt=1, description="probability from which a frame is speech")
    options: Options = Field({}, description="settings of the engine itself")


class Listen(Section):
    """When an utterance begins and ends; seconds of sound."""

    no_speech_s: float = Field(6.0, ge=1, le=60, description="give up when no speech follows the wake word")
    silence_s: float = Field(0.54, ge=0.2, le=5, description="silence that ends an utterance")
    whole_s: float = Field(0.16, ge=0.1, le=5, description="the same behind a whole command: turn on the kitchen light")
    open_s: float = Field(1.5, ge=0.2, le=5, description="the same behind words that wait for more: set a timer for")
    barge_in: bool = Field(
        True, description="stop, said while it speaks, ends the reply without a wake word, where the recogniser takes a grammar"
    )
    follow_up_s: float = Field(
        5.0, ge=0, le=30, description="listen so long without a wake word behind a reply that asks something; 0 does not"
    )
    commands: bool = Field(
        True, description="hear likely commands beside the words, where the recogniser takes a grammar: Vosk with a dynamic graph"
    )
    max_s: float = Field(20.0, ge=2, le=120, description="longest utterance")


class Stt(Section):
    """Speech recognition."""

    engine: str = Field("auto", description="auto, vosk or pocketsphinx")
    model: str = Field("auto", description="auto, or a Vosk model: a folder, or its name in models/")
    options: Options = Field({}, description="settings of the engine itself")


class Llm(Section):
    """The language model."""

    engine: str = Field("auto", description="auto or llama")
    model: str = Field("auto", description="auto, or a GGUF: a file, or its name in models/")
    context: int = Field(2048, ge=256, le=32768, description="tokens one conversation may hold")
    kv_tokens: int = Field(0, ge=0, le=131072, description="tokens all conversations may hold together; 0 is twice llm.context")
    threads: int = Field(0, ge=0, le=64, description="threads that compute; 0 chooses")
    gpu_layers: Literal["auto"] | int = Field("auto", description="layers on a GPU: auto, or a number")
    temperature: float = Field(0.7, ge=0, le=2, description="0 always takes the most probable token")
    top_k: int = Field(40, ge=1, le=1000, description="choose among this many tokens")
    top_p: float = Field(0.9, gt=0, le=1, description="choose among the tokens that make up this probability")
    min_p: float = Field(0.0, ge=0, lt=1, description="leave out tokens below this share of the most probable")
    repetition_penalty: float = Field(1.1, ge=1, le=2, description="1 allows repetition")
    max_tokens: int = Field(1024, ge=1, le=8192, description="longest reply")
    seed: int = Field(0, ge=0, le=2**31 - 1, description="the same seed gives the same replies; 0 draws one at each start")
    options: Options = Field({}, description="settings of the engine itself")


class Embed(Section):
    """Search by meaning, beside search by words."""

    engine: str = Field("auto", description="auto (where an embedder for the language is installed), llama, or none")
    model: str = Field("auto", description="auto, or an embedder's GGUF: a file, or its name in models/")
    options: Options = Field({}, description="settings of the engine itself")


class Tts(Section):
    """Speech synthesis."""

    engine: str = Field("auto", description="auto, piper, flite or espeak")
    voice: str = Field("auto", description="auto, a Piper .onnx (file, or name in models/), or a flite or espeak voice")
    accept_research_voices: bool = Field(False, description="let auto take a voice whose licence forbids commercial use")
    options: Options = Field({}, description="settings of the engine itself")


class BrainSection(Section):
    """The stepper."""

    max_turns: int = Field(4, ge=1, le=64, description="turns that may live at once; more are refused as busy")
    own_core: bool = Field(
        False, description="what answers never computes on the last core, only the ear; assistant bench cores tells what it gains"
    )


class Dialogue(Section):
    """The talk."""

    persona: str | dict[Language, str] = Field(
        "", description="who the assistant is, or {en: ..., zh: ...}; empty takes the language's own"
    )
    history_turns: int = Field(50, ge=0, le=1000, description="turns kept word for word, as far as llm.context allows")
    spoken_tokens: int = Field(80, ge=0, le=8192, description="a spoken reply stops near so many; 0: no limit")

    def persona_in(self, code: str) -> str:
        """The persona in a language; "" for the language's own."""
        return (
            self.persona
            if isinstance(self.persona, str)
            else {str(key): said for key, said in self.persona.items()}.get(code, "")
        )


class MemorySection(Section):
    """What is remembered beyond the talk."""

    enabled: bool = Field(True, description="learn facts such as names from what is said, until the assistant ends")
    keep: bool = Field(
        False, description="keep them, and the talks, on disk for the next start; false: nothing of a talk touches the disk"
    )
    folder: str = Field("", description="where they are kept; empty: the user's data folder")


class Skills(Section):
    """What is answered without the model."""

    disabled: tuple[str, ...] = Field((), description="names of skills to leave out")
    only: tuple[str, ...] = Field((), description="names of skills to keep, and stop; empty: all")


class Visitors(Section):
    """People who come and go, as at a kiosk."""

    room: bool = Field(
        False, description="who speaks in the room is a visitor: they are told nothing of the house, and nothing they say is kept"
    )
    reset_s: float = Field(
        0.0,
        ge=0,
        le=3600,
        description="so long after the last word the room's talk and what waits in it are forgotten; 0: never",
    )


class Tools(Section):
    """Functions that the model may ask for (docs/tools.md)."""

    files: tuple[str, ...] = Field((), description="Python files whose @tool functions it may use besides installed ones")
    disabled: tuple[str, ...] = Field((), description="names of tools, or of packages' entry points, to leave out")
    offered: int = Field(3, ge=0, le=8, description="tools that a turn is offered at most; 0: none")
    max_calls: int = Field(2, ge=1, le=8, description="calls a turn at most")
    deadline_s: float = Field(8.0, gt=0, le=120, description="a call that has not returned after so long is given up")
    confirm_s: float = Field(
        20.0, ge=1, le=300, description="how long its question whether it shall do something waits for a yes"
    )


class AlarmsSection(Section):
    """Timers, alarms and reminders."""

    keep: bool = Field(True, description="keep them, and what they are called, on disk, so that they survive a restart")
    folder: str = Field("", description="where they are kept; empty: the user's data folder")
    timezone: str = Field("", description="zone of the times of day, such as Europe/Berlin; empty: the machine's")
    late_minutes: int = Field(
        15, ge=0, le=1440, description="late by no more (the power was off) it rings at once, else it is told"
    )
    ring_seconds: int = Field(60, ge=5, le=1800, description="rings so long; then nobody heard it, and it is told")
    snooze_minutes: int = Field(9, ge=1, le=120, description="rings again after so long when it is snoozed")
    tell_missed: Literal["talk", "start"] = Field(
        "talk", description="tell what was missed behind the next talk, or at the start already"
    )


class ProceduresSection(Section):
    """Step-by-step procedures, read aloud (docs/procedures.md)."""

    folder: str = Field("", description="folder of Markdown files, each with a numbered list of steps; empty: none")
    keep: bool = Field(True, description="keep on disk which step each talk is at, for twelve hours")


class ListsSection(Section):
    """The shopping list and others."""

    keep: bool = Field(True, description="keep them on disk, so that they survive a restart")
    folder: str = Field("", description="where they are kept; empty: the user's data folder")


class Control(Section):
    """The control socket, through which `assistant say`, `listen`, `stop` and others reach the daemon."""

    socket: str = Field("", description="its path; empty: edge-assistant/control.sock in the user's or the service's run folder")


class Api(Section):
    """The HTTP API (docs/api.md); it needs a key: `assistant token`."""

    enabled: bool = Field(False, description="serve it from `assistant run` and `assistant serve`")
    host: str = Field("127.0.0.1", min_length=1, description="address to listen on")
    port: int = Field(8180, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    socket: str = Field("", description="path of a Unix socket of this user, in place of host and port")
    wide: bool = Field(False, description="allow a host that other machines reach; say so a second time here")
    tls_cert: str = Field("", description="certificate file (PEM) for https; empty: http")
    tls_key: str = Field("", description="its private key file (PEM)")
    hosts: tuple[str, ...] = Field((), description="names this machine is called by; localhost and addresses are always right")
    origins: tuple[str, ...] = Field((), description="web pages of other origins that may call it, such as https://home.lan")
    max_json_kb: int = Field(512, ge=16, le=16384, description="longest request")
    max_audio_mb: int = Field(25, ge=1, le=512, description="longest recording to write down")
    requests_per_minute: int = Field(
        600, ge=1, le=1_000_000, description="requests from one address; more are refused for a while"
    )


class Web(Section):
    """The web page (docs/web.md); it opens with the link that `assistant open` prints."""

    enabled: bool = Field(False, description="serve it from `assistant run` and `assistant serve`")
    host: str = Field("", description="address to listen on; empty: where the API does")
    port: int = Field(0, ge=0, le=65535, description="port to listen on; 0: the API's")
    socket: str = Field("", description="path of a Unix socket of this user; empty: the API's")
    embed_origins: tuple[str, ...] = Field((), description="pages that may show /kiosk in a frame, such as http://localhost:8123")


class Log(Section):
    """Logging; what was said is never logged."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="debug, info, warning or error")


class Config(Section):
    """The whole configuration."""

    language: Language = Field("en", description="language of the talk: en or zh")
    profile: str = Field("", description="keys for a place: home, kiosk, shopfloor, or NAME.yaml in a folder config.d")
    models: str = Field(
        "", description="folder of downloaded models; empty: the user's data folder and models/ beside the program"
    )
    region: Literal["", "cn"] = Field("", description="cn fetches models from China's mirrors first; empty: from their origin")
    audio: Audio = Audio()
    wake: Wake = Wake()
    vad: Vad = Vad()
    listen: Listen = Listen()
    stt: Stt = Stt()
    llm: Llm = Llm()
    embed: Embed = Embed()
    tts: Tts = Tts()
    brain: BrainSection = BrainSection()
    dialogue: Dialogue = Dialogue()
    memory: MemorySection = MemorySection()
    skills: Skills = Skills()
    tools: Tools = Tools()
    visitors: Visitors = Visitors()
    alarms: AlarmsSection = AlarmsSection()
    lists: ListsSection = ListsSection()
    home: Home = Home()
    procedures: ProceduresSection = ProceduresSection()
    control: Control = Control()
    api: Api = Api()
    web: Web = Web()
    mqtt: Mqtt = Mqtt()
    gpio: Gpio = Gpio()
    peripherals: Peripherals = Peripherals()
    log: Log = Log()
