/** The results as agents of a queue choose them. Nothing is kept. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { pathTo } from "@/desk/dispositions";
import "@/desk/result.css";
import { Levels } from "@/desk/ResultTree";
import type { ResultsEditing } from "@/results/Results";
import { offered, rows } from "@/results/tree";
import { Pick } from "@/setup/Fields";

export function ResultPreview({ editing, queue }: { editing: ResultsEditing; queue: string | null }) {
  const { t } = useLingui();
  const [own, setOwn] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = editing.queues.find(({ id }) => id === (queue ?? own)) ?? editing.queues[0];
  const all = rows(editing.value.dispositions).map(({ one }) => one);
  const has = shown ? offered(all, shown) : new Set(all.map(({ id }) => id));
  const kept = new Set([...has].flatMap((id) => pathTo(all, id).map((one) => one.id)));
  const seen = all.filter(({ id }) => kept.has(id));
  return (
    <div className="partPreview">
      {queue === null && <Pick label={t`After a contact of the queue`} value={shown?.id ?? ""} options={editing.queues} change={setOwn} />}
      {seen.length > 0 ? (
        <section className="resultTree" aria-label={t`As the agent sees it`}>
          <Levels key={shown?.id ?? ""} dispositions={seen} chosen={seen.some(({ id }) => id === chosen) ? chosen : null} choose={setChosen} required={shown?.disposition_required ?? true} />
        </section>
      ) : (
        <p className="muted">
          <Trans>There is nothing to choose: agents are not asked.</Trans>
        </p>
      )}
    </div>
  );
}
