"""What a reply may be, in llama.cpp's grammar notation (GBNF): a tool call or talk, and a flat JSON object.

Rules: a string of JSON begins with no space and has no escapes, so that a small model copies a value as it was said; it is
at most 48 characters, so that a reply has an end; only tools that are listed can be called, with exactly their parameters.
"""

import json
from collections.abc import Mapping, Sequence

_STRING = 'string ::= "\\"" [^" \\\\\\x00-\\x1F] [^"\\\\\\x00-\\x1F]{0,47} "\\""\n'
_TALK = "talk ::= [^<{\\x00-\\x1F] [^<{\\x00-\\x1F]*\n"


def slots() -> str:
    """A JSON object of one to eight names with strings, on one line, as `json.dumps` writes it."""
    return 'root ::= "{" pair (", " pair){0,7} "}"\npair ::= string ": " string\n' + _STRING


def tools(parameters: Mapping[str, Sequence[str]]) -> str:
    """Talk, or one call of a tool (name -> its parameters) in Qwen's form, its arguments all strings."""
    calls = []
    for name, names in parameters.items():
        arguments = ' ", " '.join(f"{_literal(json.dumps(key, ensure_ascii=False) + ': ')} string" for key in names)
        head = _literal(f'<tool_call>\n{{"name": {json.dumps(name, ensure_ascii=False)}, "arguments": {{')
        calls.append(f"{head} {arguments} {_literal('}}' + chr(10) + '</tool_call>')}")
    alternatives = [f"call{number}" for number in range(len(calls))]
    rules = "".join(f"{name} ::= {call}\n" for name, call in zip(alternatives, calls, strict=True))
    return f"root ::= {' | '.join(['talk', *alternatives])}\n{rules}{_TALK}{_STRING}"


def _literal(text: str) -> str:
    """A text as a GBNF literal."""
    return json.dumps(text, ensure_ascii=False)
