import { defineConfig } from "@lingui/cli";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "ru"],
  catalogs: [{ path: "src/locales/{locale}/messages", include: ["src"] }],
});
