"""How slowly the assistant speaks: its steps and its file, the sentences that turn it, and what is answered."""

import math
from datetime import datetime
from pathlib import Path

import pytest

from assistant.audio.tempo import NAME, STEPS, USUAL, Tempo
from assistant.dialogue.pace import Pace, Paces
from assistant.engines.fakes import FakeClock, FakeSink
from assistant.events import Clause
from assistant.languages.en.hands import tempo_is as ENGLISH
from assistant.languages.zh.hands import tempo_is as CHINESE
from assistant.listen.saying import LATE_MS, LETTER_MS, Saying
from assistant.protocols_hands import Hands
from assistant.protocols_skills import Talk
from assistant.skills.completeness import SentenceCompleteness
from assistant.skills.router import make_router
from tests.skills import said
from tests.unit.home_world import Person
from tests.unit.test_router import TALK_EN, TALK_ZH

TEMPO = Tempo(None)
ROUTER = make_router(["en", "zh"], hands=Hands(tempo=TEMPO))
JUDGE = SentenceCompleteness(ROUTER)
REPLY = "Descale it every three months."
SENTENCES = {
    (
        "en",
        "slower",
    ): """slower|speak slower|talk more slowly|say that again slower|not so fast|slow down|please speak a bit slower
could you talk slower please|say it again more slowly|can you repeat that slowly|you speak too fast|you're talking too fast|too fast
from now on please speak slower|speak slower from now on|once more slowly|read it slower|don't talk so fast|a little slower please
speak more slow|you speak to fast|two fast""",
    (
        "zh",
        "slower",
    ): """慢一点|说慢点|再慢一点说一遍|再慢一点|慢点|请说慢一点|说得慢一点|慢一点说|慢慢说|别说那么快|你说得太快了|太快了
语速慢一点|放慢语速|慢一点再说一遍|能不能慢一点说|可以说慢一点吗|把语速调慢一点|以后说慢一点|再说一遍慢一点""",
    ("en", "faster"): "faster|speak faster|talk a bit faster|please speak more quickly|you're too slow|not so slow|speed up",
    ("zh", "faster"): "快一点|说快点|快点说|请说快一点|太慢了|语速快一点|别说这么慢|加快速度",
    ("en", "again"): "say that again faster|repeat it a bit faster please",
    ("zh", "again"): "再快一点说一遍|快一点再说一遍|再说一遍快一点",
    (
        "en",
        "usual",
    ): "normal speed|normal speed please|speak at your normal speed|go back to normal speed|speak normally again|speak like before",
    ("zh", "usual"): "正常速度|正常语速|用正常速度说|恢复正常语速|语速恢复正常|像以前那样说",
}
EACH = [(code, do, text) for (code, do), texts in SENTENCES.items() for line in texts.splitlines() for text in line.split("|")]


def talk(code: str = "en", reply: str = REPLY, written: str = "", guest: bool = False) -> Talk:
    return Talk(code, datetime.now, "how often", reply, guest=guest, last_written=written)


def answer(text: str, about: Talk | None = None) -> str:
    call = ROUTER.match(text, about or talk())
    assert call is not None and call.name == "tempo", text
    return said(call)


@pytest.fixture(autouse=True)
def _usual() -> None:
    TEMPO.usual()


# -- the knob ------------------------------------------------------------------------------------------------------


def test_it_goes_in_steps_to_its_ends_and_back() -> None:
    tempo, seen = Tempo(None), []
    while tempo.slower():
        seen.append(tempo.slowly)
    assert tuple(seen) == STEPS[STEPS.index(USUAL) + 1 :] and not tempo.slower() and tempo.slowly == STEPS[-1] == 2.0
    for _ in seen:
        assert tempo.faster()
    assert tempo.slowly == USUAL
    assert tempo.faster() and not tempo.faster() and tempo.slowly == STEPS[0] == 0.8
    assert tempo.usual() and not tempo.usual() and tempo.slowly == USUAL


def test_it_is_kept_for_the_next_start(tmp_path: Path) -> None:
    Tempo(tmp_path).slower()
    assert Tempo(tmp_path).slowly == 1.25
    Tempo(tmp_path).faster(keep=False)
    assert Tempo(tmp_path).slowly == 1.25
    (tmp_path / NAME).write_text('{"slowly": 1.4}')  # of another version
    other = Tempo(tmp_path)
    assert other.slowly == 1.4 and other.slower() and other.slowly == 1.6 and Tempo(tmp_path).slowly == 1.6


