import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "ru"],
  catalogs: [{ path: "src/locales/{locale}/messages", include: ["src"] }],
  // Line numbers would change, and conflict, with every edit.
  format: formatter({ lineNumbers: false }),
});
