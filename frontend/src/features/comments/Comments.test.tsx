import { act, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { open, violations } from "../../testing/open.tsx";
import { comment, post, written } from "../../testing/samples.ts";
import { down, fakeServices, json } from "../../testing/services.ts";
import { asked as streams } from "../../testing/streams.ts";

const READ = "GET /posts/p1";
const WRITE = "POST /posts/p1/comments";

async function writeComment(content: string) {
  const services = fakeServices({ [READ]: json(post()), [WRITE]: json(written(content), { status: 201 }) });
  const { user, unmount } = open("/post/p1");
  await user.type(await screen.findByLabelText("Comment"), content);
  await user.click(screen.getByRole("button", { name: "Send" }));
  await screen.findByRole("listitem");
  return { ...services, unmount };
}

function read(
  content: string | null,
  status: "pending" | "approved" | "rejected",
  reason: string | null = null,
) {
  const { id, createdAt } = written("");
  return json(post({ comments: [comment({ id, author: "", content, status, reason, createdAt })] }));
}

test("a new comment shows at once with its text, waiting for moderation", async () => {
  const { sent } = await writeComment("hello");
  expect(screen.getByRole("listitem")).toHaveTextContent(
    "Anonymous just nowhelloWaiting for moderation. No other reader sees this text.",
  );
  expect(sent.find(({ call }) => call === WRITE)?.body).toEqual({ content: "hello", author: "" });
  expect(screen.getByLabelText("Comment")).toHaveValue("");
  expect(screen.getByText("Your comment “hello” is waiting for moderation.")).toHaveAttribute(
    "role",
    "status",
  );
  expect(await violations()).toEqual([]);
});

test("it turns approved by itself, and the turn is spoken", async () => {
  const { rules } = await writeComment("hello");
  rules[READ] = read("hello", "approved");
  expect(await screen.findByText(/^Approved\./)).toBeInTheDocument();
  expect(screen.getByText("Your comment “hello” was approved.")).toHaveAttribute("role", "status");
  expect(screen.getAllByRole("listitem")).toHaveLength(1);
  expect(await violations()).toEqual([]);
});

test("it turns rejected by itself, with the reason, and its author keeps the text, over a reload too", async () => {
  const { rules, unmount } = await writeComment("orange");
  rules[READ] = read(null, "rejected", "It contains the banned word “orange”.");
  const verdict = "Rejected. It contains the banned word “orange”. No other reader sees this text.";
  expect(await screen.findByText(/^Rejected\./)).toHaveTextContent(verdict);
  expect(screen.getByText("orange")).toBeInTheDocument();
  expect(
    screen.getByText("Your comment “orange” was rejected. It contains the banned word “orange”."),
  ).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  unmount();
  open("/post/p1");
  expect(await screen.findByText("orange")).toBeInTheDocument();
});

test("what others write meanwhile waits until it is asked for, or until the own comment is sent", async () => {
  const first = comment({ id: "c1", content: "first" });
  const { rules } = fakeServices({
    [READ]: json(post({ comments: [first] })),
    [WRITE]: json(written("mine"), { status: 201 }),
  });
  const { user } = open("/post/p1");
  await user.type(await screen.findByLabelText("Comment"), "mi");
  rules[READ] = json(post({ comments: [first, comment({ id: "c2", content: "second" })] }));
  act(() => streams.current.open());
  await user.click(await screen.findByRole("button", { name: "Show 1 new comment" }));
  expect(screen.getAllByRole("listitem")).toHaveLength(2);
  expect(screen.queryByRole("button", { name: /Show/ })).not.toBeInTheDocument();
  expect(screen.getByLabelText("Comment")).toHaveFocus();

  await user.type(screen.getByLabelText("Comment"), "n");
  rules[READ] = json(post({ comments: ["c1", "c2", "c3"].map((id) => comment({ id, content: id })) }));
  act(() => streams.current.say("post", { id: "p1" }));
  await screen.findByRole("button", { name: "Show 1 new comment" });
  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    expect.stringContaining("c1"),
    expect.stringContaining("c2"),
  ]);
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Send" }));
  await screen.findByText("c3");
  expect(screen.getAllByRole("listitem")).toHaveLength(4);
});

test("other readers are told about a comment that waits or was rejected, not what it says or who wrote it", async () => {
  const comments = [
    comment({ id: "c1", content: null, status: "rejected", reason: "It contains the banned word “orange”." }),
    comment({ id: "c2", content: null, status: "pending" }),
  ];
  fakeServices({ [READ]: json(post({ comments })) });
  open("/post/p1");
  expect(await screen.findByText("This comment was rejected.")).toBeInTheDocument();
  expect(screen.getByText("This comment is waiting for moderation.")).toBeInTheDocument();
  expect(screen.queryByText(/No other reader/)).not.toBeInTheDocument();
  expect(screen.queryByText(/Ines|Anonymous/)).not.toBeInTheDocument();
  expect(await violations()).toEqual([]);
});

test("a send that fails keeps the draft, names the service, and can be sent again", async () => {
  const { rules } = fakeServices({ [READ]: json(post()), [WRITE]: down("comments") });
  const { user } = open("/post/p1");
  await user.type(await screen.findByLabelText("Comment"), "hello");
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText(/The comments service does not answer/)).toBeInTheDocument();
  expect(screen.getByLabelText("Comment")).toHaveValue("hello");
  expect(await violations()).toEqual([]);
  rules[WRITE] = json(written("hello"), { status: 201 });
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText(/Waiting for moderation/)).toBeInTheDocument();
  expect(screen.queryByText(/does not answer/)).not.toBeInTheDocument();
});

test("the same words sent again are the same write, other words are another", async () => {
  const { sent } = fakeServices({ [READ]: json(post()), [WRITE]: down("comments") });
  const { user } = open("/post/p1");
  await user.type(await screen.findByLabelText("Comment"), "hello");
  const send = async () => {
    await user.click(screen.getByRole("button", { name: "Send" }));
    await screen.findByText(/The comments service does not answer/);
    return sent.filter(({ call }) => call === WRITE).at(-1)?.key;
  };
  const first = await send();
  const again = await send();
  await user.type(screen.getByLabelText("Comment"), "!");
  const other = await send();
  expect(first).toMatch(/^[0-9a-z-]{10,}$/);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test("while a comment is on its way it cannot be sent twice", async () => {
  let answer: (response: Response) => void = () => {};
  const { sent } = fakeServices({
    [READ]: json(post()),
    [WRITE]: () => new Promise<Response>((resolve) => (answer = resolve)),
  });
  const { user } = open("/post/p1");
  await user.type(await screen.findByLabelText("Comment"), "hello");
  await user.click(screen.getByRole("button", { name: "Send" }));
  await user.click(screen.getByRole("button", { name: "Sending…" }));
  answer(json(written("hello"), { status: 201 }));
  await screen.findByRole("listitem");
  expect(sent.filter(({ call }) => call === WRITE)).toHaveLength(1);
});

test("of a long thread the newest are shown, and it says so", async () => {
  const { unmount, rules } = await writeComment("mine");
  rules[READ] = json(post({ commentCount: 80, comments: [comment({ createdAt: "2100-01-01T00:00:00Z" })] }));
  unmount();
  open("/post/p1");
  expect(await screen.findByText("These are the newest 1.")).toBeInTheDocument();
  await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(1));
  expect(screen.getByRole("heading", { level: 2 })).toHaveTextContent("80 comments");
});
