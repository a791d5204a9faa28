"""The book as rows of a table, for programs."""

from typing import Any

from assistant.alarms.book import Book


def rows(book: Book) -> list[dict[str, Any]]:
    """What is to come, the next one first, then what was missed and not told yet."""
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "label": one.label,
            "state": one.state,
            "days": one.days,
            "due": book.due_at(one).isoformat(timespec="seconds"),
            "left_s": round(book.left_s(one)),
        }
        for one in (*book.items(), *book.missed())
    ]


def cancel(book: Book, numbers: list[int]) -> list[int]:
    """Cancel these, or all where none is named; those that were there."""
    known = [*book.items(), *book.missed()]
    return [item.id for item in book.cancel(one for one in known if not numbers or one.id in numbers)]
