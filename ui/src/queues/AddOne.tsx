/** One is chosen, then added: choosing alone, which keys do on the way, adds nobody. */
import { Trans } from "@lingui/react/macro";
import type { LucideIcon } from "lucide-react";
import { useId, useState } from "react";

import { Button } from "@/design/Button";

interface Props {
  label: string;
  icon: LucideIcon;
  things: { id: string; name: string }[];
  add: (id: string) => void;
}

export function AddOne({ label, icon, things, add }: Props) {
  const id = useId();
  const [chosen, setChosen] = useState("");
  const there = things.find((each) => each.id === chosen) ?? things[0];
  if (!there) return null;
  return (
    <div className="queueAdd">
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <select id={id} className="input" value={there.id} onChange={(event) => setChosen(event.target.value)}>
          {things.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </select>
      </div>
      <Button icon={icon} onPress={() => add(there.id)}>
        <Trans>Add</Trans>
      </Button>
    </div>
  );
}
