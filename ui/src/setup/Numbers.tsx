/** Numbers, or beginnings of numbers. */
import { useId, useState, type ReactNode } from "react";

import type { Problem } from "@/api/parts";
import { numbersIn } from "@/setup/numbersIn";
import { described } from "@/setup/described";
import { Beneath } from "@/setup/Told";

interface Props {
  label: string;
  value: string[];
  problems: Problem[];
  help?: ReactNode;
  change: (value: string[]) => void;
}

/** What is being typed is left alone until the field is left. Of several lines: a column that is pasted stays several numbers. */
export function Numbers({ label, value, problems, help, change }: Props) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="input figures partNumbers"
        rows={Math.min(6, (typed ?? "").split("\n").length)}
        inputMode="tel"
        autoComplete="off"
        value={typed ?? value.join(", ")}
        {...described(id, help, problems)}
        onChange={(event) => {
          setTyped(event.target.value);
          change(numbersIn(event.target.value));
        }}
        onBlur={() => setTyped(null)}
      />
      <Beneath id={id} help={help} problems={problems} />
    </div>
  );
}
