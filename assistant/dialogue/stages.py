"""What a turn's time went into, by stage, in real seconds."""

from collections.abc import Callable, Mapping

_WORK = ("recognise", "route", "skill", "prefill", "decode", "speech")


class Stages:
    """Seconds by stage; `with stages.timed("speech"):` adds to one."""

    def __init__(self, *before: Mapping[str, float], stopwatch: Callable[[], float]) -> None:
        """`before` is looked at when it is asked for: what a draft waits for is known late."""
        self._before = before
        self._seconds: dict[str, float] = {}
        self._stopwatch = stopwatch

    @property
    def seconds(self) -> dict[str, float]:
        """All of them."""
        return {name: value for stages in (*self._before, self._seconds) for name, value in stages.items()}

    def timed(self, stage: str) -> "_Timer":
        """Adds the time of a `with` block."""
        return _Timer(self._seconds, stage, self._stopwatch)

    def mark(self, name: str) -> None:
        """Note how much work was done until now."""
        seconds = self.seconds
        self._seconds[name] = sum(seconds.get(stage, 0.0) for stage in _WORK)


class _Timer:
    def __init__(self, stages: dict[str, float], stage: str, stopwatch: Callable[[], float]) -> None:
        self._stages, self._stage, self._stopwatch = stages, stage, stopwatch

    def __enter__(self) -> None:
        self._since = self._stopwatch()

    def __exit__(self, *_: object) -> None:
        self._stages[self._stage] = self._stages.get(self._stage, 0.0) + self._stopwatch() - self._since
