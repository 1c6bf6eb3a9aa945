/** What was published of a part, or of one thing in it; what would change by going back, and the way back. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";

import { checkPart, openPart, partVersionsQuery, type Edited, type PartName, type QueueOf } from "@/api/parts";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { fullMoment } from "@/i18n/format";
import { Changes } from "@/setup/Publish";
import type { Editing } from "@/setup/useSetupPart";

interface Props<Value, Queue extends QueueOf> {
  part: PartName;
  item?: string;
  editing: Editing<Value, Queue>;
  /** What would stand if the earlier one were taken. */
  with: (earlier: Value) => Value;
}

export function PartVersions<Value, Queue extends QueueOf>({ part, item, editing, with: withEarlier }: Props<Value, Queue>) {
  const { t } = useLingui();
  const { data, error } = useQuery(partVersionsQuery(part, item));
  const look = useMutation({
    mutationFn: async (version: number) => {
      const earlier = await openPart<Value, Queue>(part, version);
      const edited: Edited<Value, Queue> = { value: withEarlier(earlier.value), queues: editing.queues, agents: {} };
      return { version, earlier: earlier.value, found: await checkPart(part, edited) };
    },
  });
  const newest = data?.versions[0]?.version;
  const shown = look.data;
  return (
    <div className="partVersions">
      <Refusal error={error ?? look.error} />
      {data?.versions.length === 0 && (
        <p className="muted">
          <Trans>Not published yet.</Trans>
        </p>
      )}
      <ul aria-label={t`Versions`}>
        {data?.versions.map(({ version, made_at, by, comment, gone }) => (
          <li key={version}>
            <span>
              <strong className="figures">{version}</strong> {version === newest && !gone && <Tag tone="ok">{t`Counts now`}</Tag>}
              {gone && <Tag>{t`Deleted`}</Tag>}
              <span className="muted partVersionBy">{[fullMoment(made_at), by, comment].filter(Boolean).join(" · ")}</span>
            </span>
            {!gone && (
              <Button kind="bare" pressed={shown?.version === version} isPending={look.isPending && look.variables === version} onPress={() => look.mutate(version)} aria-label={t`Compare version ${version}`}>
                <Trans>Compare</Trans>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {shown && (
        <section aria-live="polite">
          <h2 className="heading">
            <Trans>From what counts now to version {shown.version}</Trans>
          </h2>
          <Changes changes={shown.found.changes} documents={[shown.earlier, editing.opened.value, editing.queues]} />
          {shown.found.changes.length > 0 && (
            <Button icon={RotateCcw} onPress={() => editing.change({ value: withEarlier(shown.earlier) })}>
              <Trans>Take it into the editor</Trans>
            </Button>
          )}
        </section>
      )}
    </div>
  );
}
