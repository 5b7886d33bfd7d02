// After `vite build`: the outlines of the pages, and compressed copies.
import { createServer } from "vite";

process.env.NODE_ENV = "production";
const server = await createServer({
  configFile: false,
  appType: "custom",
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
const load = (file) => server.ssrLoadModule(`/shell/${file}`);
const { openDocument, prerender } = await load("prerender.ts");
const { compress } = await load("compress.ts");
openDocument();
const { draw } = await load("draw.tsx");
await prerender("dist", draw);
await compress("dist");
process.exit();
