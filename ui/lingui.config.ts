import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

const SCREENS = ["alerts", "articles", "configuration", "customers", "entry", "fields", "floor", "flows", "followup", "forwarding", "handlers", "hearing", "hours", "journal", "knowledge", "lookups", "parts", "planned", "prompts", "push", "queues", "results", "setup", "system", "talk", "wall", "worktime", "writing"].map((name) => `src/${name}`);

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "ru"],
  // What the desk does not show on its first load comes with the screens that do.
  catalogs: [
    { path: "src/locales/{locale}/messages", include: ["src"], exclude: SCREENS.map((folder) => `${folder}/**`) },
    { path: "src/locales/{locale}/screens", include: SCREENS },
  ],
  // Line numbers would change, and conflict, with every edit.
  format: formatter({ lineNumbers: false }),
});
