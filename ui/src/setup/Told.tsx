import type { ReactNode } from "react";

import type { Problem } from "@/api/parts";

/** What is wrong with one field, below it; the field is described by `id`. */
export function Told({ id, problems }: { id: string; problems: Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <p id={id} className={problems.some(({ warning }) => !warning) ? "partFault" : "partWarning"}>
      {problems.map(({ message }) => message).join(" ")}
    </p>
  );
}

/** Below a field: what it is for, and what is wrong with it. */
export function Beneath({ id, help, problems }: { id: string; help?: ReactNode; problems: Problem[] }) {
  return (
    <>
      {help && (
        <p id={`${id}help`} className="caption">
          {help}
        </p>
      )}
      <Told id={`${id}told`} problems={problems} />
    </>
  );
}
