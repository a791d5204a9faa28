"""The door for skills: a skill is a name, sentences and a handler, registered with `Registry.register`.

Sentences stand in `languages/<code>/sentences.yaml` under the skill's name, or in `Skill.sentences` (hassil's template language).
A stranger's package offers an entry point in the group `edge_assistant.skills` whose object is a function `register(registry)`;
ours are registered by the same kind of function. A name that is taken is refused.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import ConfigError
from assistant.protocols import Completeness
from assistant.protocols_hands import Hands
from assistant.protocols_skills import Doing, SkillCall, Talk
from assistant.settings_home import Home as HomeSettings
from assistant.skills.pin import Pin
from assistant.skills.questions import Questions

if TYPE_CHECKING:
    from assistant.skills.home_panel import Panel

Handler = Callable[[Mapping[str, Any], Talk], Doing | str]
BUILT_IN = (
    "procedures",
    "time",
    "date",
    "repeat",
    "stop",
    "forget",
    "know",
    "spell",
    "timers",
    "sums",
    "volume",
    "tempo",
    "lists",
    "abilities",
    "home",
)


class Finder(Protocol):
    """A skill that finds its sentences by other means than hassil templates."""

    def match(self, text: str, talk: Talk) -> SkillCall | None:
        """The call for these words, as they were said; None: not its own."""
        ...

    def whole(self, text: str, code: str) -> bool:
        """Whether this is a whole sentence of its own. May be called from the ear's thread."""
        ...

    def unknown(self, words: str, text: str, talk: Talk) -> SkillCall:
        """The refusal of a command of its kind on something (`words`; "" when it has no name) that it does not know."""
        ...

    def likely(self, code: str) -> Sequence[str]:
        """Sentences of its own that are likely, the likeliest first; made in idle time. May be called from the ear's thread."""
        ...

    def job(self) -> Iterator[None] | None:
        """What it has to do in idle time; None: nothing."""
        ...


@dataclass(frozen=True)
class Skill:
    """Something that is answered without the model."""

    name: str
    handler: Handler
    """Slots and talk in, the reply as written text out, "" says nothing; or a generator that waits. An exception: it failed."""
    sentences: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Language -> hassil templates, besides those of the language's folder."""
    fits: Callable[[Mapping[str, Any], Talk], bool] | None = None
    """Looks at the slots: False, and the sentence is not the skill's own. None: every sentence fits."""
    completeness: Callable[[Mapping[str, Any], str], Completeness] | None = None
    """Whether a sentence with these slots in this language may be all. None: it is, unless one of them takes any words."""
    private: bool = False
    """What is said to it does not enter history."""
    finds: Finder | None = None
    """Finds its sentences itself: asked when no skill's sentences fit."""
    aside: bool = False
    """Says again what was said: a question of ours goes on waiting."""


class Registry:
    """The skills of one assistant."""

    def __init__(
        self,
        hands: Hands | None = None,
        questions: Questions | None = None,
        codes: Sequence[str] = ("en", "zh"),
        home: HomeSettings | None = None,
    ) -> None:
        self.skills: dict[str, Skill] = {}
        self.hands = hands or Hands()
        """What they may act on."""
        self.questions = questions or Questions()
        """Where a skill asks something."""
        self.codes = tuple(codes)
        """The languages that are spoken."""
        self.home = home or HomeSettings()
        """What the things of the home are called here."""
        self.panel: Panel | None = None
        """The home on a panel; None: there is none."""
        self.pin = Pin(self.home.pin_file, self.questions.clock)
        """What some actions ask for."""

    def register(self, skill: Skill) -> None:
        """Add a skill. Raises `ConfigError` when its name is taken."""
        if skill.name in self.skills:
            raise ConfigError(f"two skills are called {skill.name}; remove the package that brings the second")
        self.skills[skill.name] = skill


def load_skills(disabled: Sequence[str] = (), registry: Registry | None = None, only: Sequence[str] = ()) -> Registry:
    """Ours, then strangers', without the disabled ones, or `only` some and stop. `ConfigError` for a name that nobody has."""
    registry = registry or Registry()
    for name in BUILT_IN:
        import_module(f"assistant.skills.{name}").register(registry)
    for point in entry_points(group="edge_assistant.skills"):
        point.load()(registry)
    for key, names in (("disabled", disabled), ("only", only)):
        if unknown := sorted(set(names) - set(registry.skills)):
            raise ConfigError(f"skills.{key}: there is no skill {unknown[0]!r}; there are {', '.join(registry.skills)}")
    for name in list(registry.skills):
        if name in disabled or (only and name not in (*only, "stop")):
            del registry.skills[name]
    return registry
