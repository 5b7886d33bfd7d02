import type { Scene } from "./scene.ts";

/** What persons and other services write; everything else in an answer stays as it is. */
const WRITTEN = new Set(
  "title body content author reason finding moderator type subject source error lastError name url detail publisher".split(
    " ",
  ),
);

/** The scene, with `word` in each text that somebody wrote. It is ready when the first of its texts shows. */
export function written(scene: Scene, word: string): Scene {
  const answers = Object.entries(scene.answers).map(([path, answer]) => [
    path,
    typeof answer === "object" && "json" in answer ? { ...answer, json: deep(answer.json, word) } : answer,
  ]);
  const { act: _, ...rest } = scene;
  const stream = scene.stream?.map(([event, data]): [string, unknown] => [event, deep(data, word)]);
  return {
    ...rest,
    answers: Object.fromEntries(answers),
    ...(stream && { stream }),
    ready: word.slice(0, 9),
  };
}

function deep(value: unknown, word: string): unknown {
  if (Array.isArray(value)) return value.map((each) => deep(each, word));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      WRITTEN.has(name) && typeof inner === "string" ? word : deep(inner, word),
    ]),
  );
}
