import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { open } from "../../testing/open.tsx";
import { comment, post } from "../../testing/samples.ts";
import { fakeServices, json } from "../../testing/services.ts";

const parser = vi.hoisted(() => {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  return { arrive, arrived };
});
vi.mock("../../lib/markdown/Blocks.tsx", async (load) => {
  await parser.arrived;
  return load();
});

test("a post does not wait long for the parser: its text shows as it was typed, and as it was meant later", async () => {
  const comments = [comment({ content: "*hello*" })];
  fakeServices({ "GET /posts/p1": json(post({ body: "**First** things first.", comments })) });
  open("/post/p1");
  await screen.findByRole("heading", { level: 1, name: "On order" });
  expect(screen.queryByText("**First** things first.")).not.toBeInTheDocument();
  expect(await screen.findByText("**First** things first.")).toBeInTheDocument();
  expect(screen.getByText("*hello*")).toBeInTheDocument();

  await act(async () => parser.arrive());
  expect((await screen.findByText("First")).tagName).toBe("STRONG");
  expect(screen.getByText("hello").tagName).toBe("EM");
});
