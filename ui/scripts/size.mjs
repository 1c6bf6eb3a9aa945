/** What the agent's desk costs on first load, compressed; more than the budget is an error. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 250;
const LAZY_KB = 80;
/** Another folder may be named: `npm run size -- /some/where/`. */
const folder = process.argv[2] ?? fileURLToPath(new URL("../../src/otklik/web/static/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${folder}.vite/manifest.json`, "utf8"));
const size = (file) => gzipSync(readFileSync(folder + file), { level: 9 }).length / 1024;

/** The chunk, all it imports at once, and their styles. */
function withImports(key, found = new Set()) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`no chunk ${key}`);
  for (const file of [chunk.file, ...(chunk.css ?? [])]) found.add(file);
  for (const one of chunk.imports ?? []) if (!found.has(manifest[one].file)) withImports(one, found);
  return found;
}

const DESK = ["index.html", "src/app/Shell.tsx", "src/desk/Desk.tsx", "src/phone/softphone.ts", "src/locales/ru/messages.po"];
const desk = new Set(["index.html"]);
for (const key of DESK) withImports(key, desk);

const line = (name, kb) => console.log(`${name.padEnd(44)} ${kb.toFixed(1).padStart(7)} KB gz`);
let total = 0;
for (const file of desk) {
  line(file, size(file));
  total += size(file);
}
line("Desk, first load", total);

let tooBig = total > BUDGET_KB;
for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry || DESK.includes(key)) continue;
  const own = [...withImports(key)].filter((file) => !desk.has(file)).reduce((sum, file) => sum + size(file), 0);
  line(`+ ${key}`, own);
  tooBig ||= own > LAZY_KB;
}
for (const file of ["cyrillic", "latin"]) {
  const asset = Object.values(manifest).find((chunk) => chunk.file.includes(`inter-${file}-wght`));
  if (asset) line(`font, beside the budget: ${file}`, size(asset.file));
}
if (tooBig) {
  console.error(`Over the budget: ${BUDGET_KB} KB for the desk, ${LAZY_KB} KB for each lazy screen.`);
  process.exit(1);
}
