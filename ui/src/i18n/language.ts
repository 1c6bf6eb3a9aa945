/** The page's language: catalogues come one by one, and only the one that is spoken. */
import { i18n, type Messages } from "@lingui/core";

import type { Language } from "@/api/types";

const KEY = "otklik.language";

const catalogues: Record<Language, () => Promise<{ messages: Messages }>> = {
  ru: () => import("@/locales/ru/messages.po"),
  en: () => import("@/locales/en/messages.po"),
};

export async function speak(language: Language): Promise<void> {
  if (i18n.locale === language) return;
  const { messages } = await catalogues[language]();
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
  localStorage.setItem(KEY, language);
}

/** Before anybody signed in: what was spoken here last, else the browser's wish, else Russian. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "ru" || kept === "en") return kept;
  const wished = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === "ru" || tag === "en");
  return (wished) ?? "ru";
}

export const spoken = (): Language => (i18n.locale === "en" ? "en" : "ru");
