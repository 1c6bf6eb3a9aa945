/** Language and theme: on the sign-in page and in the menu under one's name. */
import { useLingui } from "@lingui/react/macro";
import { Monitor, Moon, Sun, type LucideIcon } from "lucide-react";
import { useState } from "react";

import { prefer } from "@/api/session";
import type { Language, Theme } from "@/api/types";
import "@/app/preferences.css";
import { wornTheme } from "@/design/theme";

const LANGUAGES: { id: Language; short: string; own: string }[] = [
  { id: "ru", short: "RU", own: "Русский" },
  { id: "en", short: "EN", own: "English" },
];

/** A row of choices, one of which holds: arrow keys move, as radio buttons do. */
function Choice<T extends string>(props: {
  name: string;
  value: T;
  options: { id: T; name: string; lang?: string; short?: string; icon?: LucideIcon }[];
  choose: (value: T) => void;
}) {
  return (
    <div role="radiogroup" aria-label={props.name} className="choice">
      {props.options.map(({ id, name, lang, short, icon: Icon }) => (
        <label key={id} title={name} lang={lang}>
          <input
            type="radio"
            name={props.name}
            aria-label={name}
            checked={props.value === id}
            onChange={() => props.choose(id)}
            className="unseen"
          />
          {Icon ? <Icon size={16} aria-hidden /> : <span aria-hidden>{short}</span>}
        </label>
      ))}
    </div>
  );
}

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
