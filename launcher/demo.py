"""What `seed` writes. Who comments is named once per post: by that a comment is known again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoPost:
    title: str
    author: str
    body: str
    comments: tuple[tuple[str, str], ...]  # author, content


POSTS = (
    DemoPost(
        "Write it down twice, in one breath",
        "Marit",
        "Save the order, then tell the others. What if the power goes between the two? The order is there, and nobody "
        "knows. Tell the others first, and they know of an order that is not there.\n\n"
        "So do both in one breath: the row, and a note saying what happened, into the same database, in the same "
        "transaction. Both are there, or neither is. Somebody else carries the notes out later, as often as it takes.\n"
        "\nThat is all an outbox is. The dull part, carrying the same note out until somebody signs for it, is the "
        "part that makes it safe.",
        (
            ("Ines", "And if the one who carries it out dies after handing it over, before noting so?"),
            ("Marit", "Then it is handed over twice. The receiver keeps a list, too; that one is called the inbox."),
            ("Bo", "My mail server has done that since 1982. Nobody gave a talk about it."),
        ),
    ),
    DemoPost(
        "The second letter came first",
        "Tomas",
        "My grandmother wrote two letters. “I have sold the house.” And a week later: “I have bought it back.” The "
        "post brought the second one first, and for three days the family believed that she was homeless.\n\n"
        "Numbering the letters would have been enough. Whoever has read letter two puts letter one aside. Notice "
        "what is not needed: the post need not be fast, the clocks need not agree, and letters to the neighbours "
        "need not wait for hers. Order is kept per subject. Anything more is a queue in which all stand behind one.",
        (
            ("Ada", "What did she do with the house?"),
            ("Kees", "Painted it orange, as far as I remember."),
            ("Ines", "The same story with diagrams: https://example.com/letters"),
        ),
    ),
    DemoPost(
        "One bad apple",
        "Ines",
        "An event comes that nobody can make sense of. You may stop until somebody has looked, and everything behind "
        "it rots. You may throw it away, and lie about it later.\n\n"
        "Or you put it on a shelf, with all that belongs to the same thing behind it, in order, and go on with the "
        "rest. In the morning a person looks at the shelf. Most of the time it is empty. When it is not, one reader "
        "misses one comment, and a thousand others have noticed nothing.",
        (
            ("Marit", "We had the first of these for two years. It was called “the incident”."),
            ("Tomas", "Who looks at the shelf?"),
        ),
    ),
)
