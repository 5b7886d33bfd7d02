import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Event = { id: string; type: string; subject: string; data: { content: string } };

/** A foreign service, which takes one event at a time and stumbles over what it is told to. */
export async function startForeign(stumblesOver: (event: Event) => boolean) {
  const taken: Event[] = [];
  const foreign = { stumblesOver, taken, url: "", stop: () => server.close() };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const event: Event | undefined = body ? JSON.parse(body) : undefined;
    const stumbles = event !== undefined && foreign.stumblesOver(event);
    if (event && !stumbles) taken.push(event);
    const answer = stumbles ? { detail: "I cannot read this." } : {};
    response
      .writeHead(stumbles ? 500 : 200, { "content-type": "application/json" })
      .end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  foreign.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  return foreign;
}
