"""A scripted recogniser for tests, ours and users' own: it reads the words that are written in the frames."""

from collections.abc import Sequence

from assistant.protocols import SpokenWord


class FakeTranscriber:
    """Reads the words that are written in the frames; with a grammar, what `listed` makes of them."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.error: Exception | None = None
        """Raised by the next `finish()`."""
        self.takes_grammar = False
        """True: a session with a grammar answers from `listed`."""
        self.listed: dict[str, tuple[str, float]] = {}
        """Words -> what a session with a grammar takes them for, and how sure it is; others are unknown to it."""
        self.sure: dict[str, float] = {}
        """Word -> how sure a session without one is of it; of others quite."""
        self.grammars: list[Sequence[str] | None] = []
        """That of every session."""

    def session(self, grammar: Sequence[str] | None = None) -> "FakeTranscription":
        """Begin an utterance."""
        self.grammars.append(grammar)
        return FakeTranscription(self, self.takes_grammar and grammar is not None)


class FakeTranscription:
    """One utterance of `FakeTranscriber`."""

    def __init__(self, owner: FakeTranscriber, listed: bool) -> None:
        self._owner, self._listed = owner, listed
        self._text: list[str] = []
        self.words: Sequence[SpokenWord] = ()
        self.unknown = 0

    def feed(self, pcm: bytes) -> str:
        """Read the frame's word; "~" is a sound that is no word."""
        word = pcm.rstrip(b"\0").decode()
        if word and word not in ("wake", "~") and (not self._text or self._text[-1] != word):
            self._text.append(word)
        text = " ".join(self._text)
        return self._owner.listed.get(text, (text, 0.0))[0] if self._listed else text

    def finish(self) -> str:
        """All words."""
        if self._owner.error is not None:
            error, self._owner.error = self._owner.error, None
            raise error
        text = " ".join(self._text)
        if self._listed:
            text, sure = self._owner.listed.get(text, ("", 0.0))
            self.unknown = 0 if text else 1
            self.words = [SpokenWord(word, 0.0, 0.0, sure) for word in text.split()]
        else:
            self.words = [SpokenWord(word, 0.0, 0.0, self._owner.sure.get(word, 1.0)) for word in text.split()]
        return text
