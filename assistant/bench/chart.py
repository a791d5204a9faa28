"""Figures as a picture, PNG or SVG, drawn with matplotlib (the extra `bench`): bars beside one another, one group a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import EngineUnavailable, UsageError

KINDS = (".png", ".svg")


@dataclass(frozen=True)
class Chart:
    """One field of the picture."""

    title: str
    unit: str
    bars: Mapping[str, Mapping[str, float]]
    """Group -> bar -> value; bars of one name have one colour."""
    target: float | None = None
    """Drawn as a line."""


def check(path: Path) -> None:
    """Whether a picture can be written there, before anything is measured. Raises `UsageError`, `EngineUnavailable`."""
    if path.suffix.lower() not in KINDS:
        raise UsageError(f"--plot {path.name}: name a file that ends in {' or '.join(KINDS)}")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"--plot {path}: there is no folder {path.absolute().parent}")
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise EngineUnavailable("--plot needs matplotlib: pip install 'edge-assistant[bench]'") from None


def draw(charts: Sequence[Chart], path: Path) -> None:
    """Write the picture; what `check` raises, and `UsageError` when it cannot be written."""
    check(path)
    if not charts:
        raise UsageError("--plot: this measurement has no chart")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 0.8 + 2.6 * len(charts)), layout="constrained")
    FigureCanvasAgg(figure)
    for field, chart in zip(figure.subplots(len(charts), squeeze=False)[:, 0], charts, strict=True):
        names = list(dict.fromkeys(name for bars in chart.bars.values() for name in bars))
        width = 0.8 / max(1, len(names))
        for number, name in enumerate(names):
            at = [group + (number - (len(names) - 1) / 2) * width for group in range(len(chart.bars))]
            drawn = field.bar(at, [bars.get(name, 0.0) for bars in chart.bars.values()], 0.9 * width, label=name)
            field.bar_label(drawn, fmt="%.3g", fontsize=7)
        if chart.target is not None:
            field.axhline(chart.target, color="black", linestyle="--", linewidth=1, label=f"target {chart.target:g}")
        field.set_xticks(range(len(chart.bars)), list(chart.bars))
        field.set_title(chart.title, fontsize=10)
        field.set_ylabel(chart.unit)
        if len(names) > 1 or chart.target is not None:
            field.legend(fontsize=7)
    try:
        figure.savefig(path, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
    except OSError as error:
        raise UsageError(f"--plot {path}: {error.strerror}") from None
