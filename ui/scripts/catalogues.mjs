/** The catalogues of texts, as the scripts read them. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const locales = fileURLToPath(new URL("../src/locales/", import.meta.url));

export const catalogues = (language) => readdirSync(`${locales}${language}`).filter((name) => name.endsWith(".po")).map((name) => `${locales}${language}/${name}`);

const text = (lines) => [...lines.matchAll(/"(.*)"/g)].map(([, piece]) => piece).join("");

/** `id` and `shown` as they are written between the quotes; the head of the file, whose `id` is empty, too. */
export function entries(catalogue) {
  return [...catalogue.matchAll(/^msgid ((?:"[^\n]*"\n)+)msgstr ((?:"[^\n]*"(?:\n|$))+)/gm)].map(([whole, id, shown]) => ({ whole, id: text(id), shown: text(shown) }));
}
