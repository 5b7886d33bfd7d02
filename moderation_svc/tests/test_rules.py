# ruff: noqa: RUF001 (look-alike characters are what is tested)
"""What may be said, as readers would say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.reading import plain
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
        "o̶r̶a̶n̶g̶e̶",
        "o̷r̸a̵n̴g̲e̳",
        "o͖͗r̞͝a͎̎n̗̆g̀̕e͓͠",
        "ö́rângé",
        "o\u20ddr\u20dean\u0489ge",
        "o\u05b4ra\u0e31n\u093ege",
        "o\u2800r\ufff9a\u3164n\x01g\U0001d159e",
        "o\u202er\u2066a\u061cn\u180eg\u115fe",
    ],
)
def test_a_banned_word_is_rejected_however_it_is_written(content: str) -> None:
    assert judge(content, "Ada", BANNED) == REJECTED


@pytest.mark.parametrize(
    "content",
    [
        *("hello", "o range", "oräge", "awww. so sweet", "http", "https:/", "https://", "www", "", "🍊"),
        *("e.g.", "i.e. this", "3.5/4", "and/or", "...", "1.2.3.4", "v1.2", "12:30", "10/10", "@ada", "a@b", "// todo"),
        *(
            "settings.py",
            "README.md.",
            "run.sh",
            "index.html",
            "Node.js",
            "C:/",
            "これは。あれ。",
            "привет.как дела",
            "a…b",
        ),
        *("note: //", "localhost:8000", "#1", "2026-01-01T00:00:00.000Z", "ошибка 3.14", "\\o/"),
    ],
)
def test_the_rest_is_approved(content: str) -> None:
    assert judge(content, "Ada", BANNED) == Verdict("approved")


@pytest.mark.parametrize(
    "content",
    [
        "http://example.com",
        "see HTTPS://EXAMPLE.COM",
        "(www.example.com)",
        "ｈｔｔｐｓ：／／ｅｘ",
        "ht\u200btp://ex",
        "WWW.ex",
        *("見てwww.example.com", "_www.example.com_", "www。example。com", "www．example｡com", "wwwwww.example.com"),
        *(
            "http:\\\\example.com",
            "http:/example.com",
            "HTTPS:\\example.com",
            "見てhttp://example.comです",
            "http:///example.com",
        ),
        *(
            "ftp://example.com",
            "gopher://example",
            "myapp://open",
            "git+ssh://x",
            "file:///etc",
            "http://127.0.0.1",
            "http://[::1]/",
        ),
        *("//example.com/x", "(//example.com)", "\\\\server\\share", "//1.2.3.4", "\\\\example.com"),
        *(
            "example.com/x",
            "example.com",
            "Example.COM.",
            "見てexample.comです",
            "[here](example.com)",
            "t.co/x",
            "bit.ly",
            "a.co.uk",
        ),
        *(
            "example.com:8080",
            "example.com?x",
            "example.com#x",
            "<example.com>",
            "“example.com”",
            "_example.com_",
            "settings.py/x",
        ),
        *("пример.рф", "例子.中国", "bücher.example.de", "xn--bcher-kva.de", "स.भारत", "x.xn--p1ai", "1.2.3.4/x"),
        *("a@example.com", "a@example.rs", "mailto:a@b", "tel:+4930123", "magnet:?xt=1"),
        *(
            "example\u200b.com",
            "exam\u00adple.com",
            "ｅｘａｍｐｌｅ．ｃｏｍ／ｘ",
            "www\u2800.example.com",
            "ex̶ample.com",
        ),
    ],
)
def test_a_link_is_held_for_a_person(content: str) -> None:
    assert judge(content, "Ada", BANNED) == HELD


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("Die STRASSE", "straße"),
        ("a rotten Apple", " apple "),
        ("café", "cafe\u0301"),
        ("New York!", "new york"),
        ("ORANGE", "ｏｒａｎｇｅ"),
        ("cafe", "café"),
        ("а̶п̶е̶л̶ь̶с̶и̶н̶", "апельсин"),
        ("М̶о̶й", "мой"),
    ],
)
def test_banned_words_are_compared_as_readers_compare_them(content: str, word: str) -> None:
    assert judge(content, "Ada", ["pear", word]) == Verdict(
        "rejected", f"It contains the banned word “{word.strip()}”.", "banned word"
    )


@pytest.mark.parametrize("words", [[], [""], [" "], ["\u200b"]])
def test_a_word_of_nothing_bans_nothing(words: list[str]) -> None:
    assert judge("an orange", "Ada", words) == Verdict("approved")


@pytest.mark.parametrize(("content", "word"), [("мои", "мой"), ("がき", "かき"), ("काल", "कल"), ("öl", "ø")])
def test_marks_that_make_another_letter_make_another_word(content: str, word: str) -> None:
    assert judge(content, "", [word]) == Verdict("approved")


@pytest.mark.parametrize("content", ["оrаnge", "0range"])
def test_look_alikes_of_other_scripts_pass(content: str) -> None:
    """A decision that the documents name, not an oversight."""
    assert judge(content, "", BANNED) == Verdict("approved")


@pytest.mark.parametrize(
    ("content", "author", "verdict"),
    [
        ("hello", "Orange", Verdict("rejected", "The name contains the banned word “orange”.", "banned word")),
        (
            "hello",
            "http://spam.example/buy",
            Verdict("pending", "The name contains a link, so a person decides.", "link"),
        ),
        (
            "see www.example.com",
            "orange",
            Verdict("rejected", "The name contains the banned word “orange”.", "banned word"),
        ),
        ("orange", "www.example.com", REJECTED),
        ("an or", "ange", Verdict("approved")),
        ("hello", "", Verdict("approved")),
    ],
)
def test_the_name_is_judged_as_the_text_is(content: str, author: str, verdict: Verdict) -> None:
    assert judge(content, author, BANNED) == verdict


DRESSED = st.sampled_from(
    ["\u200b", "\u00ad", "\u2060", "\ufe0f", "\u3164", "\u2800", "\u0336", "\u0301", "\u20dd", "\u202e", "\x02"]
)


@given(st.lists(st.lists(DRESSED, max_size=4), min_size=6, max_size=6), st.lists(st.booleans(), min_size=6, max_size=6))
def test_no_dress_hides_a_banned_word(dress: list[list[str]], capitals: list[bool]) -> None:
    letters = [letter.upper() if up else letter for letter, up in zip("orange", capitals, strict=True)]
    content = "".join(letter + "".join(marks) for letter, marks in zip(letters, dress, strict=True))
    assert judge(content, "", BANNED) == REJECTED


@given(
    st.sampled_from(["http://example.com", "www.example.com", "example.com/x", "ftp://example.org", "a@example.net"]),
    st.sampled_from(["", " ", "見て", "_", "(", "«", "é", "\n", "-", "*"]),
    st.sampled_from(["", " ", "です", "_", ")", "»", "!", "\n", "*"]),
    st.booleans(),
)
def test_no_neighbour_hides_a_link(link: str, before: str, after: str, is_wide: bool) -> None:
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    assert judge(before + (link.translate(wide) if is_wide else link) + after, "", BANNED) == HELD


@given(st.text(max_size=200))
def test_whatever_is_written_is_judged(text: str) -> None:
    assert judge(text, text, BANNED).status in ("approved", "pending", "rejected")
    assert plain(plain(text)) == plain(text)
