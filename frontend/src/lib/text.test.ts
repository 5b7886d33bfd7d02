import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { isOneLine, shows } from "./text.ts";

type Cases = { blank: Record<string, string>; shown: Record<string, string>; lineBreaks: string[] };

/** The services are held to the same file; tests run in frontend/. */
const file = resolve("../svc_chassis/src/svc_chassis/testing/conformance/texts.json");
const cases: Cases = JSON.parse(readFileSync(file, "utf8"));

describe("blank", () => {
  test.each(Object.entries(cases.blank))("%s", (_, text) => expect(shows(text)).toBe(false));
});

describe("not blank", () => {
  test.each(Object.entries(cases.shown))("%s", (_, text) => expect(shows(text)).toBe(true));
});

test.each(cases.lineBreaks)("%j ends a line, unless nothing follows", (end) => {
  expect(isOneLine(`a${end}b`)).toBe(false);
  expect(isOneLine(`${end} a b${end}`)).toBe(true);
});
