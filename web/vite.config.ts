import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { offlineShell } from "./plugins/offline-shell.ts";
import { precompress } from "./plugins/precompress.ts";

const backend = "127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), tailwindcss(), offlineShell(), precompress()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../goatedvips/static",
    emptyOutDir: true,
    // A data: address would need an exception in the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: { input: ["index.html", "docs.html"] },
    // The API's documentation is one large program of its own, loaded by nobody but its readers.
    chunkSizeWarningLimit: 2000,
  },
  server: {
    proxy: {
      "/api": `http://${backend}`,
      "/ws": { target: `ws://${backend}`, ws: true },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    // A busy machine is slow, not wrong.
    testTimeout: 30_000,
    css: false,
  },
});
