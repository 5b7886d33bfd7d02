import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { open, violations } from "../../testing/open.tsx";
import { comment, post, written } from "../../testing/samples.ts";
import { fakeServices, json, problem } from "../../testing/services.ts";
import { asked as streams } from "../../testing/streams.ts";

const POST = "/posts/p1/text";
const COMMENT = "/posts/p1/comments/c9";
const mine = { "blogbus:edit-tokens": { p1: "token-p", c9: "token-c" } };
const ownComment = {
  id: "c9",
  postId: "p1",
  content: "hello",
  author: "",
  createdAt: "2026-01-02T11:00:00Z",
};

function keep(values: Record<string, unknown>) {
  for (const [key, value] of Object.entries(values)) localStorage.setItem(key, JSON.stringify(value));
}

const gone = () => new Response(null, { status: 204 });
const button = (name: string) => screen.getByRole("button", { name });

test("who wrote nothing here is offered neither to edit nor to remove", async () => {
  fakeServices({ "GET /posts/p1": json(post({ comments: [comment()] })) });
  open("/post/p1");
  await screen.findByText("hello");
  expect(screen.queryByRole("button", { name: /Edit|Remove/ })).not.toBeInTheDocument();
});

test("the token of a new post is kept, and edits it: the page shows the new text at once", async () => {
  const fresh = post({ id: "p1", createdAt: new Date().toISOString() });
  const { rules, sent } = fakeServices({
    "GET /posts": json([]),
    "POST /posts/create": json({ ...fresh, editToken: "secret" }, { status: 201 }),
    "GET /posts/p1": json(fresh),
    [`PUT ${POST}`]: json({ ...fresh, title: "On disorder", body: "Anew." }),
  });
  const { user } = open("/");
  await user.type(screen.getByLabelText("Title"), fresh.title);
  await user.click(button("Publish"));
  await user.click(await screen.findByRole("link", { name: fresh.title }));
  await user.click(await screen.findByRole("button", { name: "Edit this post" }));
  const form = screen.getByRole("form", { name: "Edit this post" });
  const title = within(form).getByLabelText("Title");
  expect(title).toHaveFocus();
  expect(title).toHaveValue("On order");
  expect(await violations()).toEqual([]);
  await user.clear(title);
  await user.type(title, "On disorder");
  rules["GET /posts/p1"] = json({ ...fresh, title: "On disorder", body: "Anew." });
  await user.click(within(form).getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("heading", { level: 1, name: "On disorder" })).toBeInTheDocument();
  const edit = sent.find(({ call }) => call === `PUT ${POST}`);
  expect(edit).toMatchObject({ token: "Bearer secret", body: { title: "On disorder", body: fresh.body } });
  await waitFor(() => expect(button("Edit this post")).toHaveFocus());
  expect(localStorage.getItem("blogbus:own-posts")).not.toContain("secret");
});

test("Escape leaves an edit and keeps its words for the next time; Cancel forgets them", async () => {
  keep(mine);
  const { sent } = fakeServices({ "GET /posts/p1": json(post()) });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Edit this post" }));
  await user.type(screen.getByLabelText("Title"), "!{Escape}");
  expect(screen.queryByRole("form", { name: "Edit this post" })).not.toBeInTheDocument();
  expect(button("Edit this post")).toHaveFocus();
  await user.click(button("Edit this post"));
  expect(screen.getByLabelText("Title")).toHaveValue("On order!");
  await user.click(button("Cancel"));
  await user.click(button("Edit this post"));
  expect(screen.getByLabelText("Title")).toHaveValue("On order");
  expect(sent.filter(({ call }) => !call.startsWith("GET "))).toEqual([]);
});

test("an edit that fails says so and keeps the text", async () => {
  keep(mine);
  fakeServices({
    "GET /posts/p1": json(post()),
    [`PUT ${POST}`]: problem(400, "Invalid.", [{ field: "title", detail: "This field may not be blank." }]),
  });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Edit this post" }));
  await user.type(screen.getByLabelText("Title"), "!");
  await user.click(button("Save"));
  expect(await screen.findByText("This field may not be blank.")).toBeInTheDocument();
  expect(screen.getByLabelText("Title")).toHaveValue("On order!");
});

