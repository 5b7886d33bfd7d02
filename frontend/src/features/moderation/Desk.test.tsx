import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { forgetStored } from "../../lib/stored.ts";
import { decided, judged } from "../../testing/judged.ts";
import { open, violations } from "../../testing/open.tsx";
import { post } from "../../testing/samples.ts";
import { down, fakeServices, json, never, problem } from "../../testing/services.ts";

const HELD = "GET /moderation/comments?status=pending";
const REJECTED = "GET /moderation/comments?status=rejected";
const COUNTS = "GET /moderation/counts";
const PROBLEM = { "content-type": "application/problem+json" };
const DECIDE = "POST /moderation/comments/c1/decision";

beforeEach(() => localStorage.setItem("blogbus:moderator-token", '"s3cret"'));

function openDesk(rules: Parameters<typeof fakeServices>[0] = {}, path = "/moderate") {
  const services = fakeServices({
    [COUNTS]: json({ pending: 2, approved: 5, rejected: 1 }),
    [HELD]: json([judged(), judged({ id: "c0", author: "Tomás", createdAt: "2026-01-01T11:00:00Z" })]),
    [REJECTED]: json([decided("rejected", { id: "c7", content: "an ad", reason: "Advertising." })]),
    "GET /posts/p1": json(post()),
    ...rules,
  });
  return { ...services, ...open(path) };
}

const rows = () => screen.findAllByRole("article");
const row = async (at = 0) => (await rows())[at] as HTMLElement;
const decisions = (sent: { call: string; body: unknown }[]) =>
  sent.filter(({ call }) => call.startsWith("POST")).map(({ call, body }) => [call, body]);

test("a held comment shows its writer, its post, its text and the rule that holds it", async () => {
  const { sent } = openDesk();
  const first = await row();
  await within(first).findByRole("link", { name: "On order" });
  expect(first).toHaveTextContent(
    "Ines 2 January 2026On On orderThreadsee www.example.comHeld · It contains a link, so a person decides.ApproveReject…Remove…",
  );
  expect(within(first).getByRole("link", { name: "On order" })).toHaveAttribute("href", "/post/p1#c1");
  expect(sent.find(({ call }) => call === HELD)?.token).toBe("Bearer s3cret");
  expect(document.title).toBe("Moderation · Blogbus");
  expect(await violations()).toEqual([]);
});

test("the tabs are links that count, and Back leads to the one before", async () => {
  const { user } = openDesk();
  const tabs = await screen.findByRole("navigation", { name: "Comments" });
  expect(await within(tabs).findByRole("link", { name: "Held 2" })).toHaveAttribute("aria-current", "page");
  expect(
    within(tabs)
      .getAllByRole("link")
      .map((tab) => [tab.textContent, tab.getAttribute("href")]),
  ).toEqual([
    ["Held 2", "/moderate"],
    ["Rejected 1", "/moderate?status=rejected"],
    ["Approved 5", "/moderate?status=approved"],
    ["All 8", "/moderate?status=all"],
  ]);
  await user.click(within(tabs).getByRole("link", { name: "Rejected 1" }));
  expect(await screen.findByText("an ad")).toBeInTheDocument();
  expect(await row()).toHaveTextContent(
    "Rejected by a moderator just now · “Advertising.” · It contains a link, so a person decides.",
  );
  expect(screen.getByTestId("address")).toHaveTextContent("/moderate?status=rejected");
  expect(await violations()).toEqual([]);
});

test("with the keyboard alone one decides comment after comment, and takes it back", async () => {
  const { user, rules, sent } = openDesk();
  await rows();
  await user.keyboard("j");
  expect(await row(0)).toHaveFocus();
  await user.keyboard("jjk");
  expect(await row(0)).toHaveFocus();

  rules[DECIDE] = json(decided("approved"));
  await user.keyboard("a");
  expect(await within(await row(0)).findByText("Approved by a moderator")).toBeInTheDocument();
  expect(await row(1)).toHaveFocus();
  expect(screen.getByText("Ines’s comment: Approved by a moderator.")).toHaveAttribute("role", "status");

  rules[DECIDE] = json(decided("rejected", { reason: "jar jar", version: 2 }));
  await user.keyboard("kr");
  await user.keyboard("jar jar{Enter}");
  expect(await within(await row(0)).findByText("“jar jar”")).toBeInTheDocument();
  expect(await row(1)).toHaveFocus();
  expect(decisions(sent)).toEqual([
    [DECIDE, { status: "approved", reason: null, version: 0 }],
    [DECIDE, { status: "rejected", reason: "jar jar", version: 1 }],
  ]);
});

