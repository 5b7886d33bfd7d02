import { createHmac, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { url } from "./chromium.ts";

const root = join(import.meta.dirname, "../..");
const runDir = process.env.BLOGBUS_RUN_DIR ?? join(root, ".run");

/** One request to the running system, over the same door as the pages; the answer's JSON. */
export async function ask(method: string, path: string, body?: unknown, token?: string) {
  const answer = await fetch(url + path, {
    method,
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

/** Publishes posts as the posts service would, by its key, straight to the bus: as many as the test wants. */
export async function publishPosts(count: number) {
  const body = JSON.stringify(Array.from({ length: count }, postCreated));
  const id = `posts.${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const key = (await readFile(join(runDir, "secrets/events-posts"), "utf8")).trim().replace("whsec_", "");
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(`${id}.${timestamp}.${body}`);
  const answer = await fetch(`${await busUrl()}/events`, {
    method: "POST",
    headers: {
      "content-type": "application/cloudevents-batch+json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${signature.digest("base64")}`,
    },
    body,
  });
  if (!answer.ok) throw new Error(`The bus answered ${answer.status}: ${await answer.text()}`);
}

function postCreated() {
  const id = randomUUID();
  const time = new Date().toISOString();
  return {
    specversion: "1.0",
    id: randomUUID(),
    source: "/posts",
    type: "PostCreated",
    subject: id,
    time,
    datacontenttype: "application/json",
    correlationid: randomUUID(),
    data: { id, title: "One of many", body: "", author: "", createdAt: time, version: 1 },
  };
}

async function busUrl(): Promise<string> {
  const { eventbus } = JSON.parse(await readFile(join(root, "services.json"), "utf8"));
  const shift = Number(new URL(url).port) - 3_000;
  return `http://127.0.0.1:${eventbus.port + shift}`;
}
