"""The benchmarks as anyone runs them."""

import json
import statistics
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]


def bench(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage_all.py"), "bench", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_both_systems_are_measured_in_turns_and_compared_in_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "ratios.svg"
    done = bench("front-page", "lone-comment", "--quick", "--json", "--svg", str(picture))

    assert done.returncode == 0, done.stderr[-4000:]
    turns = [line.partition(" s  ")[2] for line in done.stderr.splitlines() if " s  front-page," in line]
    assert turns == [
        "front-page, round 1 of 2: Express",
        "front-page, round 1 of 2: Blogbus",
        "front-page, round 2 of 2: Blogbus",
        "front-page, round 2 of 2: Express",
    ]
    rows = {(row["scenario"], row["figure"]): row for row in json.loads(done.stdout)}
    assert rows.keys() == {("front-page", ""), ("lone-comment", "p50"), ("lone-comment", "p99")}
    for row in rows.values():
        assert {name: len(values) for name, values in row["values"].items()} == {"Express": 2, "Blogbus": 2}
        assert all(value > 0 for values in row["values"].values() for value in values)
    fast = rows["front-page", ""]
    assert fast["ratios"] == [a / b for a, b in zip(fast["values"]["Blogbus"], fast["values"]["Express"], strict=True)]
    drawn = [text.text for text in ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text")]
    assert {f"{statistics.median(row['ratios']):.2f}" for row in rows.values()} <= set(drawn)
    slow = rows["lone-comment", "p50"]
    assert slow["ratios"] == [b / a for a, b in zip(slow["values"]["Blogbus"], slow["values"]["Express"], strict=True)]


def test_an_unknown_scenario_is_refused_with_those_that_there_are() -> None:
    done = bench("front-pge")

    assert done.returncode == 2
    assert "there is no 'front-pge'; choose from memory-at-rest, front-page, " in done.stderr