test("a removed post is asked about once, then gone from the list too, though the read model still has it", async () => {
  keep(mine);
  const { sent } = fakeServices({
    "GET /posts/p1": json(post()),
    "GET /posts": json([post(), post({ id: "p2", title: "Stays" })]),
    [`DELETE ${POST}`]: gone,
  });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Remove this post…" }));
  const form = screen.getByRole("form", { name: "Remove this post" });
  expect(within(form).queryByLabelText(/Reason/)).not.toBeInTheDocument();
  expect(await violations()).toEqual([]);
  expect(sent.some(({ call }) => call.startsWith("DELETE"))).toBe(false);
  await user.click(within(form).getByRole("button", { name: "Remove" }));
  expect(await screen.findByRole("link", { name: "Stays" })).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "On order" })).not.toBeInTheDocument();
  expect(sent.find(({ call }) => call === `DELETE ${POST}`)?.token).toBe("Bearer token-p");
});

test("an edited comment waits again with its new text, while the read model still shows the former one", async () => {
  keep({ ...mine, "blogbus:own-comments": [ownComment] });
  const shown = (content: string) =>
    json(post({ comments: [comment({ id: "c9", content, createdAt: ownComment.createdAt })] }));
  const { rules } = fakeServices({
    "GET /posts/p1": shown("hello"),
    [`PUT ${COMMENT}`]: json({ ...written("hello, all"), reason: null }),
  });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Edit this comment" }));
  const form = screen.getByRole("form", { name: "Edit this comment" });
  const field = within(form).getByLabelText("Comment");
  expect(field).toHaveValue("hello");
  await user.type(field, ", all");
  await user.click(within(form).getByRole("button", { name: "Save" }));
  expect(await screen.findByText("hello, all")).toBeInTheDocument();
  expect(screen.getByText(/^Waiting for moderation\./)).toBeInTheDocument();
  rules["GET /posts/p1"] = shown("hello, all");
  expect(await screen.findByText(/^Approved\./)).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});

test("a removed comment is gone, and a refusal says why", async () => {
  keep({ ...mine, "blogbus:own-comments": [ownComment] });
  const { rules } = fakeServices({
    "GET /posts/p1": json(
      post({ comments: [comment({ id: "c9" }), comment({ id: "c2", content: "stays" })] }),
    ),
    [`DELETE ${COMMENT}`]: problem(401, "Invalid token: it is not the editToken of this."),
  });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Remove this comment…" }));
  await user.click(button("Remove"));
  expect(await screen.findByText(/it is not the editToken of this/)).toBeInTheDocument();
  rules[`DELETE ${COMMENT}`] = gone;
  await user.click(button("Remove"));
  await waitFor(() => expect(screen.queryByText("hello")).not.toBeInTheDocument());
  expect(screen.getByText("stays")).toBeInTheDocument();
});

test("a moderator removes others' posts and comments, and says why", async () => {
  keep({ "blogbus:moderator-token": "m" });
  const { sent } = fakeServices({
    "GET /posts": json([]),
    "GET /posts/p1": json(post({ comments: [comment()] })),
    "DELETE /moderation/comments/c1?reason=Rude.": gone,
    "DELETE /moderation/posts/p1": () => new Response(null, { status: 202 }),
  });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Remove this comment…" }));
  await user.type(screen.getByLabelText("Reason"), "Rude.");
  await user.click(button("Remove"));
  await waitFor(() => expect(screen.queryByText("hello")).not.toBeInTheDocument());
  expect(screen.queryByRole("button", { name: /Edit/ })).not.toBeInTheDocument();
  await user.click(button("Remove this post…"));
  await user.click(button("Remove"));
  expect(await screen.findByText("Nothing has been written yet")).toBeInTheDocument();
  const removals = sent.filter(({ call }) => call.startsWith("DELETE"));
  expect(removals.map(({ token }) => token)).toEqual(["Bearer m", "Bearer m"]);
});

test("an own comment that a moderator removes goes from its author's page too", async () => {
  keep({ ...mine, "blogbus:own-comments": [ownComment] });
  const { rules } = fakeServices({ "GET /posts/p1": json(post({ comments: [comment({ id: "c9" })] })) });
  open("/post/p1");
  await screen.findByText(/^Approved\./);
  rules["GET /posts/p1"] = json(post());
  act(() => streams.current.open());
  act(() => streams.current.say("post", { id: "p1" }));
  expect(await screen.findByText("No comments yet")).toBeInTheDocument();
});

