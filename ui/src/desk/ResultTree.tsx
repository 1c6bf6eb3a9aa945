/** How it ended: a row of choices for each level of the tree; a heading opens the next row. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Check, ChevronRight } from "lucide-react";
import { useState } from "react";

import type { Disposition } from "@/api/disposition";
import type { DeskContact } from "@/api/types";
import { pathTo, under, within } from "@/desk/dispositions";
import { spoken } from "@/i18n/language";
import { useLive } from "@/live/useLive";

interface Props {
  contact: DeskContact;
  chosen: string | null;
  choose: (disposition: string | null) => void;
  /** The agent wanted to go on without a result. */
  missing: boolean;
}

export function ResultTree({ contact, chosen, choose, missing }: Props) {
  const dispositions = within(useLive((state) => state.dispositions) ?? [], contact.dispositions);
  return <Levels dispositions={dispositions} chosen={chosen} choose={choose} required={contact.disposition_required} missing={missing} />;
}

/** Of those that may be chosen, with their headings. */
export function Levels({ dispositions, chosen, choose, required, missing = false }: { dispositions: Disposition[]; chosen: string | null; choose: Props["choose"]; required: boolean; missing?: boolean }) {
  const [heading, setHeading] = useState<string | null>(null);
  const path = pathTo(dispositions, chosen ?? heading);
  const levels = [null, ...path].map((one) => ({ of: one, choices: under(dispositions, one?.id ?? null) })).filter((level) => level.choices.length);
  const pick = (one: Disposition) => {
    const leads = under(dispositions, one.id).length > 0;
    setHeading(leads ? one.id : null);
    choose(leads ? null : one.id);
  };
  if (!dispositions.length) return null;
  return (
    <>
      {levels.map(({ of, choices }, depth) => (
        <Level key={of?.id ?? ""} of={of} choices={choices} on={path[depth] ?? null} pick={pick} dispositions={dispositions} required={required} />
      ))}
      {missing && !chosen && required && (
        <p id="missing-result" className="resultMissing" role="alert">
          {path.length ? <Trans>Choose what it was exactly.</Trans> : <Trans>Choose the result first.</Trans>}
        </p>
      )}
    </>
  );
}

interface LevelProps {
  of: Disposition | null;
  choices: Disposition[];
  on: Disposition | null;
  pick: (one: Disposition) => void;
  dispositions: Disposition[];
  required: boolean;
}

function Level({ of, choices, on, pick, dispositions, required }: LevelProps) {
  const { t } = useLingui();
  const leads = (one: Disposition) => under(dispositions, one.id).length > 0;
  const name = of ? of[spoken()] : t`Result`;
  return (
    <fieldset>
      <legend className={of ? "caption" : "heading"}>
        {name}
        {!of && !required && (
          <span className="caption">
            {" "}
            <Trans>(if you like)</Trans>
          </span>
        )}
      </legend>
      <div className="resultChoices">
        {choices.map((one) => (
          <label key={one.id}>
            <input type="radio" name={`disposition-${of?.id ?? ""}`} checked={on?.id === one.id} onChange={() => pick(one)} />
            {!leads(one) && <Check size={14} aria-hidden />}
            {one[spoken()]}
            {leads(one) && <ChevronRight className="leads" size={14} aria-hidden />}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
