import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { bus, SUBSCRIPTIONS, subscription } from "../../../testing/bus.ts";
import { open, violations } from "../../../testing/open.tsx";
import { down, json, problem } from "../../../testing/services.ts";

const URL = "http://localhost:4003/events";
const PUT = "PUT /bus/subscriptions/moderation";

beforeEach(() => localStorage.setItem("blogbus:operator-token", '"s3cret"'));

test("a service is subscribed with the keyboard alone, and the focus comes back", async () => {
  const { sent } = bus({ [PUT]: json({ name: "moderation" }) });
  const { user } = open("/flow");
  (await screen.findByRole("link", { name: "Subscribe a service" })).focus();
  await user.keyboard("{Enter}");
  expect(await screen.findByRole("heading", { name: "Subscribe a service" })).toHaveFocus();
  expect(await violations()).toEqual([]);
  await user.tab();
  await user.keyboard("moderation");
  await user.tab();
  await user.keyboard(URL);
  await user.tab();
  await user.keyboard(" ");
  await user.tab();
  await user.keyboard("PostLiked, PostShared PostCreated");
  await user.tab();
  await user.keyboard("{ArrowDown}");
  await user.tab();
  await user.keyboard("{ArrowDown}");
  await user.tab();
  await user.keyboard("{Enter}");
  expect(
    await screen.findByText(`moderation gets PostCreated, PostLiked, PostShared at ${URL}.`),
  ).toBeInTheDocument();
  expect(sent.find(({ call }) => call === PUT)).toMatchObject({
    body: {
      url: URL,
      types: ["PostCreated", "PostLiked", "PostShared"],
      batchSize: 500,
      format: "batch",
      catchUp: "self",
    },
    token: "Bearer s3cret",
  });
  await waitFor(() => expect(screen.getByRole("link", { name: "Subscribe a service" })).toHaveFocus());
  expect(screen.queryByRole("complementary")).not.toBeInTheDocument();
});

test.each([
  ["url", "URL", "10.0.0.7 is not on the bus's allow-list (EVENTBUS_ALLOWED_HOSTS)."],
  ["types.0", "Events", "This field may not be longer than 255 characters."],
  ["types", "Events", "Ensure this field has no more than 100 elements."],
])(
  "what the bus says of %s stands at the field, and the form keeps what was typed",
  async (field, label, detail) => {
    bus({ [PUT]: problem(400, "The request is not valid.", [{ field, detail }]) });
    const { user, form } = await filled();
    await user.click(form.getByRole("button", { name: "Subscribe" }));
    expect(await form.findByText(detail)).toBeInTheDocument();
    const at = label === "URL" ? form.getByLabelText(label) : form.getByRole("group", { name: label });
    expect(at).toHaveAccessibleDescription(detail);
    expect(at).toHaveFocus();
    expect(form.getByLabelText("URL")).toHaveValue(URL);
    expect(form.getByRole("checkbox", { name: /PostCreated/ })).toBeChecked();
    expect(form.getByRole("alert")).toBeEmptyDOMElement();
    expect(await violations()).toEqual([]);
  },
);

test("what is left out or can be no name is said before anything is sent", async () => {
  const { sent } = bus();
  const { user } = open("/flow?subscribe=new");
  const form = within(await screen.findByRole("form", { name: "Subscribe a service" }));
  await user.click(form.getByRole("button", { name: "Subscribe" }));
  expect(form.getByLabelText("Name")).toHaveAccessibleDescription("Give the subscription a name.");
  expect(form.getByLabelText("URL")).toHaveAccessibleDescription("Say where the service takes events.");
  await user.type(form.getByLabelText("Name"), "My Service");
  await user.type(form.getByLabelText("URL"), URL);
  await user.click(form.getByRole("button", { name: "Subscribe" }));
  expect(await form.findByText("Choose at least one event.")).toBeInTheDocument();
  expect(form.getByLabelText("Name")).toHaveAccessibleDescription(/^Begin with a lower-case letter/);
  expect(sent.filter(({ call }) => call.startsWith("PUT"))).toEqual([]);
});

