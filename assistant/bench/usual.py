"""The usual wiring: the prompt as text, `create_chat_completion`, the library's own prefix reuse, a window of the last turns.

What it evaluates is counted in two ways: as the library does it, and by tokenising what it would be given; where both were done
they must agree, so that long talks can be counted without waiting for them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.bench.script import Line

WINDOW = 6
"""Turns."""


def messages(persona: str, lines: Sequence[Line], number: int, window: int = WINDOW) -> list[dict[str, str]]:
    """What is sent at a turn."""
    found = [{"role": "system", "content": persona}]
    for line in lines[max(0, number - window) : number]:
        found += [{"role": "user", "content": _words(line)}, {"role": "assistant", "content": line.reply}]
    return [*found, {"role": "user", "content": _words(lines[number])}]


def _words(line: Line) -> str:
    return f"{line.passage}\n\n{line.user}" if line.passage else line.user


def chatml(sent: Sequence[dict[str, str]]) -> str:
    """The prompt's text, as Qwen's template writes it."""
    return "".join(f"<|im_start|>{one['role']}\n{one['content']}<|im_end|>\n" for one in sent) + "<|im_start|>assistant\n"


class Usual:
    """llama-cpp-python's high-level interface on a model."""

    _llama: Any

    def __init__(self, path: Path, context: int, threads: int) -> None:
        """`threads`: 0 takes the library's own. Raises what the library raises."""
        from llama_cpp import Llama

        self._llama = Llama(
            str(path),
            n_ctx=context,
            n_threads=threads or None,
            n_threads_batch=threads or None,
            verbose=False,
            chat_format="chatml",
            use_mmap=False,
        )
        self._evaluated = self._made = 0
        evaluate = self._llama.eval

        def counted(tokens: Sequence[int]) -> None:
            self._evaluated += len(tokens)
            evaluate(tokens)

        self._llama.eval = counted

    def tokens(self, text: str) -> list[int]:
        """The ids of a prompt's text."""
        return list(self._llama.tokenize(text.encode(), add_bos=False, special=True))

    def turn(self, sent: Sequence[dict[str, str]], reply: str) -> int:
        """Answer with `reply`, each token of which is computed and drawn; the prompt tokens that were evaluated."""
        for _ in self.pieces(sent, reply):
            pass
        return self.prompt

    @property
    def prompt(self) -> int:
        """The prompt tokens that the last turn evaluated."""
        return self._evaluated - self._made

    def pieces(self, sent: Sequence[dict[str, str]], reply: str) -> Iterator[str]:
        """The same, piece by piece."""
        import numpy as np
        from llama_cpp import LogitsProcessorList

        script = iter(self._llama.tokenize(reply.encode(), add_bos=False, special=False))
        end = self._llama.token_eos()

        def force(_: Any, scores: Any) -> Any:
            forced = np.full_like(scores, -np.inf)
            forced[next(script, end)] = 0.0
            return forced

        self._evaluated = self._made = 0
        for part in self._llama.create_chat_completion(list(sent), logits_processor=LogitsProcessorList([force]), stream=True):
            text = part["choices"][0]["delta"].get("content")
            if text:
                self._made += 1
                yield text

    def reset(self) -> None:
        """Forget what is computed."""
        self._llama.reset()

    def close(self) -> None:
        """Free the model."""
        self._llama.close()


def counted(persona: str, lines: Sequence[Line], tokens: Any) -> list[int]:
    """The prompt tokens that each turn evaluates, by tokenising: all behind the longest prefix of what was computed before."""
    held: list[int] = []
    found = []
    for number, line in enumerate(lines):
        ids = tokens(chatml(messages(persona, lines, number)))
        same = next((at for at, (a, b) in enumerate(zip(held, ids, strict=False)) if a != b), min(len(held), len(ids)))
        found.append(len(ids) - min(same, len(ids) - 1))
        held = ids + tokens(line.reply)
    return found
