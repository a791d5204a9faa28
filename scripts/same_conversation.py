#!/usr/bin/env python3
"""Compare the events of two runs of the demo: everything but the times, the time of day that was said, and the words so far.

same_conversation.py FIRST.jsonl SECOND.jsonl
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

TIMES = ("t", "stages", "played_ms")


def conversation(path: Path) -> list[dict[str, Any]]:
    """The events without times; of turns that a skill answered only what was heard, for the reply holds the time of day."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    by_skill = {event["turn"] for event in lines if event["event"] == "tool_called"}
    heard = ("wake", "transcript", "turn_started", "tool_called")
    return [
        {key: value for key, value in event.items() if key not in TIMES}
        for event in lines
        if event["event"]
        != "partial"  # a minute later the time of day is longer or shorter to say, and what follows is cut otherwise
        and (event["turn"] not in by_skill or event["event"] in heard)
    ]


def main() -> int:
    """Say the first difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    args = parser.parse_args()
    first, second = conversation(args.first), conversation(args.second)
    for number, (one, two) in enumerate(zip(first, second, strict=False), 1):
        if one != two:
            print(f"event {number} differs:\n  {args.first}: {one}\n  {args.second}: {two}", file=sys.stderr)
            return 1
    if len(first) != len(second) or not first:
        print(f"{args.first} has {len(first)} events, {args.second} {len(second)}", file=sys.stderr)
        return 1
    print(f"the same {len(first)} events")
    return 0


if __name__ == "__main__":
    sys.exit(main())