test("what is removed already is gone when it is removed again, also while others' comments wait", async () => {
  keep({ ...mine, "blogbus:own-comments": [ownComment] });
  fakeServices({
    "GET /posts/p1": json(
      post({ comments: [comment({ id: "c9" }), comment({ id: "c2", content: "stays" })] }),
    ),
    [`DELETE ${COMMENT}`]: problem(404, "There is no comment c9 here."),
  });
  const { user } = open("/post/p1");
  await user.type(await screen.findByLabelText("Comment"), "I write");
  await user.click(button("Remove this comment…"));
  expect(button("Cancel")).toHaveFocus();
  await user.click(button("Remove"));
  await waitFor(() => expect(screen.queryByText("hello")).not.toBeInTheDocument());
  expect(screen.getByText("stays")).toBeInTheDocument();
  expect(screen.getByRole("heading", { level: 2 })).toHaveFocus();
  expect(localStorage.getItem("blogbus:own-comments")).toBe("[]");
});

test("a post that was removed while it is read stays, and the page says so", async () => {
  const { rules } = fakeServices({ "GET /posts/p1": json(post()) });
  open("/post/p1");
  await screen.findByRole("heading", { level: 1, name: "On order" });
  rules["GET /posts/p1"] = problem(404, "There is no post p1 here.");
  act(() => streams.current.open());
  act(() => streams.current.say("post", { id: "p1" }));
  expect(await screen.findByText(/This post is not there any more/)).toBeInTheDocument();
});

/** A call that is answered when the test says so. */
function later() {
  let answer: (response: Response) => void = () => {};
  return {
    reply: () => new Promise<Response>((resolve) => (answer = resolve)),
    answer: (response: Response) => answer(response),
  };
}

test("what is on its way is not left: neither an edit nor a removal is cancelled that happens all the same", async () => {
  keep(mine);
  const [edit, removal] = [later(), later()];
  fakeServices({
    "GET /posts/p1": json(post()),
    "GET /posts": json([]),
    [`PUT ${POST}`]: edit.reply,
    [`DELETE ${POST}`]: removal.reply,
  });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Edit this post" }));
  await user.type(screen.getByLabelText("Title"), "!");
  await user.click(button("Save"));
  await user.keyboard("{Escape}");
  await user.click(button("Cancel"));
  expect(screen.getByLabelText("Title")).toHaveValue("On order!");
  act(() => edit.answer(problem(503, "Try again.")));
  expect(await screen.findByText(/Try again/)).toBeInTheDocument();
  await user.click(button("Cancel"));

  await user.click(button("Remove this post…"));
  await user.click(button("Remove"));
  await user.keyboard("{Escape}");
  await user.click(button("Cancel"));
  expect(screen.getByRole("form", { name: "Remove this post" })).toBeInTheDocument();
  act(() => removal.answer(gone()));
  expect(await screen.findByText("Nothing has been written yet")).toBeInTheDocument();
});

test("who went on while a post is removed stays where they are", async () => {
  keep(mine);
  const removal = later();
  fakeServices({
    "GET /posts/p1": json(post()),
    "GET /posts/p2": json(post({ id: "p2", title: "Another" })),
    "GET /posts": json([post(), post({ id: "p2", title: "Another" })]),
    [`DELETE ${POST}`]: removal.reply,
  });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Remove this post…" }));
  await user.click(button("Remove"));
  await user.click(screen.getByRole("link", { name: "All posts" }));
  await user.click(await screen.findByRole("link", { name: "Another" }));
  await user.type(await screen.findByLabelText("Comment"), "I write");
  act(() => removal.answer(gone()));
  await waitFor(() => expect(sessionStorage.getItem("blogbus:tab:removed") ?? "").toContain("p1"));
  await user.keyboard(" on");
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/post\/p2$/);
  expect(screen.getByLabelText("Comment")).toHaveFocus();
});

test("a late answer takes the keyboard from nobody", async () => {
  keep({ ...mine, "blogbus:own-comments": [ownComment] });
  const [edit, removal] = [later(), later()];
  fakeServices({
    "GET /posts/p1": json(post({ comments: [comment({ id: "c9" })] })),
    [`PUT ${POST}`]: edit.reply,
    [`DELETE ${COMMENT}`]: removal.reply,
  });
  const { user } = open("/post/p1");
  await user.click(await screen.findByRole("button", { name: "Edit this post" }));
  await user.type(screen.getByLabelText("Title"), "!");
  await user.click(button("Save"));
  await user.click(button("Remove this comment…"));
  await user.click(button("Remove"));
  await user.type(screen.getByLabelText("Comment"), "I write");
  act(() => edit.answer(json(post({ title: "On order!" }))));
  await screen.findByRole("button", { name: "Edit this post" });
  expect(screen.getByLabelText("Comment")).toHaveFocus();
  act(() => removal.answer(gone()));
  await waitFor(() => expect(screen.queryByText("hello")).not.toBeInTheDocument());
  expect(screen.getByLabelText("Comment")).toHaveFocus();
});
