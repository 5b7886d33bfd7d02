import { vi } from "vitest";
import { answerStream } from "./streams.ts";

export type Sent = { call: string; body: unknown; key: string | null; token: string | null };
type Reply = Response | Promise<Response>;
type Rule = Reply | ((sent: Sent) => Reply);

/** Stands in for the network, and for nothing else: a call without a rule fails as a dead connection does. */
export function fakeServices(rules: Record<string, Rule>) {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/posts/stream") return answerStream(request.signal);
    const call = `${request.method} ${pathname}${search}`;
    const text = await request.text();
    const body = text ? JSON.parse(text) : undefined;
    const key = request.headers.get("idempotency-key");
    const token = request.headers.get("authorization");
    sent.push({ call, body, key, token });
    const rule = rules[call];
    if (!rule) throw new TypeError(`Failed to fetch ${call}`);
    return typeof rule === "function" ? rule({ call, body, key, token }) : (await rule).clone();
  });
  return { rules, sent };
}

export function json(body: unknown, init: ResponseInit = {}) {
  return Response.json(body, init);
}

export function problem(status: number, detail: string, errors: { field: string; detail: string }[] = []) {
  const body = { type: "about:blank", title: "Problem", status, detail, errors };
  return Response.json(body, { status, headers: { "content-type": "application/problem+json" } });
}

export function down(service: string) {
  return problem(502, `The ${service} service does not answer.`);
}

export const never = new Promise<Response>(() => {});
