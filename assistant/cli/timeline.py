"""The picture that `assistant run --input` prints: who was heard and who spoke when, a row for each turn."""

from dataclasses import dataclass

from assistant import events

WIDTH = 100
"""Columns of the whole conversation."""
_HEARD, _SPOKE, _CUT = "█", "▒", "×"


@dataclass
class _Row:
    began: float
    heard: float | None = None
    """When its words were complete."""
    spoke: float | None = None
    """When its reply began to sound."""
    ended: float | None = None
    cut: bool = False


class Timeline:
    """Gathers turns from events; their times are seconds of sound."""

    def __init__(self) -> None:
        self._rows: dict[int, _Row] = {}

    def add(self, event: events.Event) -> None:
        """Take the next event."""
        row = self._rows.setdefault(event.turn_id, _Row(event.t))
        match event:
            case events.Transcript():
                row.heard = event.t
            case events.AudioStarted():
                row.spoke = event.t
            case events.Completed() | events.Cancelled() | events.Failed():
                row.ended = event.t
                row.cut = isinstance(event, events.Cancelled)
            case _:
                pass

    def lines(self) -> list[str]:
        """One line a turn, all to one scale, and the scale."""
        rows = self._rows.values()
        if not rows:
            return []
        first, last = min(row.began for row in rows), max(row.ended or row.began for row in rows)
        scale = WIDTH / max(last - first, 1e-9)

        def column(t: float) -> int:
            return min(WIDTH - 1, int((t - first) * scale))

        drawn = []
        for turn, row in self._rows.items():
            cells = [" "] * WIDTH
            end = row.ended if row.ended is not None else last
            for mark, start, stop in ((_HEARD, row.began, row.heard or end), (_SPOKE, row.spoke, end)):
                if start is not None:
                    for at in range(column(start), column(stop) + 1):
                        cells[at] = mark
            if row.cut:
                cells[column(end)] = _CUT
            drawn.append(f"{turn:>4} {''.join(cells)}".rstrip())
        middle = f"{_HEARD} heard  {_SPOKE} spoken  {_CUT} interrupted".center(WIDTH - 8)
        return [*drawn, f"     0 s{middle}{last - first:.0f} s"]
