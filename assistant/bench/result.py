"""The one result that every measurement and evaluation gives: figures with units and targets.

As JSON: `{machine, versions, models, figures: {name: {value, unit, target, ok}}}`; `target` and `ok` are null without a target,
`value` where there was nothing to measure. Where single items are told, `rows` holds them.
"""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.bench.chart import Chart

if TYPE_CHECKING:
    from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured value."""

    value: float
    unit: str
    target: float | None = None
    better: Literal["lower", "higher"] = "lower"

    @property
    def ok(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.target is None:
            return None
        return self.value <= self.target if self.better == "lower" else self.value >= self.target


@dataclass(frozen=True)
class Result:
    """Figures by name, and what they were measured on."""

    machine: str
    versions: Mapping[str, str]
    models: Mapping[str, str]
    figures: Mapping[str, Figure]
    charts: Sequence[Chart] = ()
    """What `--plot` draws; in no JSON."""
    rows: Sequence[Mapping[str, Any]] = ()
    """Single items, each with `ok`; those that are not are printed."""

    @property
    def exit_code(self) -> int:
        """1 when a target is missed."""
        return int(any(figure.ok is False for figure in self.figures.values()))

    def to_json(self) -> str:
        """The object of the module's docstring, on one line."""
        figures = {
            n: {"value": f.value if isfinite(f.value) else None, "unit": f.unit, "target": f.target, "ok": f.ok}
            for n, f in self.figures.items()
        }
        told: dict[str, Any] = {"machine": self.machine, "versions": dict(self.versions), "models": dict(self.models)}
        told |= {"figures": figures} | ({"rows": [dict(row) for row in self.rows]} if self.rows else {})
        return json.dumps(told, ensure_ascii=False)

    def table(self) -> "Table":
        """The figures as a rich table."""
        from rich.box import MARKDOWN
        from rich.table import Table

        table = Table(box=MARKDOWN)
        for heading in ("figure", "value", "unit", "target", ""):
            table.add_column(heading, justify="right" if heading in ("value", "target") else "left")
        for name, figure in self.figures.items():
            sign = "<=" if figure.better == "lower" else ">="
            target = "" if figure.target is None else f"{sign} {figure.target:g}"
            table.add_row(name, f"{figure.value:.4g}", figure.unit, target, {None: "", True: "ok", False: "missed"}[figure.ok])
        return table

    def print(self) -> None:
        """Write machine, table and models to standard output, as Markdown: it can be pasted into an issue."""
        from rich.console import Console

        console = Console(soft_wrap=True)
        console.print(self.machine, highlight=False)
        console.print(self.table())
        for name in self.models.values():
            console.print(f"- {name}", highlight=False)
        for row in self.rows:
            if not row["ok"]:
                console.print("- " + ", ".join(f"{key}: {value}" for key, value in row.items() if key != "ok"), highlight=False)


def machine() -> str:
    """This machine in words: its processor, cores and system."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith(("model name", "Model"))]
    return f"{names[-1] if names else platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def versions(*packages: str) -> dict[str, str]:
    """Versions of Python and of the packages that are installed."""
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "missing"
    return found


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed; infinity of none."""
    ordered = sorted(values)
    return ordered[-(-95 * len(ordered) // 100) - 1] if ordered else float("inf")


def pss_mib(pid: int | None = None) -> float:
    """Proportional memory of a process, this one by default (/proc/PID/smaps_rollup), MiB."""
    lines = Path(f"/proc/{pid or os.getpid()}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))
