import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { open } from "../testing/open.tsx";
import { post } from "../testing/samples.ts";
import { fakeServices, json } from "../testing/services.ts";

const KEYS = ["author", "own-posts", "own-comments", "draft:post", "draft:comment:p1", "attempt:post"];
const FOREIGN = ["5", "{}", "[]", "[5,null,{}]", '{"title":5}', '"text"', "true", "null", "not JSON"];

test.each(FOREIGN)("whatever storage holds, such as %s, the blog and a post are shown", async (text) => {
  for (const key of [...KEYS, "operator-token", "moderator-token"])
    localStorage.setItem(`blogbus:${key}`, text);
  fakeServices({ "GET /posts": json([post()]), "GET /posts/p1": json(post()) });
  const { unmount } = open("/");
  expect(await screen.findByRole("link", { name: "On order" })).toBeInTheDocument();
  unmount();
  open("/post/p1");
  expect(await screen.findByRole("heading", { level: 1, name: "On order" })).toBeInTheDocument();
});
