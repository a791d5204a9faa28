"""Stop strings: texts that end a reply when they are generated.

Works on bytes: a token may end within a character, and UTF-8 finds a text in bytes as surely as in characters. A token is held
back while its text, or an end of it, begins a stop string; it is let go whole when what follows refutes that, so that what was
given is always the text of whole tokens.
"""

from collections.abc import Sequence

from assistant.errors import EngineError


class Stops:
    """The stop strings of one reply."""

    def __init__(self, stops: Sequence[str]) -> None:
        """Raises `EngineError` for an empty one."""
        self._stops = [stop.encode("utf-8", "replace") for stop in stops]
        if not all(self._stops):
            raise EngineError("a stop string is empty; leave it out")
        self._tokens: list[bytes] = []
        self._given = 0
        self._end = 0
        """Bytes of reply in what is held, once a stop string was hit."""
        self.hit = False

    def push(self, data: bytes) -> bytes:
        """Take the next token's bytes; what of the reply is certain by now and was not given yet."""
        self._tokens.append(data)
        text = b"".join(self._tokens[self._given :])
        found = [at for stop in self._stops if (at := text.find(stop)) >= 0]
        if found:
            self.hit, self._end = True, min(found)
            return text[: self._end]
        free = next((at for at in range(len(text)) if self._begins(text[at:])), len(text))
        size = 0
        while self._given < len(self._tokens) and size + len(self._tokens[self._given]) <= free:
            size += len(self._tokens[self._given])
            self._given += 1
        return text[:size]

    def rest(self) -> bytes:
        """The reply ended otherwise: what was held back."""
        held, self._given = b"".join(self._tokens[self._given :]), len(self._tokens)
        return held

    def kept(self) -> tuple[int, bytes]:
        """After a hit: how many tokens hold nothing but reply, and the bytes of reply behind them: whole characters."""
        count, left = self._given, self._end
        while len(self._tokens[count]) <= left:
            left -= len(self._tokens[count])
            count += 1
        tail = self._tokens[count][:left]
        while count and tail and tail[0] & 0xC0 == 0x80:
            count -= 1
            tail = self._tokens[count] + tail
        return count, tail

    def _begins(self, end: bytes) -> bool:
        return any(stop.startswith(end) for stop in self._stops)
