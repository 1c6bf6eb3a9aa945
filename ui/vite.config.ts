/** How the browser side is built: into the Python package, so that a wheel carries it and nobody needs Node. */
import { fileURLToPath } from "node:url";

import { lingui, linguiTransformerBabelPreset } from "@lingui/vite-plugin";
import locales from "@react-aria/optimize-locales-plugin";
import babel from "@rolldown/plugin-babel";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { fakeCentre } from "./dev/fakeCentre.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [
    locales.vite({ locales: ["en-US", "ru-RU"] }),
    babel({ presets: [linguiTransformerBabelPreset()] }),
    react(),
    lingui({ failOnMissing: true, failOnCompileError: true }),
    fakeCentre(),
  ],
  resolve: { alias: { "@": here("./src"), debug: here("./src/phone/sipLog.cjs") } },
  build: {
    outDir: here("../src/otklik/web/static"),
    emptyOutDir: true,
    manifest: true,
    // Browsers with light-dark(), Web Locks and AudioContext.setSinkId or a graceful lack of it.
    target: ["chrome123", "firefox121", "safari17.5"],
    cssTarget: ["chrome123", "firefox121", "safari17.5"],
    chunkSizeWarningLimit: 600,
    // What every page needs travels in one piece, and so do the frame and the desk, each with all it imports: six dozen
    // small pieces compress worse and come later.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "core", test: /node_modules\/(?!jssip|sdp-transform|events|lucide)|src\/(api|i18n|live|design)\//, tags: ["$initial"], priority: 3 },
            { name: "frame", test: /src\/app\/Shell\.tsx$/, priority: 2 },
            { name: "desk", test: /src\/desk\/Desk\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
});
