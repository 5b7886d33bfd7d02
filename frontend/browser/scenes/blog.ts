import { formatted, own, post, posts, waiting } from "../samples.ts";
import { down, json, never, type Scene } from "./scene.ts";

const list = json(posts, { link: '</posts?before=x>; rel="next"' });
const read = `/posts/${post.id}`;
const mine = { "blogbus:own-comments": own, "blogbus:author": "Ada" };
const tokens = Object.fromEntries(own.map(({ id }) => [id, "a token"]));
const author = { ...mine, "blogbus:edit-tokens": { ...tokens, [post.id]: "a token" } };
const [old, ...newer] = post.comments.toReversed();
const long = { ...post, commentCount: 240, comments: newer };
const silent = { ...post, commentCount: 0, comments: [] };

/** The posts, one post, and what goes wrong with them. */
export const blog: Record<string, Scene> = {
  "home-busy": { path: "/", answers: { "/posts": list }, ready: "What the timetable does not say" },
  "home-empty": { path: "/", answers: { "/posts": json([]) }, ready: "Nothing has been written yet" },
  "home-loading": { path: "/", answers: { "/posts": never }, ready: "Loading posts" },
  "home-failing": { path: "/", answers: { "/posts": down("query") }, ready: "The posts cannot be shown" },
  "home-writing": {
    path: "/",
    answers: { "/posts": list, "/posts/create": down("posts") },
    stored: { "blogbus:author": "Ada" },
    ready: "The posts service does not answer",
    act: async (page) => {
      await page.getByLabel("Title").fill("The bench was always the problem");
      await page.getByLabel("Text").fill("Nobody owns a bench. That is what it is for.\n\nAnd so");
      await page.getByRole("button", { name: "Publish" }).click();
    },
  },
  "home-mistaken": {
    path: "/",
    answers: { "/posts": list },
    ready: "Give the post a title",
    act: async (page) => {
      await page.getByLabel("Title").click();
      await page.getByRole("button", { name: "Publish" }).click();
    },
  },
  "home-exact": {
    path: "/",
    answers: { "/posts": list },
    ready: "14 comments",
    act: (page) => page.getByText("4 days ago").focus(),
  },
  "home-publishing": {
    path: "/",
    answers: { "/posts": list },
    stored: { "blogbus:own-posts": [waiting] },
    ready: "being published",
  },
  "post-busy": {
    path: `/post/${post.id}`,
    answers: { [read]: json(post) },
    stored: mine,
    ready: "Waiting for",
  },
  "post-operated": {
    path: `/post/${post.id}`,
    answers: { [read]: json(post) },
    stored: { ...mine, "blogbus:operator-token": "a token", "blogbus:moderator-token": "another" },
    ready: "Waiting for",
  },
  "post-own": {
    path: `/post/${post.id}`,
    answers: { [read]: json(post) },
    stored: author,
    ready: "Waiting for",
  },
  "post-editing": {
    path: `/post/${post.id}`,
    answers: { [read]: json(post), [`${read}/text`]: down("posts") },
    stored: author,
    ready: "The posts service does not answer",
    act: async (page) => {
      await page.getByRole("button", { name: "Edit this post" }).click();
      await page.getByRole("button", { name: "Save" }).click();
    },
  },
  "post-removing": {
    path: `/post/${post.id}`,
    answers: { [read]: json(post) },
    stored: author,
    ready: "Remove this comment for good?",
    act: (page) => page.getByRole("button", { name: "Remove this comment…" }).last().click(),
  },
  "post-stale": {
    path: `/post/${post.id}`,
    answers: { [read]: json(post) },
    ready: "may be out of date",
    act: async (page) => {
      await page.getByText("6 comments").waitFor();
      await page.route(`**${read}`, (route) => route.fulfill(down("query")));
    },
  },
  "post-long": { path: `/post/${post.id}`, answers: { [read]: json(long) }, ready: "Show older comments" },
  "post-formatted": {
    path: `/post/${formatted.id}`,
    answers: { [`/posts/${formatted.id}`]: json(formatted) },
    ready: "What the bench taught",
  },
  "post-permalink": {
    path: `/post/${post.id}#${newer[0]?.id}`,
    answers: { [read]: json(post) },
    ready: "Waiting for",
    isPart: true,
  },
  "post-gone": {
    path: `/post/${post.id}#${old?.id}`,
    answers: {
      [read]: json(long),
      [`${read}/thread/${old?.id}`]: { status: 404, contentType: "application/problem+json", body: "{}" },
    },
    ready: "The comment that this address names is not here",
    isPart: true,
  },
  "post-empty": { path: `/post/${post.id}`, answers: { [read]: json(silent) }, ready: "No comments yet" },
  "post-loading": { path: `/post/${post.id}`, answers: { [read]: never }, ready: "Loading the post" },
  "post-failing": {
    path: `/post/${post.id}`,
    answers: { [read]: down("query") },
    ready: "The post cannot be shown",
  },
  "post-unsent": {
    path: `/post/${post.id}`,
    answers: { [read]: json(silent), [`${read}/comments`]: down("comments") },
    stored: { "blogbus:author": "Ada" },
    ready: "The comments service does not answer",
    act: async (page) => {
      await page.getByLabel("Comment", { exact: true }).fill("Twice at the same door: I know that walk.");
      await page.getByRole("button", { name: "Send" }).click();
    },
  },
  "post-missing": {
    path: `/post/${post.id}`,
    answers: { [read]: { status: 404, contentType: "application/problem+json", body: "{}" } },
    ready: "Page not found",
  },
};
