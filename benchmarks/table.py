"""The table of figures: medians over the rounds, ours against the peer's."""

import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from benchmarks.scenarios import Figures, Scenario

CPU = "cpu"
NONE = "-"


@dataclass
class Row:
    """One figure of one scenario: a list of values per system, one for each round."""

    scenario: Scenario
    figure: str
    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """CPU milliseconds per action"""

    @property
    def ratios(self) -> list[float]:
        """Round by round, ours to the peer's; above 1, ours is better. Empty without a peer."""
        ours, peers = self.values["Blogbus"], self.values.get("Express", [])
        pairs = zip(ours, peers, strict=False)
        return [a / b if self.scenario.better == "higher" else b / a for a, b in pairs]

    @property
    def title(self) -> str:
        return f"{self.scenario.what}, {self.figure}" if self.figure else self.scenario.what

    def as_json(self) -> dict[str, Any]:
        its = {"scenario": self.scenario.name, "figure": self.figure, "what": self.title, "unit": self.scenario.unit}
        return {**its, "better": self.scenario.better, "values": self.values, "cpuMs": self.cpu, "ratios": self.ratios}


class Table:
    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Row] = {}

    def add(self, scenario: Scenario, system: str, figures: Figures) -> None:
        for figure, value in figures.items():
            if figure != CPU:
                row = self.rows.setdefault((scenario.name, figure), Row(scenario, figure))
                row.values[system].append(value)
                if CPU in figures:
                    row.cpu[system].append(figures[CPU])

    def as_json(self) -> list[dict[str, Any]]:
        return [row.as_json() for row in self.rows.values()]

    def as_markdown(self) -> str:
        lines = [
            "| path | Blogbus | Express | ratio | spread | CPU-ms: Blogbus | Express |",
            "|---|---:|---:|---:|---|---:|---:|",
        ]
        lines += [_line(row) for row in self.rows.values()]
        return "\n".join(lines)


def _line(row: Row) -> str:
    ratios = row.ratios
    ratio = f"{statistics.median(ratios):.2f}" if ratios else NONE
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}" if ratios else NONE
    values = [_shown(row.values.get(name, []), row.scenario.unit) for name in ("Blogbus", "Express")]
    costs = [_shown(row.cpu.get(name, [])) for name in ("Blogbus", "Express")]
    return f"| {row.title} | {values[0]} | {values[1]} | {ratio} | {spread} | {costs[0]} | {costs[1]} |"


def _shown(values: list[float], unit: str = "") -> str:
    if not values:
        return NONE
    median = statistics.median(values)
    text = f"{median:,.0f}" if median >= 100 else f"{median:.3g}"
    return f"{text} {unit}".strip()
