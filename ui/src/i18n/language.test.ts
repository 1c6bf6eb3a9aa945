import { i18n } from "@lingui/core";
import { expect, test, vi } from "vitest";

import { speak, withWords } from "@/i18n/language";

const way = vi.hoisted(() => {
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  return { arrive: () => arrive(), arrived };
});

vi.mock("@/locales/ru/messages.po", () => ({ messages: { desk: "Рабочее место" } }));
vi.mock("@/locales/ru/screens.po", () => ({ messages: { floor: "Зал" } }));
vi.mock("@/locales/en/messages.po", async () => {
  await way.arrived;
  return { messages: { desk: "Desk" } };
});
vi.mock("@/locales/en/screens.po", () => ({ messages: { floor: "Floor" } }));
vi.stubGlobal("document", { documentElement: {} });
vi.stubGlobal("localStorage", { setItem: () => undefined });

test("a screen that begins to come while a language is on its way has its words in that language, too", async () => {
  await speak("ru");
  const speaking = speak("en");
  await withWords(Promise.resolve("a screen"));
  expect(i18n.messages).toEqual({ desk: "Рабочее место", floor: "Зал" });
  way.arrive();
  await speaking;
  expect(i18n.messages).toEqual({ desk: "Desk", floor: "Floor" });
});
