import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { forgetStored, PER_TAB } from "../lib/stored.ts";
import { open } from "../testing/open.tsx";
import { post } from "../testing/samples.ts";
import { fakeServices, json } from "../testing/services.ts";
import { takeOver } from "./takeOver.ts";

const KEYS = ["author", "own-posts", "own-comments", "operator-token", "moderator-token"];
const OF_THE_TAB = ["draft:post", "draft:comment:p1", "attempt:post"];
const FOREIGN = ["5", "{}", "[]", "[5,null,{}]", '{"title":5}', '"text"', "true", "null", "not JSON"];

/** The blog, as it is drawn over an outline whose title field holds what was typed before the scripts came. */
function openOver(typed: string) {
  const outline = document.createElement("div");
  outline.innerHTML = `<input name="title" value="${typed}">`;
  let opened: ReturnType<typeof open> | undefined;
  takeOver(outline, () => {
    opened = open("/");
  });
  return opened;
}

const storages = FOREIGN.flatMap((text) => ["", "Early bird"].map((typed) => [text, typed] as const));

test.each(storages)(
  "whatever storage holds, such as %s, the blog and a post are shown over %j",
  async (text, typed) => {
    for (const key of KEYS) localStorage.setItem(`blogbus:${key}`, text);
    for (const key of OF_THE_TAB) sessionStorage.setItem(`${PER_TAB}${key}`, text);
    fakeServices({ "GET /posts": json([post()]), "GET /posts/p1": json(post()) });
    const blog = openOver(typed);
    expect(await screen.findByRole("link", { name: "On order" })).toBeInTheDocument();
    expect(screen.getByLabelText("Title")).toHaveValue(typed);
    blog?.unmount();
    open("/post/p1");
    expect(await screen.findByRole("heading", { level: 1, name: "On order" })).toBeInTheDocument();
  },
);

test("a draft is its tab's own, and outlives a reload there; the writer's name is every tab's", async () => {
  fakeServices({ "GET /posts": json([]) });
  const { user, unmount } = open("/");
  await user.type(screen.getByLabelText("Title"), "Mine");
  await user.type(screen.getByLabelText("Your name"), "Marit");
  unmount();
  forgetStored();
  open("/");
  expect(screen.getByLabelText("Title")).toHaveValue("Mine");
  expect(JSON.stringify(localStorage)).not.toContain("Mine");
  expect(localStorage.getItem("blogbus:author")).toBe('"Marit"');
});
