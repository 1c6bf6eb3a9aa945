/** Which queue offers what, at a glance. */
import { useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { SearchField } from "@/design/SearchField";
import type { ResultsEditing } from "@/results/Results";
import { isHeading, offered } from "@/results/tree";
import { Outline } from "@/setup/Outline";

const SHORT = 12;
const nothing = () => undefined;

export function QueueList({ editing, chosen, choose, edit }: { editing: ResultsEditing; chosen: string | null; choose: (id: string) => void; edit: () => void }) {
  const { t } = useLingui();
  const [q, setQ] = useState<string>();
  const all = editing.value.dispositions;
  const said = (queue: ResultsEditing["queues"][number]) => {
    const count = [...offered(all, queue)].filter((id) => !isHeading(all, id)).length;
    const what = queue.dispositions.length === 0 ? t`all results` : t`results: ${count}`;
    return queue.disposition_required ? what : t`${what}, may be left out`;
  };
  const shown = editing.queues.filter(({ id, name }) => !q || [id, name].some((text) => text.toLocaleLowerCase().includes(q.toLocaleLowerCase())));
  return (
    <div className="partOutlinePage">
      {editing.queues.length > SHORT && <SearchField value={q ?? ""} placeholder={t`Name of the queue`} change={setQ} />}
      <Outline
        label={t`Queues`}
        rows={shown.map((queue) => ({ id: queue.id, depth: 0, name: queue.name || queue.id, more: said(queue), problems: editing.at(`queues[${editing.queues.indexOf(queue)}]`), fixed: true }))}
        chosen={chosen}
        acts={{ choose, edit, add: nothing, remove: nothing, move: nothing, drop: nothing, allows: () => false }}
        still
      />
    </div>
  );
}
