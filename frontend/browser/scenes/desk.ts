import type { Page } from "playwright-core";
import { counts, posts, queue } from "../samples.ts";
import { down, json, never, type Scene } from "./scene.ts";

const refused = {
  status: 401,
  contentType: "application/problem+json",
  body: JSON.stringify({ title: "Unauthorized", status: 401, detail: "Invalid token." }),
};
const comments = (status: keyof typeof queue) => `/moderation/comments?status=${status}`;
const decision = `/moderation/comments/${queue.pending[0]?.id}/decision`;
const moderator = { "blogbus:moderator-token": "a token" };
const rules = {
  environment: ["orange"],
  added: [
    { id: "1", kind: "banned word", text: "half price", addedBy: "ann", addedAt: new Date() },
    { id: "2", kind: "allowed site", text: "example.org", addedBy: "ben", addedAt: "2026-01-02T11:00:00Z" },
  ],
};
const full = {
  "/moderation/counts": json(counts),
  [comments("pending")]: json(queue.pending),
  [comments("rejected")]: json(queue.rejected),
  "/moderation/comments": json([...queue.pending, ...queue.rejected, ...queue.approved]),
  [comments("approved")]: json(queue.approved, { link: '</moderation/comments?before=x>; rel="next"' }),
  ...Object.fromEntries(posts.map((one) => [`/posts/${one.id}`, json(one)])),
};
const around = (order: string, found: unknown[]) => [
  `/moderation/comments?post=${queue.pending[0]?.postId}&order=${order}&before=${queue.pending[0]?.id}&limit=3`,
  json(found),
];
const rowOf = (page: Page, text: string) => page.getByRole("article").filter({ hasText: text });

/** The moderator's desk: each queue, decisions, and what goes wrong with them. */
export const desk: Record<string, Scene> = {
  "desk-closed": { path: "/moderate", answers: {}, ready: "python3 manage_all.py token moderator" },
  "desk-refused": {
    path: "/moderate",
    stored: moderator,
    answers: {
      "/moderation/counts": never,
      [comments("pending")]: refused,
    },
    ready: "Invalid token.",
  },
  "desk-held": { path: "/moderate", answers: full, stored: moderator, ready: "half price" },
  "desk-removing": {
    path: "/moderate",
    answers: full,
    stored: moderator,
    ready: "Remove this comment for good?",
    act: (page) => page.getByRole("button", { name: "Remove…" }).first().click(),
  },
  "desk-selected": {
    path: "/moderate",
    answers: full,
    stored: moderator,
    ready: "2 selected",
    act: async (page) => {
      await rowOf(page, "this bench").getByRole("checkbox").check();
      await rowOf(page, "half price").getByRole("checkbox").check();
      await page.keyboard.press("r");
    },
  },
  "desk-thread": {
    path: "/moderate",
    answers: {
      ...full,
      ...Object.fromEntries([around("newest", queue.approved), around("oldest", queue.rejected)]),
    },
    stored: moderator,
    ready: "This comment",
    act: (page) => rowOf(page, "this bench").getByRole("button", { name: "Thread" }).click(),
  },
  "desk-searched": {
    path: `/moderate?status=all&order=oldest&q=half&author=Cheap+Tickets&post=${queue.pending[2]?.postId}&rule=link`,
    answers: { ...full, "/moderation/comments": json([queue.pending[2], queue.rejected[1]]) },
    stored: moderator,
    ready: "This is advertising",
  },
  "desk-nothing-found": {
    path: "/moderate?q=quince",
    answers: { ...full, [`${comments("pending")}&q=quince`]: json([]) },
    stored: moderator,
    ready: "No such comments",
  },
  "desk-rules": {
    path: "/moderate/rules",
    answers: {
      "/moderation/rules": json(rules),
      "/moderation/rules/preview": json({ examined: 500, caught: 12, examples: queue.pending }),
    },
    stored: moderator,
    ready: "Examples",
    act: (page) => page.getByRole("textbox", { name: "Ban a word" }).fill("tickets"),
  },
  "desk-rules-failing": {
    path: "/moderate/rules",
    answers: { "/moderation/rules": down("moderation") },
    stored: moderator,
    ready: "The rules cannot be shown",
  },
  "desk-rejected": {
    path: "/moderate?status=rejected",
    answers: full,
    stored: moderator,
    ready: "This is advertising",
  },
  "desk-approved": {
    path: "/moderate?status=approved",
    answers: full,
    stored: moderator,
    ready: "Ours hangs by the door",
  },
  "desk-empty": {
    path: "/moderate",
    answers: { "/moderation/counts": json({ ...counts, pending: 0 }), [comments("pending")]: json([]) },
    stored: moderator,
    ready: "No comments to decide",
  },
  "desk-loading": {
    path: "/moderate",
    answers: { "/moderation/counts": never, [comments("pending")]: never },
    stored: moderator,
    ready: "Loading comments",
  },
  "desk-failing": {
    path: "/moderate",
    answers: { "/moderation/counts": down("moderation"), [comments("pending")]: down("moderation") },
    stored: moderator,
    ready: "The comments cannot be shown",
  },
  "desk-rejecting": {
    path: "/moderate",
    answers: { ...full, [decision]: down("moderation") },
    stored: moderator,
    ready: "Perhaps this was not saved",
    act: async (page) => {
      await rowOf(page, "this bench").getByRole("button", { name: "Reject…" }).click();
      await page.getByLabel("Reason").fill("Please tell us what the film is about, too.");
      await page.getByRole("button", { name: "Reject", exact: true }).click();
    },
  },
  "desk-decided": {
    path: "/moderate",
    answers: { ...full, [decision]: json({ ...queue.pending[0], ...decided() }) },
    stored: moderator,
    ready: "1 new comment",
    act: async (page) => {
      await rowOf(page, "this bench").getByRole("button", { name: "Approve" }).click();
      await rowOf(page, "this bench").getByText("Approved by").waitFor();
      const fresh = { ...queue.pending[1], id: "new", version: 2, createdAt: new Date().toISOString() };
      const answer = json([fresh, ...queue.pending.slice(1)]);
      await page.route(`**${comments("pending")}`, (route) => route.fulfill(answer));
    },
  },
  "desk-decided-elsewhere": {
    path: "/moderate",
    answers: full,
    stored: moderator,
    ready: "Somebody else has decided this",
    act: async (page) => {
      await rowOf(page, "this bench").waitFor();
      await page.route(`**${comments("pending")}`, (route) => route.fulfill(json(queue.pending.slice(1))));
    },
  },
  "desk-keys": {
    path: "/moderate",
    answers: full,
    stored: moderator,
    ready: "the next comment",
    act: async (page) => {
      await rowOf(page, "this bench").waitFor();
      await page.keyboard.press("j");
      await page.keyboard.press("?");
    },
  },
};

function decided() {
  return { status: "approved", moderator: "moderator", reason: null, decidedAt: new Date(), version: 2 };
}
