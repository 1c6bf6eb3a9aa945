/** What is made begins with its name; without one it has the usual. */
import { Trans } from "@lingui/react/macro";
import { useId, useState } from "react";

import { Button } from "@/design/Button";

interface Props {
  usual: string;
  submit: string;
  add: (name: string) => void;
}

export function NewNamed({ usual, submit, add }: Props) {
  const [name, setName] = useState("");
  const id = useId();
  return (
    <form
      className="card partNew"
      onSubmit={(event) => {
        event.preventDefault();
        add(name.trim() || usual);
      }}
    >
      <div className="field">
        <label htmlFor={id}>
          <Trans>Name</Trans>
        </label>
        <input id={id} className="input" autoFocus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </div>
      <Button kind="primary" type="submit">
        {submit}
      </Button>
    </form>
  );
}
