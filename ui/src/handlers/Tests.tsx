/** The tests kept with a scenario in Python: run as the code stands on the screen, saved with it, and looked at before it counts. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ListChecks, X } from "lucide-react";

import type { HandlerVerdict } from "@/api/handlers";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import type { FlowTest } from "@/flows/flow";

interface Props {
  tests: FlowTest[];
  verdicts: HandlerVerdict[] | undefined;
  error: Error | null;
  pending: boolean;
  run: () => void;
  remove: (number: number) => void;
}

export function Tests({ tests, verdicts, error, pending, run, remove }: Props) {
  const { t } = useLingui();
  const wrong = verdicts?.filter(({ wrong: found }) => found.length > 0).length ?? 0;
  return (
    <section className="card handlerTests" aria-label={t`Tests`}>
      <div className="setupMarks">
        <h2 className="heading">
          <Trans>Tests</Trans>
        </h2>
        {tests.length > 0 && (
          <Button icon={ListChecks} isPending={pending} onPress={run}>
            <Trans>Run the tests</Trans>
          </Button>
        )}
        <span role="status">{verdicts && (wrong === 0 ? <Tag tone="ok">{t`All hold`}</Tag> : <Tag tone="bad">{t`Do not hold: ${wrong}`}</Tag>)}</span>
      </div>
      <Refusal error={error} />
      {tests.length === 0 ? (
        <p className="muted">
          <Trans>None yet. Make a test call and keep it: what came of it must come of it from then on.</Trans>
        </p>
      ) : (
        <ul aria-label={t`Tests`}>
          {tests.map(({ name }, number) => {
            const found = verdicts?.find((each) => each.name === name);
            return (
              <li key={name}>
                {found ? <Tag tone={found.wrong.length > 0 ? "bad" : "ok"}>{found.wrong.length > 0 ? t`Does not hold` : t`Holds`}</Tag> : <Tag>{t`Test`}</Tag>}
                <span>{name}</span>
                <IconButton icon={X} name={t`Remove the test ${name}`} onPress={() => remove(number)} />
                {found && found.wrong.length > 0 && <span className="muted handlerWrong">{found.wrong.join("; ")}</span>}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
