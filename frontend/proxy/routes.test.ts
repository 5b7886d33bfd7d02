import { expect, test } from "vitest";
import { readRoutes } from "./routes.ts";

const manifest = `
spec:
  rules:
    - http:
        paths:
          - {path: /, backend: {service: {name: client-srv, port: {number: 3000}}}}
          - {path: /posts$, backend: {service: {name: query-srv, port: {number: 4002}}}}
`;
const query = { port: 4002, kubernetes: "query-srv", title: "query" };
const frontend = { port: 3000, kubernetes: "client-srv", title: "frontend" };

test("the longest path comes first and ports are shifted", () => {
  expect(readRoutes(manifest, { query, frontend }, 20_000)).toEqual([
    { pattern: "^/posts(?=$|\\?)(?<!\\?.*)", name: "query", title: "query", host: "127.0.0.1", port: 24_002 },
    { pattern: "^/(?<!\\?.*)", name: "frontend", title: "frontend", host: "127.0.0.1", port: 23_000 },
  ]);
});

test("in a cluster each service is a host of its own", () => {
  expect(
    readRoutes(manifest, { query, frontend }, 0, true).map(({ host, port }) => `${host}:${port}`),
  ).toEqual(["query-srv:4002", "client-srv:3000"]);
});

test("a service that the table does not know stops the start", () => {
  expect(() => readRoutes(manifest, { frontend }, 0)).toThrow(
    "ingress.yaml sends /posts$ to query-srv:4002, which services.json does not list.",
  );
});

test("a port that differs from the table stops the start", () => {
  expect(() => readRoutes(manifest, { frontend, query: { ...query, port: 4009 } }, 0)).toThrow(
    "ingress.yaml sends /posts$ to query-srv:4002, which services.json does not list.",
  );
});
