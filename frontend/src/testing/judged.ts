import type { Judged } from "../features/moderation/types.ts";

/** A comment as moderation keeps it: held for its link. */
export function judged(changes: Partial<Judged> = {}): Judged {
  return {
    id: "c1",
    postId: "p1",
    content: "see www.example.com",
    author: "Ines",
    createdAt: "2026-01-02T11:00:00.000000Z",
    status: "pending",
    reason: "It contains a link, so a person decides.",
    rule: "link",
    finding: "It contains a link, so a person decides.",
    moderator: null,
    decidedAt: null,
    version: 0,
    ...changes,
  };
}

/** The same after a person decided. */
export function decided(status: "approved" | "rejected", changes: Partial<Judged> = {}): Judged {
  const decidedAt = new Date().toISOString();
  return judged({ status, reason: null, moderator: "moderator", decidedAt, version: 1, ...changes });
}
