/** What is wrong with a part, each with its place; a press goes there. */
import { Trans, useLingui } from "@lingui/react/macro";
import { CircleX, TriangleAlert } from "lucide-react";

import type { Problem } from "@/api/parts";
import { Button } from "@/design/Button";

/** `where`: what the place is called; `jump`: to it, null where nothing can be shown. */
export function Problems({ problems, where, jump }: { problems: Problem[]; where: (problem: Problem) => string; jump: (problem: Problem) => void }) {
  const { t } = useLingui();
  if (problems.length === 0) {
    return (
      <p className="muted">
        <Trans>Nothing stands against publishing.</Trans>
      </p>
    );
  }
  return (
    <ul className="partProblems" aria-label={t`Problems`}>
      {problems.map((problem, number) => (
        <li key={number} className={problem.warning ? "warning" : "fault"}>
          {problem.warning ? <TriangleAlert size={16} aria-label={t`Warning`} /> : <CircleX size={16} aria-label={t`Fault`} />}
          <Button kind="bare" className="partJump" onPress={() => jump(problem)}>
            {where(problem)}
          </Button>
          <span>{problem.message}</span>
        </li>
      ))}
    </ul>
  );
}

export function ProblemCount({ problems }: { problems: Problem[] }) {
  const count = problems.length;
  return (
    <>
      <Trans>Problems</Trans> {count > 0 && <span className={`partCount ${problems.some(({ warning }) => !warning) ? "bad" : "warn"}`}>{count}</span>}
    </>
  );
}
