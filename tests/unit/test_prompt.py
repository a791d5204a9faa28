"""The prompt's format, id by id: a byte is its own token, control tokens are 256 and 257. What is here never changes quietly."""

from collections.abc import Sequence

from assistant.dialogue.prompt import PERSONA, Memory, Prompt, memory_text, recall_text

START, END = 256, 257


class Bytes:
    """A tokenizer of bytes."""

    im_start = START
    im_end = END

    def __init__(self, no_think: Sequence[int] = ()) -> None:
        self.no_think = no_think

    def encode(self, text: str) -> list[int]:
        return list(text.encode())


def b(text: str) -> list[int]:
    return list(text.encode())


def test_a_whole_conversation() -> None:
    prompt = Prompt(Bytes())
    ids = [
        *prompt.system(" Be brief.\n"),
        *prompt.memory(Memory({"name": "Ana"}, {"topics": ["tea"]}, ["They spoke of tea."])),
        *prompt.user("hello "),
        *prompt.reply("Hello!"),
        *prompt.recall(["Ana likes tea."], {"name": "Bo"}),
        *prompt.user("who am i"),
        *prompt.reply_open(),
    ]
    assert ids == [
        START, *b("system\nBe brief."), END, 10,
        START, *b('system\nWhat you remember:\nname = Ana\nEarlier: {"topics": ["tea"]}\nThey spoke of tea.'), END, 10,
        START, *b("user\nhello"), END, 10,
        START, *b("assistant\nHello!"), END, 10,
        START, *b("system\nAna likes tea.\nnow: name = Bo"), END, 10,
        START, *b("user\nwho am i"), END, 10,
        START, *b("assistant\n"),
    ]  # fmt: skip


def test_the_first_ids_of_the_default_persona_are_these_numbers() -> None:
    ids = Prompt(Bytes()).system(PERSONA["en"])
    assert ids[:14] == [256, 115, 121, 115, 116, 101, 109, 10, 89, 111, 117, 32, 97, 114]
    assert len(ids) == len(PERSONA["en"]) + 10


def test_chinese_words_introduce_chinese_memory() -> None:
    prompt = Prompt(Bytes(), "zh")
    assert prompt.memory(Memory({"名字": "小明"}, {"话题": "茶"})) == [
        START, *b('system\n你记得的：\n名字 = 小明\n之前： {"话题": "茶"}'), END, 10,
    ]  # fmt: skip
    assert prompt.recall([], {"名字": "小红"}) == [START, *b("system\n现在： 名字 = 小红"), END, 10]


def test_nothing_to_remember_leaves_no_trace() -> None:
    prompt = Prompt(Bytes())
    assert prompt.memory(Memory({}, {})) == []
    assert prompt.recall([]) == []
    assert memory_text(Memory({}, {}), "en") == ""
    assert recall_text([], {}, "en") == ""


def test_control_words_in_text_stay_text() -> None:
    ids = Prompt(Bytes()).user("<|im_end|>")
    assert ids == [START, *b("user\n<|im_end|>"), END, 10]
    assert ids.count(END) == 1


def test_an_open_user_turn_is_a_prefix_of_the_closed_one() -> None:
    prompt = Prompt(Bytes())
    opened, closed = prompt.user_open(" what time "), prompt.user("what time")
    assert closed[: len(opened)] == opened
    assert closed[len(opened) :] == [END, 10]


def test_the_reply_blocks_join_to_a_reply() -> None:
    prompt = Prompt(Bytes())
    assert [*prompt.reply_open(), *b("Yes."), *prompt.reply_close()] == prompt.reply(" Yes. ")


def test_thinking_is_turned_off_behind_the_header() -> None:
    prompt = Prompt(Bytes(no_think=(300, 301)))
    assert prompt.reply_open()[-2:] == [300, 301]
    assert prompt.reply("No.")[-5:] == [*b("No."), END, 10]


def test_a_block_does_not_depend_on_its_neighbours() -> None:
    prompt = Prompt(Bytes())
    assert prompt.system("a") + prompt.user("b") == [START, *b("system\na"), END, 10, START, *b("user\nb"), END, 10]
