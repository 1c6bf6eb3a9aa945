/** Rules of the house that neither the compiler nor the linter holds: tokens only, complete catalogues, no addresses. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { catalogues, entries } from "./catalogues.mjs";

const ui = fileURLToPath(new URL("..", import.meta.url));
const faults = [];

/** The folders whose texts come with their screens, and not with the desk. */
const [, listed] = /SCREENS = \[(.*)\]\.map/.exec(readFileSync(`${ui}lingui.config.ts`, "utf8"));
const screens = listed.replaceAll('"', "").split(", ");
const ofScreens = new RegExp(`^(?!.*(import type|withWords\\()).*(from |import\\()"@/(${screens.join("|")})/`, "m");

for (const name of readdirSync(`${ui}src`, { recursive: true })) {
  const text = /\.(css|tsx?)$/.test(name) ? readFileSync(`${ui}src/${name}`, "utf8") : "";
  if (name.endsWith(".css") && name !== "design/tokens.css" && /#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|oklch)\(/i.test(text)) {
    faults.push(`${name}: a raw colour; use a token of design/tokens.css`);
  }
  if (!screens.includes(name.split("/")[0]) && ofScreens.test(text)) {
    faults.push(`${name}: takes what belongs to a screen without its words; use withWords, or take the folder out of SCREENS (lingui.config.ts)`);
  }
  if (/\.tsx$/.test(name) && /style=\{\{[^}]*(#[0-9a-f]{3,8}\b|rgb)/i.test(text)) faults.push(`${name}: a raw colour`);
}

for (const file of catalogues("ru")) {
  for (const { id, shown } of entries(readFileSync(file, "utf8"))) if (id && !shown) faults.push(`${file}: no translation of ${id}`);
}

if (/"resolved"|registry\./.test(readFileSync(`${ui}package-lock.json`, "utf8"))) {
  faults.push("package-lock.json: names a registry; install with omit-lockfile-registry-resolved (ui/.npmrc has it)");
}

for (const fault of faults) console.error(fault);
process.exit(faults.length ? 1 : 0);
