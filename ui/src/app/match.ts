/** Finding by a few letters: of words, in either language, also typed in the wrong keyboard layout. */

const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё";

const swapped = (text: string, from: string, to: string) => Array.from(text, (sign) => to[from.indexOf(sign)] ?? sign).join("");

const plain = (text: string) => text.toLowerCase().replaceAll("ё", "е").trim();

/** What was typed, and what it would have been in the other layout. */
export const meant = (typed: string): string[] => {
  const small = typed.toLowerCase().trim();
  return [...new Set([small, swapped(small, LATIN, RUSSIAN), swapped(small, RUSSIAN, LATIN)].map(plain))].filter(Boolean);
};

/** The letters in their order, beginning with the beginning of a word. */
function scattered(letters: string, words: readonly string[]): boolean {
  return words.some((word, index) => {
    const rest = words.slice(index).join(" ");
    if (word[0] !== letters[0]) return false;
    let at = 0;
    for (const sign of rest) if (sign === letters[at]) at += 1;
    return at >= letters.length;
  });
}

function rank(query: string, text: string): number | null {
  const whole = plain(text);
  const words = whole.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (whole.startsWith(query)) return 0;
  if (query.split(/\s+/).every((part) => words.some((word) => word.startsWith(part)))) return 1;
  if (whole.includes(query)) return 2;
  return query.length > 1 && scattered(query.replaceAll(" ", ""), words) ? 3 : null;
}

/** How well it fits, the less the better; null: not at all. `names`: the first is the one that is shown. */
export function fit(typed: string, names: readonly string[]): number | null {
  const ranks = meant(typed).flatMap((query, wrongLayout) =>
    names.flatMap((name, other) => {
      const found = rank(query, name);
      return found === null ? [] : [found * 4 + (wrongLayout ? 2 : 0) + (other ? 1 : 0)];
    }),
  );
  return ranks.length ? Math.min(...ranks) : null;
}