@pytest.mark.parametrize(
    "damaged",
    ["", "{", "[]", "3", '{"slowly": "very"}', '{"slowly": null}', '{"slowly": NaN}', '{"slowly": 1e999}', '{"slowly": 9}',
     '{"slowly": 0}', '{"slowly": 1' + 400 * "0" + "}", '{"other": 1.25}'],
)  # fmt: skip
def test_a_bad_file_loses_nothing(damaged: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(damaged)
    tempo = Tempo(tmp_path)
    assert tempo.slowly == USUAL
    assert tempo.slower() and Tempo(tmp_path).slowly == 1.25


def test_where_nothing_can_be_written_it_holds_until_the_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    tempo = Tempo(tmp_path / "file" / "none")
    assert tempo.slower() and tempo.slowly == 1.25
    assert "the speaking rate is what it was at the next start" in caplog.text


# -- sentences -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "do", "text"), EACH)
def test_every_sentence_is_known_and_whole(code: str, do: str, text: str) -> None:
    call = ROUTER.match(text, talk(code))
    assert call is not None and call.name == "tempo"
    assert call.arguments["do"] == ("faster" if do == "again" else do) and ("again" in call.arguments) == (do == "again")
    assert JUDGE(text, code) == "whole", "the ear need not wait for more"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "why are snails slower than dogs"),
        ("en", "faster than light"),
        ("en", "the car was too fast"),
        ("en", "what is normal speed"),
        ("en", "speak slowly about trains"),
        ("en", "say it slowly in french"),
        ("zh", "火车太快了"),
        ("zh", "为什么乌龟跑得慢一点"),
        *(("en", text) for text in TALK_EN),
        *(("zh", text) for text in TALK_ZH),
    ],
)
def test_talk_is_left_alone(code: str, text: str) -> None:
    call = ROUTER.match(text, talk(code))
    assert call is None or call.name != "tempo"


def test_a_fan_is_not_stolen() -> None:
    """In a home with fans; and what is said of the voice there is still understood."""
    for code, about_it, ours in (
        (
            "en",
            ["make the fan slower", "make the office fan faster", "set the fan to normal speed", "turn the fan slower"],
            "slower",
        ),
        ("zh", ["把风扇调慢一点", "风扇慢一点", "卧室的风扇快一点", "让风扇正常速度"], "慢一点"),
    ):
        person = Person(code=code)
        for text in about_it:
            call = person.call(text)
            assert call is None or call.name == "home", text
        call = person.call(ours)
        assert call is not None and call.name == "tempo"


def test_a_louder_and_a_slower_are_told_apart() -> None:
    likely = ROUTER.likely("voice", "en")
    assert {"louder", "slower"} <= set(likely), "a grammar with one of them alone would hear the other as it"
    assert {"大声一点", "慢一点", "正常速度"} <= set(ROUTER.likely("voice", "zh"))


# -- answers -------------------------------------------------------------------------------------------------------


def test_slower_says_the_last_reply_again() -> None:
    assert answer("slower") == REPLY and TEMPO.slowly == 1.25
    assert answer("say that again slower") == REPLY and TEMPO.slowly == 1.6
    assert answer("慢一点", talk("zh", "好的。")) == "好的。" and TEMPO.slowly == 2.0


def test_where_it_cannot_go_slower_it_says_so_and_says_it_again() -> None:
    while TEMPO.slower():
        pass
    both = f"{ENGLISH['slowest']} {REPLY}"
    assert answer("slower") == both and TEMPO.slowly == 2.0
    assert answer("slower", talk(reply=both)) == both, "it is not said twice"
    assert answer("慢一点", talk("zh", "")) == CHINESE["slowest"]
    assert answer("慢一点", talk("zh", "好的。")) == f"{CHINESE['slowest']}好的。"


def test_where_nothing_was_said_it_says_what_it_will_do() -> None:
    assert answer("slower", talk(reply="")) == ENGLISH["slower"]
    assert answer("slower", talk(reply=ENGLISH["faster"])) == ENGLISH["slower"]
    assert answer("慢一点", talk("zh", "")) == CHINESE["slower"]


