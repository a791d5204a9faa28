"""What is remembered in a turn: in the prompt where it belongs, told once, and gone when it is forgotten."""

from assistant import events
from assistant.dialogue.kit import TurnRequest
from tests.turn.world import World


def ask(world: World, text: str, reply: str = "Fine.", conversation: str = "chat") -> str:
    """The prompt that the model saw."""
    world.model.enqueue(reply)
    world.brain.submit(TurnRequest(text, conversation=conversation))
    world.run()
    return world.model.prompts[-1].replace("<|im_start|>", "[").replace("<|im_end|>\n", "]")


SYSTEM = "[system\nBe kind.]"


def test_what_was_remembered_before_stands_behind_the_system_block() -> None:
    world = World()
    world.told = {"name": "Ana", "city": "Oslo"}
    assert ask(world, "hello") == f"{SYSTEM}[system\nWhat you remember:\nname = Ana\ncity = Oslo][user\nhello][assistant\n"


def test_what_is_said_in_a_talk_is_not_told_to_it_again() -> None:
    world = World()
    assert ask(world, "remember name Ana") == f"{SYSTEM}[user\nremember name Ana][assistant\n"
    assert world.told == {"name": "Ana"}
    assert "now:" not in ask(world, "hello")


def test_what_another_talk_learnt_is_told_once_before_the_words() -> None:
    world = World()
    ask(world, "hello")
    ask(world, "remember name Ana", conversation="kitchen")
    assert ask(world, "who am i").endswith("[system\nnow: name = Ana][user\nwho am i][assistant\n")
    assert ask(world, "and now").count("now: name") == 1


def test_a_correction_is_told_before_the_next_words_and_the_old_value_stays_only_as_history() -> None:
    world = World()
    ask(world, "remember name Ana")
    ask(world, "remember name Eva")
    assert ask(world, "who am i").endswith("[system\nnow: name = Eva][user\nwho am i][assistant\n")


def test_a_cancelled_turn_was_not_told() -> None:
    world = World()
    ask(world, "hello")
    world.told = {"name": "Ana"}
    world.model.enqueue("Never heard.")
    handle = world.brain.submit(TurnRequest("who am i", conversation="chat"))
    world.brain.step()
    handle.cancel.cancel("stop")
    world.run()
    assert ask(world, "who am i").count("now: name = Ana") == 1


def test_the_words_so_far_are_evaluated_behind_what_is_told() -> None:
    world = World()
    ask(world, "hello")
    world.told = {"name": "Ana"}
    for partial in ("who am", "who am i"):
        world.brain.partial("chat", partial)
        world.run()
    session = world.talks["chat"].session
    before = session.evaluated
    assert ask(world, "who am i").endswith("now: name = Ana][user\nwho am i][assistant\n")
    assert session.evaluated - before < len("now: name = Ana user who am i assistant")


def test_when_history_is_cut_everything_remembered_moves_to_the_front() -> None:
    world = World(history=4)
    ask(world, "remember name Ana")
    for number in range(4):
        prompt = ask(world, f"hello {number}")
    assert prompt.startswith(f"{SYSTEM}[system\nWhat you remember:\nname = Ana]") and "[user\nremember" not in prompt


def test_forgotten_is_gone_from_the_prompt_and_from_the_history() -> None:
    world = World()
    ask(world, "remember name Ana", "Hello Ana.")
    ask(world, "hello", "Hi.")
    world.forget("name", "en")
    prompt = ask(world, "who am i")
    assert "Ana" not in prompt and "hello" in prompt
    assert [past.user for past in world.talks["chat"].history.exchanges] == ["hello", "who am i"]


def test_a_memory_too_long_for_its_block_leaves_the_oldest_out() -> None:
    world = World()
    world.told = {f"slot {number:03}": "x" for number in range(30)}
    prompt = ask(world, "hello")
    assert "slot 029 = x" in prompt and "slot 000" not in prompt


def test_a_private_skill_leaves_nothing_in_history() -> None:
    from assistant.protocols_skills import SkillCall

    world = World()
    world.router.match = lambda text, talk: SkillCall("forget", {}, lambda: "Done.", private=True)  # type: ignore[method-assign]
    world.brain.submit(TurnRequest("forget my name", conversation="chat"))
    world.run()
    assert [event.assistant for event in world.events() if isinstance(event, events.Completed)] == ["Done."]
    assert list(world.talks["chat"].history.exchanges) == []


def test_what_was_told_long_ago_stands_before_the_question_unless_the_talk_still_has_it() -> None:
    world = World()
    ask(world, "the box is blue")
    world.found = {"what colour is the box": ["the box is blue", "the lid is red"], "and the lid": ["the lid is red"]}
    assert ask(world, "what colour is the box").endswith("[system\nthe lid is red][user\nwhat colour is the box][assistant\n")
    world.told["lid"] = "red"
    world.forget("lid", "en")
    assert "the lid is red" not in ask(world, "hello")
