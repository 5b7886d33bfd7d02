"""The ratios of a table as one SVG picture: a bar per path from 1, where both are equal, on a logarithmic axis."""

import math
import statistics
from collections.abc import Callable, Iterable
from html import escape

from benchmarks.table import Row

WIDTH, LEFT, RIGHT, TOP, LINE = 860, 330, 70, 46, 28
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .axis { fill: #59636e; font-size: 11px } .grid { stroke: #d1d9e0 } .one { stroke: #59636e }
  .better { fill: #1a7f37 } .worse { fill: #bc4c00 } .spread { stroke: #1f2328; opacity: .55 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .axis { fill: #9198a1 } .grid { stroke: #3d444d } .one { stroke: #9198a1 }
    .better { fill: #3fb950 } .worse { fill: #f0883e } .spread { stroke: #f0f6fc }
  }
"""


def svg(rows: Iterable[Row]) -> str:
    """Of the rows that have ratios."""
    compared = [row for row in rows if row.ratios]
    every = [ratio for row in compared for ratio in row.ratios] or [1.0]
    low = max(step for step in STEPS if step <= max(min(*every, 1), STEPS[0]))
    high = min(step for step in STEPS if step >= min(max(*every, 1), STEPS[-1]))
    span = math.log(high / low) or 1.0

    def x(ratio: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(min(max(ratio, low), high) / low) / span

    height = TOP + LINE * len(compared) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>Blogbus compared with the Express build: above 1, Blogbus is better</title>",
        f"<style>{STYLE}</style>",
        f'<text class="axis" x="{x(1):.0f}" y="16" text-anchor="middle">ratio to Express: Blogbus is better →</text>',
    ]
    for step in (step for step in STEPS if low <= step <= high):
        kind = "one" if step == 1 else "grid"
        parts.append(f'<line class="{kind}" x1="{x(step):.1f}" x2="{x(step):.1f}" y1="{TOP - 8}" y2="{height - 8}"/>')
        parts.append(f'<text class="axis" x="{x(step):.1f}" y="{TOP - 14}" text-anchor="middle">{step:g}</text>')
    for number, row in enumerate(compared):
        parts += _bar(row, TOP + LINE * number, x)
    return "\n".join([*parts, "</svg>", ""])


def _bar(row: Row, top: float, x: Callable[[float], float]) -> list[str]:
    median, middle = statistics.median(row.ratios), top + LINE / 2
    start, end = sorted((x(1), x(median)))
    least, most = x(min(row.ratios)), x(max(row.ratios))
    kind, size = "better" if median >= 1 else "worse", f'width="{end - start:.1f}" height="{LINE - 10}" rx="2"'
    return [
        f'<text x="{LEFT - 12}" y="{middle + 4:.1f}" text-anchor="end">{escape(row.title)}</text>',
        f'<rect class="{kind}" x="{start:.1f}" y="{top + 5:.1f}" {size}/>',
        f'<line class="spread" x1="{least:.1f}" x2="{most:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>',
        f'<text x="{max(most, end, x(1)) + 8:.1f}" y="{middle + 4:.1f}">{median:.2f}</text>',
    ]
