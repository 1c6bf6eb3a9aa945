/** Where a change is, by what things are called. Pure. */

type Things = Record<string, unknown>[];

export interface Called {
  /** Null: the order of the list. */
  name: string | null;
  /** What of it, as the file says; empty: the whole. */
  field: string;
}

/** "dispositions.late.ru" is "ru" of "Опоздание". `documents`: a list by itself or lists by their names; the first that has it tells. */
export function called(place: string, documents: unknown[], language: "ru" | "en"): Called {
  const dot = place.indexOf(".");
  if (dot < 0) return { name: null, field: "" };
  const [list, rest] = [place.slice(0, dot), place.slice(dot + 1)];
  for (const document of documents) {
    const found = of(document, list)
      .filter(({ id }) => typeof id === "string" && (rest === id || rest.startsWith(`${id}.`)))
      .sort((one, other) => String(other["id"]).length - String(one["id"]).length)[0];
    if (found) {
      const id = String(found["id"]);
      const name = [found["name"], found[language]].find((each) => typeof each === "string" && each !== "");
      return { name: typeof name === "string" ? name : id, field: rest.slice(id.length + 1) };
    }
  }
  return { name: rest, field: "" };
}

function of(document: unknown, list: string): Things {
  const things: unknown = Array.isArray(document) ? document : (document as Record<string, unknown> | null)?.[list];
  return Array.isArray(things) ? things.filter((each): each is Record<string, unknown> => typeof each === "object" && each !== null) : [];
}