test("a usual reason is chosen and can be changed before it is sent", async () => {
  const { user, sent } = openDesk({ [DECIDE]: json(decided("rejected", { reason: "Off topic. Sorry." })) });
  await user.click(within(await row()).getByRole("button", { name: "Reject…" }));
  await user.click(screen.getByRole("button", { name: "Off topic." }));
  expect(screen.getByLabelText(/Reason/)).toHaveFocus();
  expect(await violations()).toEqual([]);
  await user.keyboard(" Sorry.{Enter}");
  expect(await screen.findByText("“Off topic. Sorry.”")).toBeInTheDocument();
  expect(decisions(sent)).toEqual([
    [DECIDE, { status: "rejected", reason: "Off topic. Sorry.", version: 0 }],
  ]);
});

test("keys that are turned off, or are part of a chord, do nothing", async () => {
  localStorage.setItem("blogbus:desk-keys", "false");
  const { user, sent } = openDesk();
  const first = await row();
  await user.keyboard("j");
  expect(document.body).toHaveFocus();
  await user.click(first);
  await user.keyboard("a");
  localStorage.removeItem("blogbus:desk-keys");
  forgetStored();
  await user.keyboard("{Control>}a{/Control}{Meta>}r{/Meta}");
  expect(screen.queryByLabelText(/Reason/)).not.toBeInTheDocument();
  expect(decisions(sent)).toEqual([]);
});

