import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { origin } from "./proxy/origin.ts";

export default defineConfig({
  plugins: [react(), origin()],
  build: { manifest: true, modulePreload: { polyfill: false } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "pages",
          environment: "jsdom",
          include: ["src/**/*.test.{ts,tsx}"],
          setupFiles: ["src/testing/setup.ts"],
          testTimeout: 30_000,
        },
      },
      { test: { name: "proxy", environment: "node", include: ["proxy/**/*.test.ts"] } },
    ],
  },
});
