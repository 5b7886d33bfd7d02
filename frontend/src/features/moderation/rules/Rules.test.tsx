import { screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { judged } from "../../../testing/judged.ts";
import { open, violations } from "../../../testing/open.tsx";
import { down, fakeServices, json, problem } from "../../../testing/services.ts";

const RULES = "/moderation/rules";
const PREVIEW = `GET ${RULES}/preview?kind=banned%20word&text=pear`;
const rule = {
  id: "r1",
  kind: "banned word",
  text: "pear",
  addedBy: "ann",
  addedAt: new Date().toISOString(),
};

beforeEach(() => localStorage.setItem("blogbus:moderator-token", '"s3cret"'));

function openRules(rules: Parameters<typeof fakeServices>[0] = {}) {
  const services = fakeServices({
    [`GET ${RULES}`]: json({ environment: ["orange"], added: [] }),
    ...rules,
  });
  return { ...services, ...open("/moderate/rules") };
}

test("a moderator sees what a word would have caught, adds it, and removes it", async () => {
  const { user, rules, sent } = openRules({
    [PREVIEW]: json({ examined: 500, caught: 12, examples: [judged({ content: "a pear" })] }),
    [`POST ${RULES}`]: json(rule, { status: 201 }),
    [`DELETE ${RULES}/r1`]: () => new Response(null, { status: 204 }),
  });
  const words = await screen.findByRole("list", { name: "Banned words" });
  expect(within(words).getByRole("listitem")).toHaveTextContent("orangealways, by MODERATION_BANNED_WORDS");
  expect(screen.getByText("No site is allowed.")).toBeInTheDocument();
  expect(document.title).toBe("Rules · Blogbus");

  await user.type(screen.getByRole("textbox", { name: "Ban a word" }), "pear");
  expect(await screen.findByText("It would have rejected 12 of the last 500 comments.")).toBeInTheDocument();
  expect(await violations()).toEqual([]);

  rules[`GET ${RULES}`] = json({ environment: ["orange"], added: [rule] });
  await user.keyboard("{Enter}");
  expect(await screen.findByText("pear was added.")).toHaveAttribute("role", "status");
  expect(screen.getByRole("textbox", { name: "Ban a word" })).toHaveValue("");
  expect(sent.find(({ call }) => call === `POST ${RULES}`)?.body).toEqual({
    kind: "banned word",
    text: "pear",
  });

  const remove = await screen.findByRole("button", { name: "Remove pear" });
  rules[`GET ${RULES}`] = json({ environment: ["orange"], added: [] });
  await user.click(remove);
  expect(await screen.findByText("pear was removed.")).toBeInTheDocument();
  expect(screen.getByRole("heading", { name: "Banned words" })).toHaveFocus();
});

test("of a single comment the preview speaks as of one", async () => {
  const { user, rules } = openRules({ [PREVIEW]: json({ examined: 1, caught: 0, examples: [] }) });
  const field = await screen.findByRole("textbox", { name: "Ban a word" });
  await user.type(field, "pear");
  expect(
    await screen.findByText("It would have made no difference to the last comment."),
  ).toBeInTheDocument();
  rules[`${PREVIEW}s`] = json({ examined: 1, caught: 1, examples: [] });
  await user.type(field, "s");
  expect(await screen.findByText("It would have rejected the last comment.")).toBeInTheDocument();
});

test("the last allowed site goes with its list, and a site that was removed meanwhile is no failure", async () => {
  const site = { ...rule, kind: "allowed site", text: "example.org" };
  const { user, rules } = openRules({
    [`GET ${RULES}`]: json({ environment: [], added: [site] }),
    [`DELETE ${RULES}/r1`]: problem(404, "There is no rule r1 here."),
  });
  const remove = await screen.findByRole("button", { name: "Remove example.org" });
  rules[`GET ${RULES}`] = json({ environment: [], added: [] });
  await user.click(remove);
  expect(await screen.findByText("No site is allowed.")).toBeInTheDocument();
  expect(screen.getByText("example.org was removed.")).toHaveAttribute("role", "status");
  expect(screen.getByRole("heading", { name: "Allowed sites" })).toHaveFocus();
});

test("a word that is none is refused with the reason, and what fails is said", async () => {
  const detail = "“pear” is banned already, by ann.";
  const { user, rules } = openRules({
    [PREVIEW]: problem(400, `text: ${detail}`, [{ field: "text", detail }]),
    [`POST ${RULES}`]: problem(400, `text: ${detail}`, [{ field: "text", detail }]),
  });
  const field = await screen.findByRole("textbox", { name: "Ban a word" });
  await user.type(field, "{Enter}");
  expect(field).toHaveAccessibleDescription("Write a word.");
  await user.type(field, "pear");
  expect((await screen.findByText(detail)).closest("[role=status]")).toBeInTheDocument();
  await user.keyboard("{Enter}");
  expect(field).toHaveAccessibleDescription(detail);
  expect(await violations()).toEqual([]);

  rules[`POST ${RULES}`] = down("moderation");
  await user.type(field, "s{Enter}");
  expect(
    await screen.findByText("The moderation service does not answer. Perhaps this was not saved: try again."),
  ).toHaveAttribute("role", "alert");
});

test("when moderation is down the page names it", async () => {
  openRules({ [`GET ${RULES}`]: down("moderation") });
  expect(await screen.findByText("The rules cannot be shown")).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});
