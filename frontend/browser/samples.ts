const MINUTE = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

type Status = "pending" | "approved" | "rejected";

function comment(
  number: number,
  author: string,
  minutes: number,
  content: string | null,
  status: Status = "approved",
) {
  const reason = status === "rejected" ? "It contains the banned word “orange”." : null;
  return { id: id(number), content, author, status, reason, createdAt: ago(minutes) };
}

const letters = `For eleven years I carried letters up the valley, and I can tell you how a message gets lost. It is never the storm. A storm is an event everybody remembers, and afterwards somebody goes and looks.

What loses a message is the quiet moment between two pairs of hands, when each is sure that the other has it. I put the bag on the bench; you will find it there. You take the bag off the bench; you assume that it is all of them.

So we made a rule, and the rule was small. Whoever gives writes it down first. Whoever takes says so. Until the word comes back, the letter is still mine, even if it has left my hands, even if I have to walk up the same hill twice with the same letter and be told at the door: thank you, we have it already.

People found that last part funny. I never did. A letter that arrives twice is a nuisance; a letter that never arrives is a silence, and nobody can answer a silence.`;

export const post = {
  id: id(1),
  title: "The quiet moment between two pairs of hands",
  body: letters,
  author: "Marit Solberg",
  createdAt: ago(47),
  commentCount: 6,
  comments: [
    comment(14, "Ada", 0.2, null, "pending"),
    comment(13, "Ada", 3, null, "rejected"),
    comment(12, "", 9, null, "rejected"),
    comment(15, "Ada", 20, "Which hill?"),
    comment(
      11,
      "Tomás Rey",
      24,
      "“Until the word comes back, the letter is still mine.” I am putting this above my desk.",
    ),
    comment(
      10,
      "Ines",
      38,
      "My grandfather sorted mail on a night train. He said much the same, with more swearing.\n\nThe bench was always the problem.",
    ),
  ],
};

/** What the reader of these pages wrote: only they are shown these texts. */
export const own = [
  {
    id: id(14),
    postId: post.id,
    content: "Twice at the same door: I know that walk.",
    author: "Ada",
    createdAt: ago(0.2),
  },
  { id: id(15), postId: post.id, content: "Which hill?", author: "Ada", createdAt: ago(20) },
  {
    id: id(13),
    postId: post.id,
    content: "An orange bag would have helped.",
    author: "Ada",
    createdAt: ago(3),
  },
];

const marked = `## What the bench taught

A **rule** that is *small* enough to keep. It goes like this:

1. Write it down first.
2. Hand it over.
   - Wait for the word.
   - No word? Walk again.

> Until the word comes back, the letter is still mine.

In the words of a program, \`deliver()\` is safe to call twice:

\`\`\`python
def deliver(letter, door):
    while not door.knows(letter.id):  # a nuisance, but never a silence, and nobody can answer a silence
        door.take(letter)
\`\`\`

See [the log](https://example.org/log), or https://example.org/${"bench/".repeat(16)}

---

המכתב הגיע פעמיים.`;

export const formatted = {
  ...post,
  id: id(7),
  title: "Twice at the same door",
  body: marked,
  commentCount: 2,
  comments: [
    comment(16, "Ines", 12, "Mine was shorter:\n\n    if sent: pass\n\n- no **bench**\n- no hill"),
    comment(17, "Tomás Rey", 8, "> Wait for the word.\n\n# Forever?\n\nSee www.example.org"),
  ],
};

function entry(
  number: number,
  title: string,
  author: string,
  minutes: number,
  body: string,
  commentCount: number,
) {
  return { id: id(number), title, body, author, createdAt: ago(minutes), commentCount, comments: [] };
}

export const posts = [
  post,
  entry(
    2,
    "What the timetable does not say",
    "Jonas Brandt",
    190,
    "A timetable is a promise about order, not about time. The 9.14 comes before the 9.32; that is the part you can build a day on. How late the two of them are is weather.",
    2,
  ),
  entry(3, "Notes on a small kitchen", "Ines", 60 * 26, "", 0),
  entry(
    4,
    "Eleven ways to be wrong about clocks, and the one that cost us a Sunday in February",
    "",
    60 * 24 * 4,
    "We had two clocks that agreed with each other and with nobody else. By the time we noticed, every record of that weekend had happened in an order that was, strictly speaking, impossible.",
    14,
  ),
  entry(
    5,
    "On keeping a notebook by the door",
    "Marit Solberg",
    60 * 24 * 40,
    "It is not a diary. It is a list of what left the house and when, and it has settled more arguments than any person in the family.",
    1,
  ),
];

export const waiting = {
  ...entry(6, "A post that is still on its way", "Ada", 0, "Written a second ago.", 0),
};

function judged(
  number: number,
  postId: string,
  author: string,
  minutes: number,
  content: string,
  verdict: {
    status: Status;
    moderator: string | null;
    rule?: string;
    finding?: string;
    reason?: string | null;
  },
) {
  const { rule = null, finding = null, reason = finding, ...said } = verdict;
  const decidedAt = said.moderator && ago(Math.max(minutes - 2, 0));
  return {
    id: id(number),
    postId,
    content,
    author,
    createdAt: ago(minutes),
    rule,
    finding,
    reason,
    decidedAt,
    version: 1,
    ...said,
  };
}

const link = { rule: "link", finding: "It contains a link, so a person decides." };
const held = { status: "pending", moderator: null, ...link } as const;
const banned = { rule: "banned word", finding: "It contains the banned word “orange”." };

export const counts = { pending: 3, approved: 128, rejected: 7 };

export const queue = {
  pending: [
    judged(
      21,
      id(1),
      "Tomás Rey",
      4,
      "There is a film about exactly this bench: https://example.org/bench",
      held,
    ),
    judged(
      22,
      id(4),
      "",
      31,
      "The February thing happened to us, too. What I wrote down that week, in case it helps anybody:\n\nwww.example.org/eleven-clocks",
      held,
    ),
    judged(23, id(2), "Cheap Tickets", 95, "EVERY train, HALF price!!! http://tickets.example.com", held),
  ],
  rejected: [
    judged(31, id(1), "Ada", 3, "An orange bag would have helped.", {
      status: "rejected",
      moderator: "rules",
      ...banned,
    }),
    judged(32, id(2), "Cheap Tickets", 190, "ANY train, HALF price!!! http://tickets.example.com", {
      status: "rejected",
      moderator: "moderator",
      ...link,
      reason: "This is advertising. Write about the post, and you are welcome.",
    }),
  ],
  approved: [
    judged(41, id(1), "Ada", 20, "Which hill?", { status: "approved", moderator: "rules" }),
    judged(42, id(5), "Ines", 60 * 26, "Ours hangs by the door as well: www.example.org/notebook.jpg", {
      status: "approved",
      moderator: "moderator",
      ...link,
      reason: null,
    }),
  ],
};
