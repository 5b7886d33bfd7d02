import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { bus, event } from "../../../testing/bus.ts";
import { open, violations } from "../../../testing/open.tsx";
import { json } from "../../../testing/services.ts";

beforeEach(() => localStorage.setItem("blogbus:operator-token", '"s3cret"'));

test("what the address narrows the list to is asked of the bus, and shows in the filters", async () => {
  const { sent } = bus({ "GET /bus/events?limit=100&source=%2Fposts&subject=p1": json([]) });
  const { user } = open("/flow?subject=p1&service=posts");
  expect(await screen.findByText("No event matches.")).toBeInTheDocument();
  expect(screen.getByLabelText("Subject")).toHaveValue("p1");
  expect(screen.getByLabelText("Service")).toHaveValue("posts");
  expect(sent.map(({ call }) => call)).toContain("GET /bus/events?limit=100&source=%2Fposts&subject=p1");
  await user.click(screen.getByRole("link", { name: "Clear filters" }));
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/flow$/);
});

test("the subject is the field's own while one types; the address follows after the last letter, or at once", async () => {
  const { sent } = bus({
    "GET /bus/events?limit=100&subject=p1": json([]),
    "GET /bus/events?limit=100&subject=p12": json([]),
  });
  const { user } = open("/flow");
  const field = await screen.findByLabelText("Subject");
  for (const value of ["p", "p1"]) fireEvent.change(field, { target: { value } });
  expect(field).toHaveValue("p1");
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/flow$/);
  await waitFor(() => expect(screen.getByTestId("address")).toHaveTextContent("/flow?subject=p1"));
  expect(sent.map(({ call }) => call)).not.toContain("GET /bus/events?limit=100&subject=p");

  await user.type(field, "2{Enter}");
  expect(screen.getByTestId("address")).toHaveTextContent("/flow?subject=p12");
  expect(field).toHaveValue("p12");
  fireEvent.change(field, { target: { value: "p1" } });
  fireEvent.blur(field);
  await waitFor(() => expect(screen.getByTestId("address")).toHaveTextContent(/subject=p1$/));
});

test("an address that comes late takes no letter away from who types on", async () => {
  bus();
  open("/flow");
  const field = await screen.findByLabelText("Subject");
  act(() => {
    fireEvent.change(field, { target: { value: "p1" } });
    fireEvent.keyDown(field, { key: "Enter" });
    fireEvent.change(field, { target: { value: "p12" } });
  });
  expect(screen.getByTestId("address")).toHaveTextContent(/subject=p1$/);
  expect(field).toHaveValue("p12");
  await waitFor(() => expect(screen.getByTestId("address")).toHaveTextContent(/subject=p12$/));
});

test("the subject follows the address when a link changes it, also while letters still wait", async () => {
  bus();
  const { user } = open("/flow?type=PostCreated");
  const field = await screen.findByLabelText("Subject");
  fireEvent.change(field, { target: { value: "p1" } });
  fireEvent.click(screen.getByRole("link", { name: "Clear filters" }));
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/flow$/);
  expect(field).toHaveValue("");
  await user.type(field, "p1{Enter}");
  await user.click(screen.getByRole("link", { name: "Clear filters" }));
  expect(field).toHaveValue("");
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/flow$/);
});

test("events are searched by text, by the start of an id and by time, and it is said what is searched", async () => {
  const found = { ...event, data: { id: "p1", title: "Which hill?" }, position: "7", deliveries: [] };
  const { sent } = bus({
    "GET /bus/events?limit=100&text=hill": json([found]),
    "GET /bus/events?limit=100&text=hill&id=e1": json([found]),
  });
  const { user } = open("/flow");
  await user.type(await screen.findByLabelText("Text"), "hill{Enter}");
  expect(await screen.findByText(/^1 event; no older ones; times in /)).toBeInTheDocument();
  expect(screen.getByText(/^Searches the first 200 characters of each text/)).toBeInTheDocument();
  await user.type(screen.getByLabelText("Event id"), "e1{Enter}");
  expect(screen.getByTestId("address")).toHaveTextContent("/flow?text=hill&id=e1");
  const from = new Date(2026, 0, 2, 10);
  const since = from.toISOString();
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-01-02T10:00:00" } });
  const all = `GET /bus/events?limit=100&text=hill&id=e1&since=${encodeURIComponent(since)}`;
  await waitFor(() => expect(sent.map(({ call }) => call)).toContain(all));
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("link", { name: "Clear filters" }));
  expect(screen.getByTestId("address")).toHaveTextContent(/^\/flow$/);
  expect(screen.getByLabelText("Text")).toHaveValue("");
});

test("the bus is not asked for the years that a typed one passes, and half a time takes no filter away", async () => {
  const { sent } = bus();
  open("/flow?since=2026-01-02T10:00:00.000Z");
  const field = await screen.findByLabelText<HTMLInputElement>("From");
  for (const value of ["0002-03-04T10:00:00", "0020-03-04T10:00:00"]) {
    fireEvent.change(field, { target: { value } });
  }
  Object.defineProperty(field.validity, "badInput", { value: true, configurable: true });
  fireEvent.change(field, { target: { value: "" } });
  fireEvent.blur(field);
  expect(screen.getByTestId("address")).toHaveTextContent("since=2026-01-02T10:00:00.000Z");
  Object.defineProperty(field.validity, "badInput", { value: false });
  fireEvent.change(field, { target: { value: "2025-03-04T10:00:00" } });
  const since = encodeURIComponent(new Date(2025, 2, 4, 10).toISOString());
  await waitFor(() =>
    expect(sent.map(({ call }) => call)).toContain(`GET /bus/events?limit=100&since=${since}`),
  );
  expect(sent.filter(({ call }) => call.includes("since=00"))).toEqual([]);
});

test("an event of a leap second is listed, also by time", async () => {
  const leap = { ...event, time: "2016-12-31T23:59:60Z", position: "7", deliveries: [] };
  const { rules } = bus({ "GET /bus/events?limit=100&since=2016-12-31T23%3A59%3A00.000Z": json([]) });
  open("/flow?since=2016-12-31T23:59:00.000Z");
  expect(await screen.findByText("No event matches.")).toBeInTheDocument();
  rules["GET /bus/events?limit=100"] = json([leap]);
  expect(await screen.findByText(/^1 event;/, {}, { timeout: 5_000 })).toBeInTheDocument();
});

test("a time in the address that is none filters nothing", async () => {
  bus({ "GET /bus/events?limit=100": json([{ ...event, position: "7", deliveries: [] }]) });
  open("/flow?since=tomorrow&until=2026-13-01T00:00:00Z");
  expect(await screen.findByText(/^1 event;/)).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "Clear filters" })).not.toBeInTheDocument();
});
