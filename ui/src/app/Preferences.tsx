/** Language and theme: on the sign-in page and in the menu under one's name. */
import { useLingui } from "@lingui/react/macro";
import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";

import { prefer } from "@/api/session";
import type { Language, Theme } from "@/api/types";
import { Choice } from "@/design/Choice";
import { wornTheme } from "@/design/theme";

const LANGUAGES: { id: Language; short: string; own: string }[] = [
  { id: "ru", short: "RU", own: "Русский" },
  { id: "en", short: "EN", own: "English" },
];

export function LanguageChoice() {
  const { t, i18n } = useLingui();
  return (
    <Choice
      name={t`Language`}
      value={i18n.locale as Language}
      options={LANGUAGES.map(({ id, short, own }) => ({ id, short, name: own, lang: id }))}
      choose={(language) => void prefer({ language })}
    />
  );
}

export function ThemeChoice() {
  const { t } = useLingui();
  const [theme, setTheme] = useState<Theme>(wornTheme);
  return (
    <Choice
      name={t`Theme`}
      value={theme}
      options={[
        { id: "light", name: t`Light`, icon: Sun },
        { id: "system", name: t`As in the system`, icon: Monitor },
        { id: "dark", name: t`Dark`, icon: Moon },
      ]}
      choose={(chosen) => {
        setTheme(chosen);
        void prefer({ theme: chosen });
      }}
    />
  );
}