test("a bus that does not answer is named, and the next try goes through", async () => {
  const { rules } = bus({ [PUT]: down("event bus") });
  const { user, form } = await filled();
  await user.click(form.getByRole("button", { name: "Subscribe" }));
  expect(await form.findByText("The event bus service does not answer.")).toBeInTheDocument();
  rules[PUT] = json({ name: "moderation" });
  await user.click(form.getByRole("button", { name: "Subscribe" }));
  expect(await screen.findByText(/^moderation gets PostCreated at/)).toBeInTheDocument();
});

test("a name that is taken is said to be, before it is replaced", async () => {
  bus({ [SUBSCRIPTIONS]: json([subscription({ name: "moderation" })]) });
  const { form } = await filled();
  expect(await form.findByText(/^moderation is already subscribed/)).toBeInTheDocument();
  expect(form.getByRole("button", { name: "Change the subscription" })).toBeInTheDocument();
});

test("a subscription is removed after a question, and not without an answer", async () => {
  const { sent, rules } = bus({
    [SUBSCRIPTIONS]: json([subscription({ name: "moderation" })]),
    "DELETE /bus/subscriptions/moderation": () => {
      rules[SUBSCRIPTIONS] = json([]);
      return new Response(null, { status: 204 });
    },
  });
  const { user } = open("/flow");
  const row = within(await screen.findByRole("row", { name: /^moderation/ }));
  await user.click(row.getByRole("link", { name: "moderation" }));
  const panel = within(await screen.findByRole("complementary", { name: "moderation" }));
  expect(panel.getByText(/^Delivers events to .* again.* applies them twice\.$/)).toBeInTheDocument();
  await user.click(panel.getByRole("button", { name: "Remove moderation" }));
  expect(panel.getByRole("button", { name: "Keep" })).toHaveFocus();
  await user.keyboard("{Enter}");
  expect(panel.getByRole("button", { name: "Remove moderation" })).toHaveFocus();
  expect(sent.filter(({ call }) => call.startsWith("DELETE"))).toEqual([]);
  await user.keyboard("{Enter}");
  expect(await violations()).toEqual([]);
  await user.click(panel.getByRole("button", { name: "Remove" }));
  expect(await screen.findByText("moderation is not subscribed any more.")).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByRole("complementary")).not.toBeInTheDocument());
});

test("of a service of ours it is said that it comes back; one that fails to go stays", async () => {
  bus({
    [SUBSCRIPTIONS]: json([subscription({ inboxId: "5c6f2a9e-6f0b-4f0e-9a53-0d9f8a1c7b11" })]),
    "DELETE /bus/subscriptions/query": down("event bus"),
  });
  const { user } = open("/flow?subscription=query");
  const panel = within(await screen.findByRole("complementary", { name: "query" }));
  expect(panel.getByText(/^query was made with Blogbus: while it runs/)).toBeInTheDocument();
  expect(panel.getByText(/^Delivers events to .* again.* Its inbox skips events/)).toBeInTheDocument();
  await user.click(panel.getByRole("button", { name: "Remove query" }));
  await user.click(panel.getByRole("button", { name: "Remove" }));
  expect(await screen.findByText("The event bus service does not answer.")).toBeInTheDocument();
  expect(screen.getByRole("complementary", { name: "query" })).toBeInTheDocument();
});

async function filled() {
  const { user } = open("/flow?subscribe=new");
  const form = within(await screen.findByRole("form", { name: "Subscribe a service" }));
  await user.type(form.getByLabelText("Name"), "moderation");
  await user.type(form.getByLabelText("URL"), URL);
  await user.click(form.getByRole("checkbox", { name: /PostCreated/ }));
  return { user, form };
}
