/** Rules of the house that neither the compiler nor the linter holds: tokens only, complete catalogues, no addresses. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ui = fileURLToPath(new URL("..", import.meta.url));
const faults = [];

for (const name of readdirSync(`${ui}src`, { recursive: true })) {
  const text = /\.(css|tsx?)$/.test(name) ? readFileSync(`${ui}src/${name}`, "utf8") : "";
  if (name.endsWith(".css") && name !== "design/tokens.css" && /#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|oklch)\(/i.test(text)) {
    faults.push(`${name}: a raw colour; use a token of design/tokens.css`);
  }
  if (/\.tsx$/.test(name) && /style=\{\{[^}]*(#[0-9a-f]{3,8}\b|rgb)/i.test(text)) faults.push(`${name}: a raw colour`);
}

const russian = readFileSync(`${ui}src/locales/ru/messages.po`, "utf8");
const missing = russian.split("\n\n").filter((entry) => /^msgid "."?/m.test(entry) && /^msgstr ""$/m.test(entry) && !/^msgstr ""\n"/m.test(entry));
for (const entry of missing.slice(russian.startsWith('msgid ""') ? 0 : 0)) {
  const id = /^msgid (.*)$/m.exec(entry)?.[1];
  if (id && id !== '""') faults.push(`locales/ru: no translation of ${id}`);
}

if (/"resolved"|registry\./.test(readFileSync(`${ui}package-lock.json`, "utf8"))) {
  faults.push("package-lock.json: names a registry; install with omit-lockfile-registry-resolved (ui/.npmrc has it)");
}

for (const fault of faults) console.error(fault);
process.exit(faults.length ? 1 : 0);
