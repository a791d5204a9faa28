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


# -- profiles ----------------------------------------------------------------------------------------------------


def profile(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "config.d").mkdir(exist_ok=True)
    (tmp_path / "config.d" / f"{name}.yaml").write_text(text)


@pytest.mark.parametrize("name", ["home", "kiosk", "shopfloor"])
def test_the_profiles_that_come_with_it_are_right_beside_config_yaml(name: str) -> None:
    config = load_config(ROOT / "config.yaml", [f"profile={name}"], {})
    assert config.profile == name and config != Config(profile=name)
    assert config == load_config(ROOT / "config.yaml", environ={"ASSISTANT_PROFILE": name})


def test_names_of_skills_in_the_profiles_are_right() -> None:
    from assistant.skills.base import load_skills

    for name in ("kiosk", "shopfloor"):
        only = load_config(ROOT / "config.yaml", [f"profile={name}"], {}).skills.only
        assert set(load_skills(only=only).skills) == set(only)


def test_a_profile_stands_between_the_defaults_and_what_the_file_changes(tmp_path: Path) -> None:
    profile(tmp_path, "mine", "language: zh\nllm: {context: 1000, threads: 2, seed: 3}\nwake: {words: [alexa]}\n")
    text = "profile: mine\nlanguage: en\nllm:\n  context: 3000\n  threads: 0\n  top_k: 7\nwake:\n  words: [okay_nabu]\n"
    config = parse(text, tmp_path, "llm.seed=4")
    assert config.language == "zh", "en is the default, as config.yaml comes"
    assert (config.llm.context, config.llm.threads, config.llm.seed, config.llm.top_k) == (3000, 2, 4, 7)
    assert [one.word for one in config.wake.words] == ["alexa"]
    assert parse(text, tmp_path, "language=en", "profile=mine").language == "en"
    assert parse(text, tmp_path, "profile=''").llm.threads == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("llm:\n  contxt: 5\n", r"mine.yaml:2: unknown key llm.contxt; did you mean llm.context\?"),
        ("llm:\n  context: 5\n", "mine.yaml:2: llm.context is 5"),
        ("llm: 5\n", "mine.yaml:1: llm must be a section of keys"),
        ("wake:\n  words:\n    - {wrd: a}\n", "mine.yaml:3: wake.words.0.word"),
        ("language: en\nprofile: home\n", "mine.yaml:2: a profile cannot name another one"),
        ("a: [\n", "mine.yaml:2: is no valid YAML"),
    ],
)
def test_what_is_wrong_in_a_profile_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    profile(tmp_path, "mine", text)
    with pytest.raises(ConfigError, match=message):
        parse("language: zh\nprofile: mine\n", tmp_path)


def test_what_the_file_changes_over_a_profile_is_blamed_on_the_file(tmp_path: Path) -> None:
    profile(tmp_path, "mine", "llm: {context: 1000}\n")
    with pytest.raises(ConfigError, match="config.yaml:3: llm.context is 5"):
        parse("profile: mine\nllm:\n  context: 5\n", tmp_path)


@pytest.mark.parametrize("name", ["nope", "../config", "a/b", ".", "kiosk.yaml", "'  '", "x" * 300])
def test_a_profile_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"config.yaml:2: there is no profile .*; there are .*home, kiosk, shopfloor") as caught:
        parse(f"language: en\nprofile: {name}\n", tmp_path)
    assert len(str(caught.value)) < 300


def test_a_persona_may_have_a_language(tmp_path: Path) -> None:
    one = parse("dialogue: {persona: A pirate.}", tmp_path).dialogue
    assert one.persona_in("en") == one.persona_in("zh") == "A pirate."
    two = parse("dialogue: {persona: {en: A pirate.}}", tmp_path).dialogue
    assert (two.persona_in("en"), two.persona_in("zh")) == ("A pirate.", "")
    with pytest.raises(ConfigError, match="dialogue.persona"):
        parse("dialogue: {persona: {fr: Un pirate.}}", tmp_path)
