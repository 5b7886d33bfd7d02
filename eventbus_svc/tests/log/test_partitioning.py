"""A subject's partition never changes, in no process and no version."""

import subprocess
import sys

from eventbus.log.port import partition_of

SUBJECTS = ["", "a", "c1", "0b5a1f2e-7a5c-4a43-9f60-1d6a3ed34b6f", "héllo", "日本"]
GOLDEN_8 = [4, 7, 6, 6, 3, 2]
GOLDEN_12 = [0, 11, 2, 2, 7, 6]


def test_the_partitions_of_these_subjects_are_as_they_were_on_the_first_day() -> None:
    assert [partition_of(subject, 8) for subject in SUBJECTS] == GOLDEN_8
    assert [partition_of(subject, 12) for subject in SUBJECTS] == GOLDEN_12
    assert {partition_of(subject, 1) for subject in SUBJECTS} == {0}


def test_another_process_says_the_same() -> None:
    code = f"from eventbus.log.port import partition_of; print([partition_of(s, 8) for s in {SUBJECTS!r}])"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert said.stdout.strip() == str(GOLDEN_8)


def test_subjects_spread_over_all_partitions() -> None:
    counts = [0] * 8
    for n in range(8000):
        counts[partition_of(f"subject {n}", 8)] += 1

    assert min(counts) > 800
