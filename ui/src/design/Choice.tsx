import type { LucideIcon } from "lucide-react";
import { useId } from "react";

import "@/design/choice.css";

/** A row of choices, one of which holds: arrow keys move, as radio buttons do. */
export function Choice<T extends string>(props: {
  name: string;
  value: T;
  options: { id: T; name: string; lang?: string; short?: string; icon?: LucideIcon }[];
  choose: (value: T) => void;
}) {
  const group = useId();
  return (
    <div role="radiogroup" aria-label={props.name} className="choice">
      {props.options.map(({ id, name, lang, short, icon: Icon }) => (
        <label key={id} title={name} lang={lang}>
          <input
            type="radio"
            name={group}
            aria-label={name}
            checked={props.value === id}
            onChange={() => props.choose(id)}
          />
          {Icon ? <Icon size={16} aria-hidden /> : <span aria-hidden>{short}</span>}
        </label>
      ))}
    </div>
  );
}
