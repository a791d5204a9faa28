#!/usr/bin/env python3
"""Write the demo's conversation into a README, between its two marks; or check that it is the one that stands there.

readme_transcript.py EVENTS.jsonl README.md [--check]
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- the demo's conversation: scripts/readme_transcript.py -->\n", "<!-- end -->\n"
CLOCK = ("time", "date")
"""Skills whose replies change with the day: they are not compared."""


@dataclass
class Turn:
    """What was said and answered."""

    said: str = ""
    answer: str = ""
    clock: bool = False
    """Answered by the clock: the answer changes with the day."""


def transcript(path: Path) -> list[Turn]:
    """The turns of a conversation's events."""
    turns: dict[int, Turn] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        event: dict[str, Any] = json.loads(line)
        turn = turns.setdefault(event["turn"], Turn())
        match event["event"]:
            case "wake":
                turn.said = event["word"].replace("_", " ") + ", "
            case "transcript":
                turn.said += event["text"]
            case "tool_called":
                turn.clock = event["name"] in CLOCK
            case "clause":
                turn.answer = f"{turn.answer} {event['text'].strip()}".strip()
            case "completed":
                turn.answer = event["assistant"]
            case "cancelled":
                turn.answer += " ... (interrupted)"
            case _:
                pass
    return [turn for turn in turns.values() if turn.said]  # others listened behind a question of ours, and nobody spoke


def lines(turns: list[Turn]) -> list[str]:
    """The conversation as it stands in the README: two lines a turn."""
    return [line for turn in turns for line in (f"> {turn.said}", f"  {turn.answer}")]


def main() -> int:
    """Write, or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", type=Path)
    parser.add_argument("readme", type=Path)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    text = args.readme.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        print(f"{args.readme}: the marks {BEGIN.strip()} and {END.strip()} are not in it", file=sys.stderr)
        return 2
    before, rest = text.split(BEGIN, 1)
    stands, after = rest.split(END, 1)
    turns = transcript(args.events)
    if not args.check:
        args.readme.write_text(before + BEGIN + "```text\n" + "\n".join(lines(turns)) + "\n```\n" + END + after, encoding="utf-8")
        return 0
    want, have = lines(turns), stands.splitlines()[1:-1]
    changing = {2 * number + 1 for number, turn in enumerate(turns) if turn.clock}
    if len(want) == len(have) and all(want[at] == have[at] for at in range(len(want)) if at not in changing):
        return 0
    print(f"{args.readme}: its conversation is not the demo's; write it anew with scripts/readme_transcript.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
