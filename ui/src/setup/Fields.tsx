/** Fields of the forms of the set-up, each with what is wrong with it below. */
import { useLingui } from "@lingui/react/macro";
import { useId, useState, type ReactNode } from "react";

import type { Problem } from "@/api/parts";
import { described } from "@/setup/described";
import { Beneath } from "@/setup/Told";

interface LineProps {
  label: ReactNode;
  value: string;
  change: (value: string) => void;
  problems?: Problem[];
  help?: ReactNode;
  lang?: string;
  code?: boolean;
  rows?: number;
  longest?: number;
}

export function Line({ label, value, change, problems = [], help, lang, code, rows, longest }: LineProps) {
  const id = useId();
  const shared = { id, lang, className: code ? "input partCode" : "input", dir: code ? undefined : "auto", spellCheck: !code, value, maxLength: longest, ...described(id, help, problems) } as const;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {rows ? <textarea {...shared} rows={rows} onChange={(event) => change(event.target.value)} /> : <input {...shared} onChange={(event) => change(event.target.value)} />}
      <Beneath id={id} help={help} problems={problems} />
    </div>
  );
}

interface PickProps {
  label: ReactNode;
  value: string;
  options: { id: string; name: string }[];
  change: (value: string) => void;
  problems?: Problem[];
  help?: ReactNode;
}

/** What is chosen and not there any more stands by its id. */
export function Pick({ label, value, options, change, problems = [], help }: PickProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} {...described(id, help, problems)} onChange={(event) => change(event.target.value)}>
        {!options.some((each) => each.id === value) && <option value={value}>{value}</option>}
        {options.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </select>
      <Beneath id={id} help={help} problems={problems} />
    </div>
  );
}

interface FigureProps {
  label: ReactNode;
  /** In the unit that is shown. */
  value: number | null;
  change: (value: number | null) => void;
  /** What stands where nothing is written. */
  emptied?: number | null;
  problems?: Problem[];
  least?: number;
  help?: ReactNode;
}

/** A number, or nothing. What is being typed is left alone. */
export function Figure({ label, value, change, emptied = null, problems = [], least, help }: FigureProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const stands = value === null ? "" : `${value}`;
  const shown = typed !== null && (typed === "" ? emptied : Number(typed)) === value ? typed : stands;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        step="any"
        min={least}
        className="input partShort"
        value={shown}
        {...described(id, help, problems)}
        onChange={(event) => {
          setTyped(event.target.value);
          change(event.target.value === "" ? emptied : Number(event.target.value));
        }}
        onBlur={() => setTyped(null)}
      />
      <Beneath id={id} help={help} problems={problems} />
    </div>
  );
}

/** By which the file and programs know it: free while nothing that counts has it, told from then on. */
export function NameInFile({ id, others, published, rename }: { id: string; others: string[]; published: boolean; rename: (to: string) => void }) {
  const { t } = useLingui();
  const field = useId();
  const [typed, setTyped] = useState(id);
  const wrong = typed !== id && (!/^[\p{L}\p{N}._-]{1,64}$/u.test(typed) || others.includes(typed));
  const keep = () => {
    if (wrong) setTyped(id);
    else if (typed !== id) rename(typed);
  };
  return (
    <div className="field">
      <label htmlFor={field}>{t`Name in the file and in reports`}</label>
      <input
        id={field}
        className="input partShort partCode"
        spellCheck={false}
        readOnly={published}
        aria-invalid={wrong || undefined}
        title={published ? t`It has been published by this name` : t`Letters, digits, dots, hyphens, underscores; nothing else is called so`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => event.key === "Enter" && keep()}
      />
    </div>
  );
}
