# ruff: noqa: RUF001 (look-alike characters are what is tested)
"""What may be said, as readers would say it."""

import pytest

from moderation.rules import Verdict, judge

BANNED = ["orange"]
REJECTED = Verdict("rejected", "It contains the banned word “orange”.", "banned word")
HELD = Verdict("pending", "It contains a link, so a person decides.", "link")


@pytest.mark.parametrize(
    "content",
    [
        "orange",
        "An ORANGE!",
        "OrAnGe",
        "oranges",
        "blorangest",
        "ｏｒａｎｇｅ",
        "𝐨𝐫𝐚𝐧𝐠𝐞",
        "ⓞⓡⓐⓝⓖⓔ",
        "o\u200br\u200ca\u200dn\u2060g\ufeffe",
        "or\u00adange",
        "o\u034frange",
        "or\ufe0fange",
        "o\U000e0072range",
        "o\u3164range",
        "orange, see www.example.com",
    ],
)
def test_a_banned_word_is_rejected_however_it_is_written(content: str) -> None:
    assert judge(content, BANNED) == REJECTED


@pytest.mark.parametrize("content", ["hello", "o range", "oräge", "awww. so sweet", "http", "https:/", "www", "", "🍊"])
def test_the_rest_is_approved(content: str) -> None:
    assert judge(content, BANNED) == Verdict("approved")


@pytest.mark.parametrize(
    "content",
    [
        "http://example.com",
        "see HTTPS://EXAMPLE.COM",
        "(www.example.com)",
        "ｈｔｔｐｓ：／／ｅｘ",
        "ht\u200btp://ex",
        "WWW.ex",
    ],
)
def test_a_link_is_held_for_a_person(content: str) -> None:
    assert judge(content, BANNED) == HELD


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("Die STRASSE", "straße"),
        ("a rotten Apple", " apple "),
        ("café", "cafe\u0301"),
        ("New York!", "new york"),
        ("ORANGE", "ｏｒａｎｇｅ"),
    ],
)
def test_banned_words_are_compared_as_readers_compare_them(content: str, word: str) -> None:
    assert judge(content, ["pear", word]) == Verdict(
        "rejected", f"It contains the banned word “{word.strip()}”.", "banned word"
    )


@pytest.mark.parametrize("words", [[], [""], [" "], ["\u200b"]])
def test_a_word_of_nothing_bans_nothing(words: list[str]) -> None:
    assert judge("an orange", words) == Verdict("approved")
