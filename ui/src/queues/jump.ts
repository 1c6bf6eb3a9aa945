import type { Problem } from "@/api/parts";

/** To the field that is described by the words of the problem. */
export function jump({ message }: Problem): void {
  const fields = document.querySelectorAll<HTMLElement>(".queueMain [aria-describedby]");
  const told = (field: HTMLElement) => (field.getAttribute("aria-describedby") ?? "").split(" ").some((id) => document.getElementById(id)?.textContent.includes(message));
  [...fields].find(told)?.focus();
}
