/** The page's language: catalogues come one by one, and only the one that is spoken. */
import { i18n, type Messages } from "@lingui/core";

import type { Language } from "@/api/types";

const KEY = "otklik.language";

type Catalogue = () => Promise<{ messages: Messages }>;

const catalogues: Record<Language, Catalogue> = {
  ru: () => import("@/locales/ru/messages.po"),
  en: () => import("@/locales/en/messages.po"),
};

const screens: Record<Language, Catalogue> = {
  ru: () => import("@/locales/ru/screens.po"),
  en: () => import("@/locales/en/screens.po"),
};

let beyondTheDesk = false;

const learned = new Set<Catalogue>();

/** Once: every page that is shown is drawn anew when words come. */
async function learn(language: Language, catalogue: Catalogue): Promise<void> {
  const { messages } = await catalogue();
  if (learned.has(catalogue)) return;
  learned.add(catalogue);
  i18n.load(language, messages);
}

export async function speak(language: Language): Promise<void> {
  if (i18n.locale === language) return;
  await Promise.all([learn(language, catalogues[language]), ...(beyondTheDesk ? [learn(language, screens[language])] : [])]);
  // What began to come meanwhile came with the words of the language before.
  if (beyondTheDesk) await learn(language, screens[language]);
  i18n.activate(language);
  document.documentElement.lang = language;
  localStorage.setItem(KEY, language);
}

/** What is chosen in one tab is spoken in all of them. */
export function followOtherTabs(): void {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === KEY && (newValue === "ru" || newValue === "en")) void speak(newValue);
  });
}

/** A screen that the desk does not need comes with its words. */
export async function withWords<Screen>(loading: Promise<Screen>): Promise<Screen> {
  beyondTheDesk = true;
  const language = spoken();
  const [screen] = await Promise.all([loading, learn(language, screens[language])]);
  return screen;
}

/** Before anybody signed in: what was spoken here last, else the browser's wish, else Russian. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "ru" || kept === "en") return kept;
  const wished = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === "ru" || tag === "en");
  return (wished) ?? "ru";
}

export const spoken = (): Language => (i18n.locale === "en" ? "en" : "ru");
