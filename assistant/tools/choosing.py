"""Which tools a sentence may mean, by its words: cheap, before the model is asked, and for most sentences none.

Rules
- What changes something is meant by a command alone: a sentence that begins, behind words of politeness, with one of the tool's
  words (in Chinese also behind its object), is no question, says no "not", and is short.
- What only reads is meant where one of its words stands anywhere; without words of its own, where two words of its name or
  description do.
"""

import re

from assistant.languages import asks, own_sentences
from assistant.languages.tools import tool_texts
from assistant.memory.wording import stem, terms
from assistant.protocols_tools import Tool

MAX_CHARACTERS = 200
"""A longer text is no command and asks for no tool."""
_MARKS = " \t\n.,!?;:。，！？；：、"
_SHORT = 3
_AS_VERBS = frozenset({"tell", "remind", "say", "give", "name", "find", "show"})
"""Question words that a command may begin with."""


def score(tool: Tool, text: str, code: str) -> int:
    """How much speaks for a tool; 0: it is not meant."""
    plain = text.strip().lower()
    if not plain or len(plain) > MAX_CHARACTERS:
        return 0
    if tool.changes:
        return _commanded(tool, plain, code)
    if code in tool.words:
        return 10 * max((len(word.split()) for word in tool.words[code] if _holds(plain, word, code)), default=0)
    empty = {stem(word) for word in own_sentences("en").get("function_words", ())}
    both = (_said(plain) & _said(f"{tool.name.replace('_', ' ')} {tool.description}")) - empty
    return len(both) if len(both) >= 2 else 0


def _said(text: str) -> set[str]:
    """The words of a text that may say something, and pairs of Chinese characters."""
    return {term for term in terms(text) if len(term) >= _SHORT or (len(term) == 2 and not term.isascii())}


def verbs(tool: Tool, code: str) -> tuple[str, ...]:
    """What a command for a tool begins with."""
    if code in tool.words:
        return tuple(tool.words[code])
    if code != "en":
        return ()
    return tuple(dict.fromkeys((tool.name.split("_")[0], tool.description.split()[0].lower())))


def _commanded(tool: Tool, plain: str, code: str) -> int:
    rest = command(plain, code)
    if not rest:
        return 0
    if code == "zh":
        behind = any(rest.startswith(word) for word in tool_texts(code).OBJECT_FIRST)
        found = [verb for verb in verbs(tool, code) if rest.startswith(verb) or (behind and verb in rest)]
        return max(map(len, found), default=0)
    words = [stem(word) for word in rest.split()]
    own = [[stem(word) for word in verb.lower().split()] for verb in verbs(tool, code)]
    return max((len(verb) for verb in own if words[: len(verb)] == verb), default=0)


def command(text: str, code: str) -> str:
    """What is commanded, without the words of politeness around it; "" for what is no command."""
    texts = tool_texts(code)
    asked = text.rstrip().endswith(("?", "？"))
    plain = re.sub(r"\s+", " ", text.strip(_MARKS).lower()) if code == "zh" else " ".join(re.findall(r"[\w']+", text.lower()))
    joint, polite = "" if code == "zh" else " ", False
    before = ""
    while plain != before:
        before = plain
        for word in sorted(texts.POLITE, key=len, reverse=True):
            if plain.startswith(f"{word}{joint}") and len(plain) > len(word):
                plain, polite = plain[len(word) :].lstrip(), polite or len(word.split()) > 1 or code == "zh"
                break
        for word in texts.POLITE_ENDS:
            if plain.endswith(f"{joint}{word}") and len(plain) > len(word):
                plain, polite = plain[: -len(word)].rstrip(), True
                break
    if code == "zh" and polite and plain.endswith("吗") and not plain.endswith(("了吗", "过吗")):
        plain = plain.removesuffix("吗")
    words = plain.split() if code != "zh" else []
    if any(negation in (words if words else plain) for negation in texts.NEGATIONS):
        return ""
    if code == "zh":
        return "" if asks(plain, code) or (asked and not polite) else plain
    first = words[0] if words else ""
    asking = own_sentences(code).get("question_words", ())
    return "" if (first in asking and first not in _AS_VERBS) or (asked and not polite) else plain


def _holds(plain: str, word: str, code: str) -> bool:
    """Whether a word or phrase stands in a text, in any form of its words."""
    if code == "zh":
        return word in plain
    wanted, there = [stem(one) for one in word.lower().split()], [stem(one) for one in re.findall(r"[\w']+", plain)]
    return any(there[at : at + len(wanted)] == wanted for at in range(len(there) - len(wanted) + 1))