test("a decision shows at once; one that fails is taken back and keeps the reason", async () => {
  let answer: (response: Response) => void = () => {};
  const { user, sent } = openDesk({ [DECIDE]: () => new Promise((resolve) => (answer = resolve)) });
  await user.click(within(await row()).getByRole("button", { name: "Reject…" }));
  await user.type(screen.getByLabelText(/Reason/), "Advertising.");
  await user.click(screen.getByRole("button", { name: "Reject" }));
  expect(await screen.findByText("Rejected, being saved…")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Reject" }));
  answer(down("moderation"));
  expect(
    await screen.findByText("The moderation service does not answer. Perhaps this was not saved: try again."),
  ).toHaveAttribute("role", "alert");
  expect(within(await row()).getByText("Held")).toBeInTheDocument();
  expect(screen.getByLabelText(/Reason/)).toHaveValue("Advertising.");
  expect(decisions(sent)).toEqual([[DECIDE, { status: "rejected", reason: "Advertising.", version: 0 }]]);
  expect(await violations()).toEqual([]);
});

test("of two moderators at once the second learns who decided what, and can decide again", async () => {
  const verdict = decided("rejected", { moderator: "ann", reason: "Advertising." });
  const detail = "ann has rejected this comment meanwhile. Look at it again.";
  const { user, rules, sent } = openDesk({
    [DECIDE]: Response.json({ detail, verdict }, { status: 409, headers: PROBLEM }),
  });
  await user.click(within(await row()).getByRole("button", { name: "Approve" }));
  expect(await screen.findByText(`This was not saved. ${detail}`)).toHaveAttribute("role", "alert");
  expect(await row()).toHaveTextContent("Rejected by ann just now");
  expect(await row()).toHaveTextContent("“Advertising.”");
  expect(await violations()).toEqual([]);

  rules[DECIDE] = json(decided("approved", { version: 2 }));
  await user.click(within(await row()).getByRole("button", { name: "Approve" }));
  expect(await within(await row()).findByText("Approved by a moderator")).toBeInTheDocument();
  expect(decisions(sent)).toEqual([
    [DECIDE, { status: "approved", reason: null, version: 0 }],
    [DECIDE, { status: "approved", reason: null, version: 1 }],
  ]);
});

test("the audit trail is read once it is opened, and says who decided what and why", async () => {
  const entry = {
    id: "a1",
    time: new Date().toISOString(),
    actor: "ann",
    action: "decide",
    target: "c1d2e3f4-0000",
    reason: "a complaint",
    detail: { status: "rejected", reason: "Advertising.", version: 2 },
  };
  const older = {
    ...entry,
    id: "a0",
    actor: "ben",
    reason: null,
    detail: { status: "approved", reason: null },
  };
  const next = { headers: { link: '</moderation/audit?before=a1>; rel="next"' } };
  const { user, sent } = openDesk({
    "GET /moderation/audit": json([entry], next),
    "GET /moderation/audit?before=a1": json([older]),
  });
  await rows();
  expect(sent.some(({ call }) => call.includes("audit"))).toBe(false);

  await user.click(screen.getByText("Audit trail"));
  const trail = screen.getByRole("list", { name: "Audit trail" });
  expect(await within(trail).findByRole("listitem")).toHaveTextContent(
    "ann rejected comment c1d2e3f4 for readers: “Advertising.” a complaintjust now",
  );
  await user.click(screen.getByRole("button", { name: "Older entries" }));
  await waitFor(() => expect(within(trail).getAllByRole("listitem")).toHaveLength(2));
  expect(within(trail).getAllByRole("listitem")[1]).toHaveTextContent(
    "ben approved comment c1d2e3f4 just now",
  );
  expect(await violations()).toEqual([]);
});

test("what is new waits until it is asked for, and moves nothing", async () => {
  const { user, rules } = openDesk();
  await rows();
  await user.keyboard("j");
  rules[HELD] = json([judged({ id: "c9", author: "Ada", createdAt: "2026-01-03T11:00:00Z" }), judged()]);
  const show = await screen.findByRole("button", { name: "Show 1 new comment" });
  expect(await row(0)).toHaveTextContent("Ines");
  expect(await row(0)).toHaveFocus();
  expect(await row(1)).toHaveTextContent("Somebody else has decided this");
  await user.click(show);
  expect((await rows()).map((one) => one.textContent?.slice(0, 4))).toEqual(["Ada ", "Ines"]);
  expect(await row(0)).toHaveFocus();
});

test("of a comment that somebody else decided the row says what, and by whom", async () => {
  const verdict = decided("rejected", { moderator: "ann", reason: "Advertising." });
  const { rules } = openDesk({ "GET /moderation/comments/c1": json(verdict) });
  await rows();
  rules[HELD] = json([judged({ id: "c0", author: "Tomás", createdAt: "2026-01-01T11:00:00Z" })]);
  expect(await screen.findByText("Rejected by ann", undefined, { timeout: 9_000 })).toBeInTheDocument();
  expect(await row(0)).toHaveTextContent("“Advertising.”");
});

test("among all comments, too, one that somebody else removed says so", async () => {
  const all = "GET /moderation/comments";
  const { rules } = openDesk(
    {
      [all]: json([judged(), decided("approved", { id: "c0", createdAt: "2026-01-01T11:00:00Z" })]),
      [`${all}/c0`]: problem(404, "There is no such comment."),
    },
    "/moderate?status=all",
  );
  await screen.findAllByRole("article");
  rules[all] = json([judged()]);
  expect(await screen.findByText("Somebody else has removed this")).toBeInTheDocument();
  expect(await row(0)).toHaveTextContent("Held");
});

test("of many that leave at once only those in sight are asked for", async () => {
  const hears: (() => void)[] = [];
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(hear: (entries: { isIntersecting: boolean }[]) => void) {
        hears.push(() => hear([{ isIntersecting: true }]));
      }
      observe() {}
      disconnect() {}
    },
  );
  const one = "GET /moderation/comments/c1";
  const { rules, sent } = openDesk({ [one]: json(decided("rejected", { moderator: "ann" })) });
  await screen.findAllByRole("article");
  rules[HELD] = json([]);
  expect(await screen.findAllByText("Somebody else has decided this")).toHaveLength(2);
  expect(sent.some(({ call }) => call.startsWith("GET /moderation/comments/"))).toBe(false);
  act(() => hears[0]?.());
  expect(await screen.findByText("Rejected by ann")).toBeInTheDocument();
  expect(screen.getAllByText("Somebody else has decided this")).toHaveLength(1);
});

