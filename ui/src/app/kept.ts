/** What a person typed and has not saved, kept in this browser; it is about customers, so nobody else may find it here. */

const PREFIX = "otklik.card.";

export const keptUnder = (person: string, name: string): string => `${PREFIX}${person}.${name}`;

/** Signed out: everything of everybody. Signed in: what others left whose session ended without a word. */
export function forgetKept(but?: string): void {
  const own = but === undefined ? null : `${PREFIX}${but}.`;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && !(own && key.startsWith(own))) localStorage.removeItem(key);
  }
}
