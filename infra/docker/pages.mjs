// Prints nginx's list of addresses that are pages, from the application's own.
import { runnerImport } from "vite";

const { module } = await runnerImport("./src/app/pages.ts");
const rows = module.pages.map((page) => `  "~*^${page.replaceAll(/:[^/]+/g, "[^/]+").replace(/\/$/, "")}/?$" 1;`);
console.log(["map $uri $is_page {", "  default 0;", ...rows, "}"].join("\n"));
