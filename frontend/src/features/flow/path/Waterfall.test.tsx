import { screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { bus, event } from "../../../testing/bus.ts";
import { open, violations } from "../../../testing/open.tsx";
import { json } from "../../../testing/services.ts";
import type { Path } from "../types.ts";

beforeEach(() => localStorage.setItem("blogbus:operator-token", '"s3cret"'));

const became = {
  storedAt: "2026-01-02T10:00:00.004000Z",
  deliveries: [
    {
      subscription: "moderation",
      state: "dead" as const,
      nextTry: null,
      attempts: [{ time: "2026-01-02T10:00:00.010000Z", status: 500, latencyMs: 8, error: "answered 500" }],
      attemptsLeftOut: 0,
    },
    {
      subscription: "query",
      state: "settled" as const,
      nextTry: null,
      attempts: [{ time: "2026-01-02T10:00:00.016000Z", status: 200, latencyMs: 8, error: null }],
      attemptsLeftOut: 0,
    },
  ],
};

test("the whole chain is told event by event: what waited, what worked, what failed", async () => {
  serve(2);
  const { user } = open("/flow?event=e1");
  const waterfall = await findWaterfall();
  const [first, second] = waterfall
    .getAllByRole("listitem")
    .filter(({ parentElement }) => parentElement?.tagName === "OL");
  expect(first).toHaveAttribute("aria-current", "step");
  expect(linesOf(first)).toEqual([
    "PostCreated: stored after 4.0 ms",
    "moderation: waited 6.0 ms, failed once in 8.0 ms, dead letter for 2.0 h",
    "query: waited 12 ms, worked 8.0 ms",
  ]);
  expect(second).not.toHaveAttribute("aria-current");
  expect(linesOf(second)[0]).toBe("PostCreated: stored after 4.0 ms");
  expect(waterfall.getByText("In all").parentElement).toHaveTextContent("In all 2.0 h");
  expect(await violations()).toEqual([]);

  await user.click(within(second as HTMLElement).getByRole("link", { name: "PostCreated" }));
  expect(screen.getByTestId("address")).toHaveTextContent("/flow?event=e2");
});

test("of a long chain the beginning is drawn, and the rest if wanted; what the bus left out is said", async () => {
  serve(25, 7);
  const { user } = open("/flow?event=e1");
  const waterfall = await findWaterfall();
  const stored = () => waterfall.getAllByText("stored after 4.0 ms").length;
  expect(stored()).toBe(20);
  await user.click(waterfall.getByRole("button", { name: "Show all 25 events" }));
  expect(stored()).toBe(25);
  expect(waterfall.getByRole("button", { name: "Show the first 20" })).toHaveFocus();
  expect(waterfall.getByText("7 more events of this chain are not shown.")).toBeInTheDocument();
});

function serve(count: number, chainLeftOut = 0) {
  const chain = Array.from({ length: count }, (_, index) => ({
    ...event,
    id: `e${index + 1}`,
    position: `${index}`,
    ...became,
  }));
  const answer: Path = {
    now: "2026-01-02T12:00:00.018000Z",
    event: { ...event, position: "0" },
    ...became,
    chain,
    chainLeftOut,
  };
  bus({ "GET /bus/events/e1": json(answer) });
}

async function findWaterfall() {
  const title = await screen.findByRole("heading", { name: "Waterfall" });
  return within(title.parentElement as HTMLElement);
}

function linesOf(row: HTMLElement | undefined) {
  return [...(row?.querySelectorAll("p") ?? [])].map(({ textContent }) => textContent);
}
