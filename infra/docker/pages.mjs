// Prints nginx's list of addresses that are pages, and the file of each, from the application's own.
import { runnerImport } from "vite";

const load = async (file) => (await runnerImport(file)).module;
const { pages } = await load("./src/app/pages.ts");
const { fileOf } = await load("./shell/files.ts");
const address = (page) => `${page.replaceAll(/:[^/]+/g, "[^/]+").replace(/\/$/, "")}/?`;
const rows = pages.map((page) => `  "~*^${address(page)}$" ${fileOf(page)};`);
console.log(["map $uri $page {", '  default "";', ...rows, "}"].join("\n"));
