import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc_chassis.testing.conformance.texts import BLANK, LINE_BREAKS, SHOWN
from svc_chassis.web.text import LINE_BREAK, shows


@pytest.mark.parametrize("case", BLANK)
def test_what_shows_nothing_is_blank(case: str) -> None:
    assert not shows(BLANK[case])


@pytest.mark.parametrize("case", SHOWN)
def test_what_shows_is_not(case: str) -> None:
    assert shows(SHOWN[case])


@given(st.lists(st.sampled_from([*BLANK.values()]), max_size=5), st.sampled_from([*SHOWN.values()]))
def test_nothing_stays_nothing_and_hides_nothing(blanks: list[str], shown: str) -> None:
    nothing = "".join(blanks)
    assert not shows(nothing)
    assert shows(nothing + shown)
    assert shows(shown + nothing)


def test_what_python_takes_for_the_end_of_a_line_is_one() -> None:
    ends = {chr(code) for code in range(sys.maxunicode + 1) if len(f"a{chr(code)}b".splitlines()) > 1}
    assert ends == {character for ended in LINE_BREAKS for character in ended}
    assert all(LINE_BREAK.search(ended) for ended in LINE_BREAKS)
