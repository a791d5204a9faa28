"""The table of turns that `assistant run --input` prints: heard, said, time of each stage, tokens, peak memory."""

import resource

from assistant import events

_STAGES = ("recognise", "route", "prefill", "decode", "speech", "first_audio")


class TurnsTable:
    """Gathers turns from events."""

    def __init__(self) -> None:
        self._rows: list[list[str]] = []
        self.failed = 0
        """Turns that failed."""

    def add(self, event: events.Event) -> None:
        """Take the next event."""
        turn = str(event.turn_id)
        blank = [""] * (len(_STAGES) + 1)
        match event:
            case events.Completed():
                times = [f"{1000 * event.stages[stage]:.0f}" if stage in event.stages else "" for stage in _STAGES]
                tokens = (
                    f"{event.prompt_tokens_evaluated}/{event.prompt_tokens}+{event.completion_tokens}"
                    if event.prompt_tokens
                    else "skill"
                )
                self._rows.append([turn, event.user, event.assistant, *times, tokens])
            case events.Cancelled(reason=reason):
                self._rows.append([turn, f"({reason})", "", *blank])
            case events.Failed(message=message):
                self.failed += 1
                self._rows.append([turn, "(failed)", message, *blank])
            case _:
                pass

    def print(self) -> None:
        """Show it."""
        from rich.console import Console
        from rich.table import Table

        table = Table(title="Turns (times in ms; tokens: prompt evaluated/prompt+reply)")
        for heading in ("turn", "heard", "said", *(stage.replace("_", " ") for stage in _STAGES), "tokens"):
            table.add_column(heading, overflow="fold", justify="left" if heading in ("heard", "said") else "right")
        for row in self._rows:
            table.add_row(*row)
        console = Console()
        if not console.is_terminal:
            console.width = 150
        console.print(table, markup=False)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        console.print(f"Peak memory of the process: {peak:.0f} MiB", highlight=False)
