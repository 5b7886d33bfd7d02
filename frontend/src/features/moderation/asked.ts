import { DESK_PAGE } from "../../lib/address.ts";
import type { operations } from "../../lib/api/moderation.d.ts";
import type { Status } from "./types.ts";

type Query = NonNullable<operations["moderation_comments_list"]["parameters"]["query"]>;
/** Which comments are selected, whatever became of them. */
export type Selection = Pick<Query, "q" | "author" | "post" | "rule">;
/** What the desk shows. Its address says the same. */
export type Asked = Selection & { status: Status | "all"; order: "newest" | "oldest" };

const STATUSES: readonly Asked["status"][] = ["pending", "rejected", "approved", "all"];
export const RULES = ["link", "banned word"] as const;

/** What an address asks for; what it says wrongly is ignored. */
export function askedIn(search: URLSearchParams): Asked {
  const status = STATUSES.find((known) => known === search.get("status")) ?? "pending";
  const order = search.get("order") === "oldest" ? "oldest" : "newest";
  return { status, order, ...selectionIn(search) };
}

function selectionIn(search: URLSearchParams): Selection {
  const found: Selection = {};
  for (const name of ["q", "author", "post"] as const) {
    const value = search.get(name);
    if (value) found[name] = value;
  }
  const rule = RULES.find((known) => known === search.get("rule"));
  return rule ? { ...found, rule } : found;
}

/** The same for the services, in one order, so that it can be a key. */
export function selectionOf({ q, author, post, rule }: Asked): Selection {
  return { ...(q && { q }), ...(author && { author }), ...(post && { post }), ...(rule && { rule }) };
}

export function queryOf(asked: Asked): Query {
  const { status, order } = asked;
  return {
    ...(status !== "all" && { status }),
    ...(order === "oldest" && { order }),
    ...selectionOf(asked),
  };
}

export type Partly = { [Name in keyof Asked]?: Asked[Name] | undefined };

/** The desk's page that shows this. */
export function addressOf(asked: Partly): string {
  const { status = "pending", order = "newest", ...selection } = asked;
  const search = new URLSearchParams();
  if (status !== "pending") search.set("status", status);
  if (order !== "newest") search.set("order", order);
  for (const [name, value] of Object.entries(selection)) if (value) search.set(name, value);
  return search.size ? `${DESK_PAGE}?${search}` : DESK_PAGE;
}
