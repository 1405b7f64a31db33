import { defineConfig } from "vitest/config";

// The built files are committed and compared with a rebuild, so that their names and bytes depend on the sources alone.
export default defineConfig({
  base: "./",
  publicDir: "public",
  oxc: { jsx: { importSource: "preact" } },
  build: {
    outDir: "../src/hoplon/web/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      output: {
        entryFileNames: "assets/[name].js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/[name][extname]",
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8765" } },
  test: { include: ["tests/**/*.test.ts"] },
});
