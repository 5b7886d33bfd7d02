import { screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { bus, event, pathOf } from "../../../testing/bus.ts";
import { open, violations } from "../../../testing/open.tsx";
import { json } from "../../../testing/services.ts";

beforeEach(() => localStorage.setItem("blogbus:operator-token", '"s3cret"'));

test("a type leads to its contract: fields, example, publisher and consumers, and the address says so", async () => {
  bus();
  const { user } = open("/flow");
  await user.click(within(await row("query")).getByRole("link", { name: "PostCreated" }));
  const panel = within(await screen.findByRole("complementary", { name: "PostCreated" }));
  expect(panel.getByText("A post was written.")).toBeInTheDocument();
  expect(panel.getByText("Published by").nextSibling).toHaveTextContent("posts");
  expect(panel.getByText("Delivered to").nextSibling).toHaveTextContent("query");
  expect(panel.getByText(", optional")).toBeInTheDocument();
  expect(panel.getByRole("region", { name: "example" })).toHaveTextContent('"title": "On order"');
  expect(screen.getByTestId("address")).toHaveTextContent("/flow?contract=PostCreated");
  expect(panel.getByRole("heading", { name: "PostCreated" })).toHaveFocus();
  expect(await violations()).toEqual([]);
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("complementary")).not.toBeInTheDocument();
  expect(within(await row("query")).getByRole("link", { name: "PostCreated" })).toHaveFocus();
});

test("an event's path tells each attempt, what it caused, and how to fetch it without the page", async () => {
  const position = "7";
  const caused = {
    ...event,
    id: "e2",
    type: "PostUpdated",
    causationid: "e1",
    position,
    time: "2026-01-02T10:00:00.250Z",
  };
  const became = {
    storedAt: "2026-01-02T10:00:00.004000Z",
    deliveries: [
      {
        subscription: "query",
        state: "settled",
        nextTry: null,
        attempts: [
          { time: "2026-01-02T10:00:00.010000Z", status: 503, latencyMs: 2.8, error: "answered 503" },
          { time: "2026-01-02T10:00:00.530000Z", status: 200, latencyMs: 41, error: null },
        ],
        attemptsLeftOut: 0,
      },
    ],
  };
  bus({
    "GET /bus/events/e1": json({
      event: { ...event, position, correlationid: "it's one" },
      ...became,
      chain: [
        { ...event, position, ...became },
        { ...caused, storedAt: "2026-01-02T10:00:00.255000Z", deliveries: [] },
      ],
      chainLeftOut: 0,
      now: "2026-01-02T10:00:01.000000Z",
    }),
  });
  open("/flow?event=e1");
  const panel = within(await screen.findByRole("complementary", { name: "PostCreated" }));
  const stops = panel.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(stops).toContain("stored by the bus+4.0 ms");
  expect(stops).toContain("503 in 2.8 ms+10 msanswered 503");
  expect(stops).toContain("200 in 41 ms+530 ms");
  expect(stops).toContain("PostUpdated+250 mspublished by posts, because of PostCreated");
  expect(panel.getByRole("region", { name: "payload" })).toHaveTextContent('"title": "On order"');
  expect(panel.getByRole("region", { name: "command" })).toHaveTextContent(
    "curl -H \"authorization: Bearer $(python3 manage_all.py token operator)\" 'http://localhost:3000/bus/events/e1'",
  );
  expect(panel.getByRole("region", { name: "command for its chain's log lines" })).toHaveTextContent(
    "python3 manage_all.py logs --chain='it'\\''s one'",
  );
  expect(await violations()).toEqual([]);
});

test("who opens another thing of the same name in the panel is at its heading again", async () => {
  bus({ "GET /bus/events/e1": pathOf("e1", ["e1", "e2"]), "GET /bus/events/e2": pathOf("e2", ["e1", "e2"]) });
  const { user } = open("/flow?event=e1");
  const panel = within(await screen.findByRole("complementary", { name: "PostCreated" }));
  const there = async (id: string) => {
    const links = await panel.findAllByRole("link", { name: "PostCreated" });
    await user.click(links.find((link) => link.getAttribute("href")?.endsWith(`event=${id}`)) as HTMLElement);
    expect(screen.getByTestId("address")).toHaveTextContent(`/flow?event=${id}`);
    expect(await panel.findByRole("heading", { name: "PostCreated" })).toHaveFocus();
  };
  await there("e2");
  await there("e1");
  await there("e2");
});

function row(name: string) {
  return screen.findByRole("row", { name: new RegExp(`^${name}`) });
}
