"""The end of a yes behind the wake word, on the real ear: at once where a question of ours waits, else it may begin a sentence."""

from dataclasses import replace
from datetime import datetime

import numpy as np

from assistant import events
from assistant.audio.format import RATE
from assistant.config import Config
from assistant.evals.house_in_room import HouseInRoom
from assistant.protocols_skills import Talk
from assistant.protocols_tools import Asked, Call
from assistant.settings import Tools
from assistant.tools import tool
from assistant.tools.box import Box
from tests.contract.speech import espeak, flite, mix, noise, silence
from tests.unit.home_world import house as home


@tool(tier="confirm")
def water() -> str:
    """Water the plants."""
    return "They get water."


def said_yes(house: HouseInRoom) -> list[tuple[str, str]]:
    """What becomes of a wake word and a yes: the words, and what ended them."""
    pcm = silence(0.5) + espeak("okay nabu", "en-us+f2") + silence(0.3) + flite("yes") + silence(1.5)
    seen = house.hear(np.frombuffer(mix(pcm, noise(len(pcm) / 2 / RATE, 20), gain=0.5), "<i2").astype("f4"))
    return [(event.text, event.end_reason) for event in seen if isinstance(event, events.Transcript)]


def test_a_yes_ends_at_once_where_a_question_waits() -> None:
    house = HouseInRoom(Config(), speaks=False, home=home())
    for _ in range(2):
        house.model.enqueue("Good.")
    try:
        kit = house.house.kit
        assert not house.house.asks("voice") and said_yes(house) == [("yes", "silence")]
        call = kit.router.match("unlock the front door", Talk("en", datetime.now, "", ""))
        assert call is not None and call.run() == "Shall I unlock the Front door?"
        assert house.house.asks("voice") and not house.house.asks("tab")
        assert said_yes(house) == [("yes", "whole")]
        house.hear(np.zeros(RATE, "f4"))
        box = Box([water], Tools())
        house.house.kit = replace(kit, tools=box)
        assert not house.house.asks("voice")
        box.ask("voice", Asked(water, Call("water", {}), house.clock.now_s() + 30))
        assert said_yes(house) == [("yes", "whole")]
        house.clock.advance(31)
        assert not house.house.asks("voice")
    finally:
        house.close()
