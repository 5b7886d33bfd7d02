import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

const TEXT = /\.(html|js|css|svg)$/;
const CODINGS = [
  [".gz", (body: Buffer) => promisify(gzip)(body, { level: 9 })],
  [".br", promisify(brotliCompress)],
] as const;

/** Beside each text, the same as gzip and brotli, where that is shorter: once here, not for each reader. */
export async function compress(dist: string) {
  const found = await readdir(dist, { recursive: true });
  for (const name of found.filter((each) => TEXT.test(each))) {
    const body = await readFile(join(dist, name));
    for (const [ending, code] of CODINGS) {
      const coded = await code(body);
      if (coded.length < body.length) await writeFile(join(dist, name + ending), coded);
    }
  }
}
