import type { Problem } from "@/api/parts";

/** "queues[0].rings[1].requires" stands in the row "rings[1]". */
export const standsIn = (place: string, row: string): boolean => `.${place}.`.includes(`.${row}.`);

/** To the field that is described by the words of the problem, in the row where it stands: the same may be wrong in several. */
export function jump({ place, message }: Problem): void {
  const rows = document.querySelectorAll<HTMLElement>(".partBeside > .partStack:first-child [data-place]");
  const row = [...rows].find(({ dataset }) => standsIn(place, dataset["place"] ?? "")) ?? null;
  const fields = document.querySelectorAll<HTMLElement>(".partBeside > .partStack:first-child [aria-describedby]");
  const told = (field: HTMLElement) => (field.getAttribute("aria-describedby") ?? "").split(" ").some((id) => document.getElementById(id)?.textContent.includes(message));
  const field = [...fields].find((each) => each.closest("[data-place]") === row && told(each));
  const there = field ?? row?.querySelector<HTMLElement>("input, select, textarea") ?? row;
  if (there === row) row?.click(); // a row of an outline, which is chosen so
  there?.focus();
}
