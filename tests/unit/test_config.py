"""The configuration: its sources, its errors, and the file that documents it."""

from pathlib import Path

import pytest

from assistant.config import Config, default_yaml, load_config, to_yaml
from assistant.errors import ConfigError

ROOT = Path(__file__).parent.parent.parent


def parse(text: str, tmp_path: Path, *sets: str, **environ: str) -> Config:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    return load_config(path, sets, environ)


def test_config_yaml_holds_every_key_with_its_default() -> None:
    assert (ROOT / "config.yaml").read_text() == default_yaml()


def test_config_yaml_means_the_defaults() -> None:
    assert load_config(ROOT / "config.yaml", environ={}) == Config()


def test_everything_works_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config(environ={"XDG_CONFIG_HOME": str(tmp_path)}) == Config()


def test_later_sources_win(tmp_path: Path) -> None:
    text = "llm:\n  context: 1000\n  threads: 1\nlanguage: zh\n"
    config = parse(text, tmp_path, "llm.context=3000", ASSISTANT_LLM__CONTEXT="2000", ASSISTANT_LLM__THREADS="2")
    assert (config.llm.context, config.llm.threads, config.language) == (3000, 2, "zh")


def test_lists_are_set_in_brackets(tmp_path: Path) -> None:
    config = parse("", tmp_path, "wake.words=[okay_nabu,{word: 小助手, engine: vosk, language: zh}]")
    assert [(word.word, word.language) for word in config.wake.words] == [("okay_nabu", None), ("小助手", "zh")]


def test_what_was_shown_reads_back_as_it_was(tmp_path: Path) -> None:
    config = parse("wake:\n  words: [alexa, {word: hey_jarvis, language: zh}]\ntts:\n  options: {length_scale: 1.2}\n", tmp_path)
    assert parse(to_yaml(config), tmp_path) == config


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wak:\n  engine: none\n", r"config.yaml:1: unknown key wak; did you mean wake\?"),
        ("language: en\nwake:\n  engin: none\n", r"config.yaml:3: unknown key wake.engin; did you mean wake.engine\?"),
        ("zzz: 1\n", r"config.yaml:1: unknown key zzz; `assistant config schema` lists the keys"),
        ("llm:\n  context: 5\n", "config.yaml:2: llm.context is 5: input should be greater than or equal to 256"),
        ("llm:\n  context: many\n", "config.yaml:2: llm.context is 'many'"),
        ("language: fr\n", "config.yaml:1: language is 'fr'; it must be 'en' or 'zh'"),
        ("log:\n  level: inof\n", r"did you mean info\?"),
        ("wake: 3\n", "config.yaml:1: wake must be a section of keys, not 3"),
        ("wake:\n  words: [{wrd: x}]\n", "config.yaml:2: wake.words.0"),
        ("wake:\n  words:\n    - a\n    - {word: b, language: fr}\n", "config.yaml:4: wake.words.1.language is 'fr'"),
        ("a: [\n", "config.yaml:2: is no valid YAML"),
        ("- a\n", "config.yaml:1: must hold keys"),
        ("language: en\nlanguage: zh\n", "config.yaml:2: language stands twice"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_key(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        parse(text, tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("llm.contxt=3", r"--set llm.contxt: unknown key llm.contxt; did you mean llm.context\?"),
        ("llm.context", "write it as key=value"),
        ("wake.words=[a", "is no YAML value"),
        ("llm.temperature=9", "--set llm.temperature: llm.temperature is 9"),
        ("language.code=en", "--set language.code"),
    ],
)
def test_what_is_wrong_on_the_command_line_names_the_option(item: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message):
        parse("language: en\n", tmp_path, item)


def test_a_wrong_environment_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ASSISTANT_LLM__CONTXT: unknown key llm.contxt"):
        parse("", tmp_path, ASSISTANT_LLM__CONTXT="1")


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none.yaml: cannot be read"):
        load_config(tmp_path / "none.yaml", environ={})
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="is not UTF-8"):
        load_config(tmp_path / "bytes.yaml", environ={})


def test_the_configuration_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Config().llm.context = 3  # type: ignore[misc]
