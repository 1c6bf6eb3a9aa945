/** What a queue offers of the results, and whether one has to be said. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useId } from "react";

import { spoken } from "@/i18n/language";
import type { ResultsEditing } from "@/results/Results";
import { branch, isHeading, offer, offered, rows, type ResultsQueue } from "@/results/tree";
import { Told } from "@/setup/Told";

export function QueueFields({ editing, queue }: { editing: ResultsEditing; queue: ResultsQueue }) {
  const { t } = useLingui();
  const group = useId();
  const all = editing.value.dispositions;
  const has = offered(all, queue);
  const some = queue.dispositions.length > 0;
  const write = (next: ResultsQueue) => editing.change({ queues: editing.queues.map((each) => (each.id === queue.id ? next : each)) });
  const top = rows(all)
    .filter(({ depth }) => depth === 0)
    .map(({ one }) => one.id);
  return (
    <div className="partFields">
      <h2 className="heading">{queue.name || queue.id}</h2>
      <label className="partCheck">
        <input type="checkbox" checked={queue.disposition_required} onChange={(event) => write({ ...queue, disposition_required: event.target.checked })} />
        <Trans>A contact is not over without a result</Trans>
      </label>
      <fieldset className="field partGroup">
        <legend className="label">
          <Trans>What is offered</Trans>
        </legend>
        <label className="partCheck">
          <input type="radio" name={group} checked={!some} onChange={() => write({ ...queue, dispositions: [] })} />
          <Trans>All results, also those that are added later</Trans>
        </label>
        <label className="partCheck">
          <input type="radio" name={group} checked={some} disabled={all.length === 0} onChange={() => write({ ...queue, dispositions: top })} />
          <Trans>Those that are ticked</Trans>
        </label>
      </fieldset>
      {some && (
        <fieldset className="field partGroup" aria-describedby={`${group}told`}>
          <legend className="label">{t`Results of the queue`}</legend>
          {rows(all).map(({ one, depth }) => {
            const leaves = [...branch(all, one.id)].filter((id) => !isHeading(all, id));
            const kept = leaves.filter((id) => has.has(id)).length;
            return (
              <label key={one.id} className="partCheck" style={{ marginInlineStart: Math.min(depth, 6) * 24 }}>
                <Tick whole={kept === leaves.length} part={kept > 0} change={(on) => write(offer(all, queue, one.id, on))} />
                {one[spoken()] || one.id}
              </label>
            );
          })}
          <Told id={`${group}told`} problems={editing.at(`queues[${editing.queues.indexOf(queue)}].dispositions`)} />
        </fieldset>
      )}
    </div>
  );
}

function Tick({ whole, part, change }: { whole: boolean; part: boolean; change: (on: boolean) => void }) {
  return (
    <input
      type="checkbox"
      ref={(box) => {
        if (box) box.indeterminate = part && !whole;
      }}
      checked={whole}
      onChange={(event) => change(event.target.checked)}
    />
  );
}
