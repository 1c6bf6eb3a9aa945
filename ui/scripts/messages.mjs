/** Collects the texts into the catalogues. A text that came to another catalogue, with its component, keeps its translation. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { catalogues, entries } from "./catalogues.mjs";

const known = new Map();
for (const file of catalogues("ru")) for (const { id, shown } of entries(readFileSync(file, "utf8"))) if (id && shown) known.set(id, shown);

const ui = fileURLToPath(new URL("..", import.meta.url));
const extracted = spawnSync(process.execPath, ["node_modules/@lingui/cli/dist/lingui.js", "extract", "--clean"], { cwd: ui, stdio: "inherit" });
if (extracted.status !== 0) process.exit(extracted.status ?? 1);

for (const file of catalogues("ru")) {
  let catalogue = readFileSync(file, "utf8");
  for (const { whole, id, shown } of entries(catalogue)) {
    if (id && !shown && known.has(id)) catalogue = catalogue.replace(whole, () => whole.replace(/msgstr ""/, () => `msgstr "${known.get(id)}"`));
  }
  writeFileSync(file, catalogue);
}
