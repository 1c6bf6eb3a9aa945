/** Times of tasks as a field for date and time holds them: local, to the minute. */

const two = (part: number) => String(part).padStart(2, "0");

export const field = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;

export type Later = "hour" | "tomorrow" | "week";

/** In an hour; tomorrow at nine; at nine of the same day of the next week. */
export function later(which: Later, now: Date): Date {
  if (which === "hour") return new Date(now.getTime() + 3_600_000);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + (which === "tomorrow" ? 1 : 7), 9);
}

/** From when on free times are shown: of what is usually done days from now, from the beginning of that day on. */
export function firstShown(usual: number, now: number): string | undefined {
  const day = new Date(usual);
  day.setHours(0, 0, 0, 0);
  return day.getTime() > now ? day.toISOString() : undefined;
}
