"""Our own tools, registered as a stranger's are: they only look, and answer what the skills' sentences do not catch."""

from datetime import datetime

from assistant.languages.hands import hand_texts
from assistant.protocols_skills import Talk
from assistant.tools.declare import tool
from assistant.tools.registry import Registry

MOST_TIMERS, MOST_ENTRIES = 5, 12
"""Things told."""


def register(registry: Registry) -> None:
    """Add those for which there is a hand."""
    alarms, lists = registry.hands.alarms, registry.hands.lists

    if alarms is not None:

        @tool(
            effect="reads",
            at_once=True,
            words={
                "en": ("my timer", "the timer", "timers", "my alarm", "alarms", "my reminder", "reminders"),
                "zh": ("计时器", "我的闹钟", "有闹钟", "提醒事项"),
            },
        )
        def set_timers(talk: Talk) -> str:
            """List the timers, alarms and reminders that are set."""
            texts = hand_texts(talk.language)
            lines = []
            for one in alarms.items()[:MOST_TIMERS]:
                when = texts.when(datetime.fromisoformat(one.local), alarms.local(), one.days) if one.local else ""
                lines.append(texts.left(one.kind, one.label, alarms.left_s(one), when, one.state == "paused"))
            return " ".join(lines) or texts.none("")

        registry.register(set_timers)

    if lists is not None:

        @tool(
            effect="reads",
            at_once=True,
            words={"en": ("shopping list", "my list", "the list", "groceries"), "zh": ("清单", "购物单", "要买")},
        )
        def list_entries(talk: Talk, name: str = "") -> str:
            """Look up what stands on a list, such as shopping."""
            texts = hand_texts(talk.language)
            wanted = name.strip().lower().removesuffix("list").removesuffix("清单").strip() or texts.shopping
            found = lists.entries(wanted)
            said = found[:MOST_ENTRIES]
            return texts.list_changed("holds" if found else "empty", wanted, said, len(found) - len(said))

        registry.register(list_entries)