def test_faster_and_normal_speed_are_confirmed() -> None:
    assert answer("faster") == ENGLISH["faster"] and TEMPO.slowly == 0.8
    assert answer("faster") == ENGLISH["fastest"] and TEMPO.slowly == 0.8
    assert answer("normal speed") == ENGLISH["usual"] == answer("normal speed") and TEMPO.slowly == 1.0
    assert answer("快一点", talk("zh")) == CHINESE["faster"] and answer("正常速度", talk("zh")) == CHINESE["usual"]
    assert answer("say that again faster") == REPLY and TEMPO.slowly == 0.8
    assert answer("say that again faster") == f"{ENGLISH['fastest']} {REPLY}"


def test_what_was_broken_off_is_said_as_far_as_it_was_there() -> None:
    assert answer("slower", talk(reply="Descale it", written=REPLY)) == REPLY


def test_a_visitor_is_understood_and_it_is_not_kept(tmp_path: Path) -> None:
    tempo = Tempo(tmp_path)
    call = make_router(["en"], hands=Hands(tempo=tempo)).match("slower", talk(guest=True))
    assert call is not None and said(call) == REPLY
    assert tempo.slowly == 1.25 and Tempo(tmp_path).slowly == USUAL
    tempo.restore()
    assert tempo.slowly == USUAL
    tempo.slower(keep=False)
    assert tempo.slower() and tempo.slowly == 1.6 == Tempo(tmp_path).slowly, "somebody of the house went on from there"
    tempo.faster(keep=False)
    tempo.restore()
    assert tempo.slowly == 1.6


def test_without_a_voice_nothing_is_claimed() -> None:
    call = make_router(["en"]).match("slower", talk())
    assert call is not None and said(call) == "There is no voice here whose speed I could change."


def test_it_tells_that_it_can() -> None:
    for hands, able in ((Hands(tempo=TEMPO), True), (Hands(), False)):
        call = make_router(["en", "zh"], hands=hands).match("what can you do", talk())
        assert call is not None and ("speak slower or faster" in said(call)) == able


@pytest.mark.parametrize("aside", ["slower", "say that again", "normal speed"])
def test_a_question_of_ours_goes_on_waiting(aside: str) -> None:
    person = Person()
    assert person.says("turn on the fan").endswith("?")
    person.says(aside)
    person.says("the office")
    assert person.did() == [("fan.office", "turn_on", {})]
    person.says("turn on the fan")
    person.says("what time is it")
    assert person.says("the office") == "(talk)"


# -- who is told ---------------------------------------------------------------------------------------------------


def test_estimates_follow_a_change_at_once() -> None:
    tempo = Tempo(None)
    pace = Paces(lambda: tempo.slowly)("en")
    pace.wrote("a" * 100, 2.0)
    tempo.slowly = 1.6
    assert pace.sound_s == pytest.approx(1.6 * 0.066) and pace.make_s == pace.write_s
    tempo.slowly = 1.0
    pace.spoke("a" * 100, 1.5, 6.0, 0.5)
    usual = (pace.sound_s, pace.make_s, pace.begin_s, pace.rate)
    assert usual == pytest.approx((0.06, 0.015, 0.005, 0.25))
    longest = pace.longest("a" * 200, 200)
    tempo.slowly = 2.0
    assert (pace.sound_s, pace.make_s, pace.begin_s) == pytest.approx((0.12, 0.03, 0.01)) and pace.rate == pytest.approx(0.25)
    assert pace.longest("a" * 200, 200) == pytest.approx(longest / 2, abs=1)
    for _ in range(100):  # what is learnt meanwhile is the usual voice's too
        pace.spoke("a" * 100, 3.0, 12.0, 1.0, slowly=2.0)
    tempo.slowly = 1.0
    assert (pace.sound_s, pace.make_s, pace.begin_s, pace.rate) == pytest.approx(usual)
    assert pace.write_s == 0.02 and math.isclose(Pace().slowly, 1.0)


def test_our_own_words_are_not_believed_for_as_long_as_they_sound() -> None:
    tempo = Tempo(None)
    clock = FakeClock()
    sink = FakeSink(clock, 1000.0)
    saying, text = Saying(sink, lambda: tempo.slowly), "please stop it"

    def over_after() -> float:
        saying.note(Clause(1, clock(), text, text))
        sink.write(bytes(2 * 16_000 * 60), 16_000)
        since = clock()
        while saying.says("stop"):
            clock.advance(0.1)
        clock.advance(100)
        return clock() - 100 - since

    usual = over_after()
    assert usual == pytest.approx((LETTER_MS * len(text) + LATE_MS) / 1000, abs=0.2)
    tempo.slowly = 2.0
    assert over_after() - usual == pytest.approx(LETTER_MS * len(text) / 1000, abs=0.3)