test("an empty desk fills by itself", async () => {
  const { rules } = openDesk({ [HELD]: json([]) });
  expect(await screen.findByText("No comments to decide")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  rules[HELD] = json([judged()]);
  expect(await screen.findByRole("article")).toHaveTextContent("Ines");
});

test("older comments are fetched through the answer's Link header", async () => {
  const link = '</moderation/comments?status=pending&limit=20&before=c1>; rel="next"';
  const { user } = openDesk({
    [HELD]: json([judged()], { headers: { link } }),
    [`${HELD}&before=c1`]: json([judged({ id: "c0", createdAt: "2026-01-01T11:00:00Z" })]),
  });
  await user.click(await screen.findByRole("button", { name: "Older comments" }));
  await waitFor(async () => expect(await rows()).toHaveLength(2));
  expect(screen.queryByRole("button", { name: "Older comments" })).not.toBeInTheDocument();
});

test("while the queue loads the page says so, and when moderation is down it names it", async () => {
  const { unmount } = openDesk({ [HELD]: never, [COUNTS]: never });
  expect(await screen.findByText("Loading comments")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  unmount();
  openDesk({ [HELD]: down("moderation"), [COUNTS]: down("moderation") });
  expect(await screen.findByText(/The moderation service does not answer/)).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});

test("who holds a moderator's token finds the desk from every page", async () => {
  const { user } = openDesk({ "GET /posts": json([]) }, "/");
  await user.click(screen.getByRole("link", { name: "Moderation" }));
  expect(await screen.findByRole("link", { name: "Held 2" })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Moderation" })).toHaveAttribute("aria-current", "page");
  expect(screen.queryByRole("link", { name: "Flow" })).not.toBeInTheDocument();
});

test("a comment that newer ones push off a page that goes on was not decided; one that left the middle was", async () => {
  const link = (before: string) => ({
    headers: { link: `</moderation/comments?status=pending&limit=20&before=${before}>; rel="next"` },
  });
  const [ines, tomas, ada, bo] = ["Ines", "Tomás", "Ada", "Bo"].map((author, at) =>
    judged({ id: author, author, createdAt: `2026-01-0${4 - at}T11:00:00Z` }),
  );
  const late = judged({ id: "Eve", author: "Eve", createdAt: "2026-01-05T11:00:00Z" });
  const { rules } = openDesk({ [HELD]: json([ines, tomas, ada, bo], link("Bo")) });
  await rows();
  rules[HELD] = json([late, ines, ada], link("Ada"));
  await screen.findByRole("button", { name: "Show 1 new comment" });
  expect(await row(1)).toHaveTextContent("Somebody else has decided this");
  expect(await row(3)).toHaveTextContent("Held");
  expect(screen.getAllByText("Somebody else has decided this")).toHaveLength(1);
});

test("a removed comment leaves the desk with its reason, stays away though it is listed still, and the next row has the focus", async () => {
  const gone = () => new Response(null, { status: 204 });
  const { user, sent } = openDesk({ "DELETE /moderation/comments/c1?reason=Rude.": gone });
  await user.click(within(await row()).getByRole("button", { name: "Remove…" }));
  expect(within(await row()).getByLabelText("Reason")).toHaveFocus();
  await user.keyboard("Rude.");
  await user.click(within(await row()).getByRole("button", { name: "Remove" }));
  expect(await screen.findByText(/’s comment was removed\.$/)).toHaveAttribute("role", "status");
  expect(await rows()).toHaveLength(1);
  expect(await row()).toHaveFocus();
  expect(sent.filter(({ call }) => call === HELD).length).toBeGreaterThan(1);
  expect(screen.queryByRole("button", { name: /new comment/ })).not.toBeInTheDocument();
  expect(await violations()).toEqual([]);
});
