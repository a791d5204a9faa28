"""Talks that are kept: there again at the next start, and gone in every byte when they are forgotten."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cancel import CancelToken
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.digest import Digest
from assistant.dialogue.prompt import Prompt
from assistant.dialogue.talks import PRIVATE, Talks
from assistant.engines.fakes import FakeModel, FakeSession
from assistant.memory.kept_talks import CELLS, MOST_TALKS, KeptTalks
from assistant.memory.memory import Memory, SlotMemory
from assistant.memory.slots import rules_of
from assistant.memory.store import MIGRATIONS, NAME, Store


class House:
    """The talks of one start."""

    def __init__(self, folder: Path, model: FakeModel | None = None) -> None:
        self.folder = folder
        self.model = model or FakeModel()
        self.store = Store(folder)
        self.slots = SlotMemory(self.store, rules_of(["en"]))
        self.kept = KeptTalks(self.store, folder / CELLS, self.model.name)
        self.talks = Talks(self.make, self.kept)
        self.memory = Memory(self.slots, self.talks.forget, self.talks.kept)

    def make(self, key: str) -> Conversation:
        keeper = None if key.startswith(PRIVATE) else self.kept
        return Conversation(
            key, self.model, Prompt(self.model), "Be kind.", 20, lambda: self.slots.slots("en"), self.no_recall, keeper=keeper
        )

    @staticmethod
    def no_recall(_: str) -> list[str]:
        return []

    def say(self, key: str, user: str, reply: str = "Fine, thank you for telling me that.") -> None:
        talk = self.talks(key)
        talk.ask(user)
        if self.slots.learn(user, "en", 1):
            talk.said()
        talk.session.append(self.model.encode(reply))
        talk.commit(user, reply, len(talk.session.ids))
        talk.session.evaluate(10_000, CancelToken())

    def said(self, key: str) -> list[str]:
        self.talks(key).session  # noqa: B018  opened
        return [past.user for past in self.talks(key).history.exchanges]

    def close(self) -> None:
        self.talks.save()
        self.store.close()

    def on_disk(self, text: str) -> list[str]:
        return [path.name for path in self.folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    house = House(folder)
    yield house
    house.store.close()


def again(house: House, model: FakeModel | None = None) -> House:
    house.close()
    return House(house.folder, model or house.model)


def test_a_talk_goes_on_after_a_restart_with_all_its_cells(house: House) -> None:
    house.say("voice", "my name is anna")
    house.say("voice", "and the gate is green")
    before = list(house.talks("voice").session.ids)
    house = again(house)
    talk = house.talks("voice")
    assert list(talk.session.ids) == before and house.said("voice") == ["my name is anna", "and the gate is green"]
    session = talk.session
    assert isinstance(session, FakeSession) and session.hot == len(before) and session.evaluated == 0
    house.store.close()


def test_another_model_writes_the_ids_anew(house: House) -> None:
    house.say("voice", "my name is anna", "Hello Anna.")
    other = FakeModel()
    other.name = "another"
    house = again(house, other)
    assert house.said("voice") == ["my name is anna"]
    session = house.talks("voice").session
    assert isinstance(session, FakeSession) and session.text().endswith(
        "<|im_start|>user\nmy name is anna<|im_end|>\n<|im_start|>assistant\nHello Anna.<|im_end|>\n"
    )
    house.store.close()


def test_a_digest_is_kept_with_its_talk(house: House) -> None:
    house.say("voice", "hello")
    talk = house.talks("voice")
    talk.digest = Digest({"gate": "green"}, ("They spoke of tea.",))
    talk.forget(["nothing at all"])  # builds the prompt anew, and keeps it
    house = again(house)
    assert house.said("voice") == ["hello"] and house.talks("voice").digest == Digest({"gate": "green"}, ("They spoke of tea.",))
    house.store.close()


def test_a_private_talk_is_in_no_byte(house: House) -> None:
    house.say(f"{PRIVATE}tab 1", "the secret is platypus")
    house.talks.save()
    assert house.on_disk("platypus") == ["memory.db-wal"]  # what memory.keep keeps is the statement, not the talk
    house = again(house)
    assert house.said(f"{PRIVATE}tab 1") == [] and house.talks.kept() == {}
    house.store.close()


def test_a_system_prompt_of_a_talk_s_own_is_not_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    monkeypatch.setattr(FakeSession, "keep", lambda session, length: kept.append(session.text()))
    house.talks(f"{PRIVATE}tab 1").session  # noqa: B018  opened
    assert kept and "Be kind." in kept.pop()
    house.talks.become(f"{PRIVATE}tab 1", "The secret is platypus.")
    assert house.talks(f"{PRIVATE}tab 1").persona == "The secret is platypus." and kept == []
    house.store.close()


def test_forgotten_is_gone_from_talks_that_are_held_and_from_those_that_are_not(house: House) -> None:
    house.say("kitchen", "my name is xanthippe")
    house.say("kitchen", "hello")
    house = again(house)
    house.say("voice", "they call me xanthippe here")
    house.say("voice", "good morning")
    house.talks.save()
    house.memory.forget("name", "en")
    assert [path for path in house.folder.rglob("*") if path.is_file() and b"anthippe" in path.read_bytes()] == []
    assert house.said("voice") == ["good morning"] and house.said("kitchen") == ["hello"]
    house = again(house)
    assert house.said("voice") == ["good morning"] and house.said("kitchen") == ["hello"]
    assert "Xanthippe" not in house.talks("voice").session.text()  # type: ignore[attr-defined]
    house.store.close()


def test_a_cleared_talk_is_gone_and_begins_anew(house: House) -> None:
    house.say("voice", "the parrot is loose")
    house.say("kitchen", "hello")
    assert house.talks.clear("voice")
    assert house.said("voice") == [] and house.said("kitchen") == ["hello"]
    assert set(house.talks.kept()) == {"kitchen"}


def test_everything_is_forgotten(house: House) -> None:
    house.say("voice", "the parrot is loose")
    house.memory.forget("", "en")
    assert house.said("voice") == [] and house.on_disk("parrot") == [] and house.talks.kept() == {}


def test_talks_are_bounded_and_the_longest_unused_goes(house: House) -> None:
    for number in range(MOST_TALKS + 2):
        house.say(f"talk {number}", "hello")
    assert sorted(house.talks.kept()) == sorted(f"talk {number}" for number in range(2, MOST_TALKS + 2))


def test_a_store_that_cannot_be_written_is_said_once_and_the_talk_goes_on(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.say("voice", "hello")
    house.store._db.execute("PRAGMA query_only = ON")
    with caplog.at_level(logging.WARNING):
        for text in ("one", "two"):
            talk = house.talks("voice")
            talk.ask(text)
            talk.commit(text, "Fine.", len(talk.session.ids))
    assert house.said("voice") == ["hello", "one", "two"] and caplog.text.count("talks are not kept") == 1


def test_a_file_of_the_first_version_is_taken_over(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    db = sqlite3.connect(folder / NAME)
    for statement in MIGRATIONS[0]:
        db.execute(statement)
    db.execute("INSERT INTO slots VALUES ('name', 'Anna', 5, 1)")
    db.execute("PRAGMA user_version = 1")
    db.commit()
    db.close()
    house = House(folder)
    assert house.slots.slots("en") == {"name": "Anna"}
    house.say("voice", "hello")
    house = again(house)
    assert house.said("voice") == ["hello"] and house.slots.slots("en") == {"name": "Anna"}
    house.store.close()


def test_what_was_true_for_a_while_is_gone_afterwards(folder: Path) -> None:
    now = [1000.0]
    memory = SlotMemory(Store(folder, lambda: now[0]), rules_of(["en"]))
    memory.learn("i am working on the old boiler", "en", 3)
    assert memory.slots("en") == {"task": "the old boiler"}
    now[0] += 13 * 3600
    assert memory.slots("en") == {}
    memory.set("city", "Oslo")
    assert [kept.name for kept in memory.kept()] == ["city"]
    memory.close()


def test_what_says_a_corrected_value_is_not_recalled(folder: Path) -> None:
    memory = SlotMemory(Store(folder), rules_of(["en"]))
    memory.learn("the parcel for anna is in the barn", "en", 1)
    assert memory.recall("where is the parcel for anna", "en") == ["the parcel for anna is in the barn"]
    memory.learn("my name is anna", "en", 2)
    memory.learn("no my name is eva", "en", 3)
    assert memory.recall("where is the parcel for anna", "en") == []
    assert memory.kept()[0].before == ("Anna",)
    memory.close()
