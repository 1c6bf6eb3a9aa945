/** Light, dark, or as the system says; remembered in this browser for the sign-in page. */
import type { Theme } from "@/api/types";

const KEY = "otklik.theme";
let worn: Theme = (localStorage.getItem(KEY) as Theme | null) ?? "system";

export function wear(theme: Theme): void {
  worn = theme;
  localStorage.setItem(KEY, theme);
  document.documentElement.dataset["theme"] = theme;
}

export const wornTheme = (): Theme => worn;
