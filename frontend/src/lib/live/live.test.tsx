import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { open } from "../../testing/open.tsx";
import { comment, post } from "../../testing/samples.ts";
import { fakeServices, json } from "../../testing/services.ts";
import { look, asked as streams } from "../../testing/streams.ts";

const READ = "GET /posts/p1";
const LIST = "GET /posts";

beforeEach(() => vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => vi.useRealTimers());

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

async function openPost() {
  const services = fakeServices({ [READ]: json(post()), [LIST]: json([post()]) });
  const view = open("/post/p1");
  await screen.findByRole("heading", { level: 1, name: "On order" });
  const asked = (call = READ) => services.sent.filter((sent) => sent.call === call).length;
  return { ...services, ...view, asked };
}

async function streaming() {
  const page = await openPost();
  act(() => streams.current.open());
  await waitFor(() => expect(page.asked()).toBe(2));
  await pass(300);
  return page;
}

test("what the stream names is fetched and shown, without a reload", async () => {
  const { rules } = await streaming();
  rules[READ] = json(post({ comments: [comment({ content: "hello" })] }));
  act(() => streams.current.say("post", { id: "p1" }));
  expect(await screen.findByText("hello")).toBeInTheDocument();
});

test("a change of another post fetches nothing for this one", async () => {
  const { asked } = await streaming();
  act(() => streams.current.say("post", { id: "p2" }));
  await pass(1_000);
  expect(asked()).toBe(2);
});

test("a stream that lost track, or came back, has all fetched anew", async () => {
  const { asked } = await streaming();
  act(() => streams.current.say("reset", {}));
  await waitFor(() => expect(asked()).toBe(3));
  await pass(300);
  act(() => streams.current.break());
  await pass(2_000);
  act(() => streams.current.open());
  await waitFor(() => expect(asked()).toBe(4));
});

test("a burst is fetched once at once, and once more for the rest of it", async () => {
  const { rules, asked } = await streaming();
  let answer: (response: Response) => void = () => {};
  rules[READ] = () => new Promise<Response>((resolve) => (answer = resolve));
  act(() => {
    for (let n = 0; n < 100; n += 1) streams.current.say("post", { id: "p1" });
  });
  await waitFor(() => expect(asked()).toBe(3));
  await pass(1_000);
  expect(asked()).toBe(3);
  rules[READ] = json(post({ title: "The last word" }));
  answer(json(post({ title: "In between" })));
  expect(await screen.findByRole("heading", { level: 1, name: "The last word" })).toBeInTheDocument();
  await pass(1_000);
  expect(asked()).toBe(4);
});

test("with the stream open the page asks seldom, and without it as often as it must", async () => {
  const { asked } = await streaming();
  await pass(19_000);
  expect(asked()).toBe(2);
  await pass(2_000);
  expect(asked()).toBe(3);
  act(() => streams.current.break());
  await pass(11_000);
  expect(asked()).toBe(5);
});

test("a stream that is refused is asked for again, ever more seldom, and no sooner", async () => {
  await openPost();
  act(() => streams.current.refuse());
  await pass(900);
  expect(streams.all).toHaveLength(1);
  await pass(1_200);
  expect(streams.all).toHaveLength(2);
  act(() => streams.current.refuse());
  await pass(1_900);
  expect(streams.all).toHaveLength(2);
  await pass(2_200);
  expect(streams.all).toHaveLength(3);
});

test("a hidden tab lets its stream go, and catches up when it is looked at", async () => {
  const { asked } = await streaming();
  act(() => look("hidden"));
  expect(streams.all.map(({ isOver }) => isOver)).toEqual([true]);
  await pass(60_000);
  expect(asked()).toBe(2);
  act(() => look("visible"));
  await pass(0);
  act(() => streams.current.open());
  await waitFor(() => expect(asked()).toBeGreaterThan(2));
});

test("from page to page the stream stays one and the same", async () => {
  const { user, asked } = await streaming();
  await user.click(screen.getByRole("link", { name: "All posts" }));
  await waitFor(() => expect(asked(LIST)).toBe(1));
  expect(streams.all).toHaveLength(1);
  act(() => streams.current.say("post", { id: "p1" }));
  await waitFor(() => expect(asked(LIST)).toBe(2));
});

test("the last page that listens takes the stream with it", async () => {
  const { unmount } = await streaming();
  unmount();
  await pass(0);
  expect(streams.all.map(({ isOver }) => isOver)).toEqual([true]);
});
