import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createLogger } from "vite";
import { expect, test } from "vitest";
import { hostCheck, readHosts } from "./hosts.ts";

type Setting = { given: string; allowed: string[]; refused: string[] };
type Cases = { settings: Setting[]; malformed: string[]; invalid: string[] };

// Read, not imported: an image is built without the services' tests.
const file = new URL("../../svc_chassis/src/svc_chassis/testing/conformance/hosts.json", import.meta.url);
const cases: Cases = JSON.parse(readFileSync(file, "utf8"));
const hosts = cases.settings.flatMap(({ given, allowed, refused }) => [
  ...allowed.map((host) => [given, host, true] as const),
  ...refused.map((host) => [given, host, false] as const),
]);

function isLetIn(names: string[], host: string): boolean {
  let passed = false;
  const response = { writeHead: () => response, end: () => response } as unknown as ServerResponse;
  hostCheck(names, createLogger("silent"))({ headers: { host } } as never, response, () => {
    passed = true;
  });
  return passed;
}

test.each(hosts)("ALLOWED_HOSTS=%s, Host: %s: %s", (given, host, allowed) => {
  expect(isLetIn(readHosts(given, false), host)).toBe(allowed);
});

test.each(cases.malformed)("Host: %s is no host name", (host) => {
  expect(isLetIn(["*"], host)).toBe(false);
});

test.each(cases.invalid)("ALLOWED_HOSTS=%s stops the start", (given) => {
  expect(() => readHosts(`blog.test, ${given}`, false)).toThrow(/^ALLOWED_HOSTS has /);
});

test("in a cluster any host is let in until some are named", () => {
  expect(readHosts(undefined, true)).toEqual(["*"]);
  expect(readHosts("", true)).toEqual(["*"]);
  expect(readHosts("blog.test", true)).toContain("127.0.0.1");
});
