/** What of the floor is shown. All of it is in the address: it can be sent to a colleague, and goes back with the browser. */
import { useLingui } from "@lingui/react/macro";

import type { FloorQueue } from "@/api/types";
import type { FloorSearch, FloorState } from "@/app/router";
import { SearchField } from "@/design/SearchField";
import { useWords } from "@/i18n/words";

/** What is undefined is asked for no more. */
export type Part = { [key in keyof FloorSearch]?: FloorSearch[key] | undefined };
type Change = (part: Part) => void;

export function Filters({ search, queues, change }: { search: FloorSearch; queues: FloorQueue[]; change: Change }) {
  const { t } = useLingui();
  const words = useWords();
  const states: Record<FloorState, string> = {
    offered: words.agentState("offered"),
    busy: t`In conversation`,
    wrap_up: words.agentState("wrap_up"),
    ready: words.agentState("ready"),
    not_ready: words.agentState("not_ready"),
    offline: words.agentState("offline"),
  };
  return (
    <div className="filters" role="search" aria-label={t`Filters`}>
      <SearchField value={search.q ?? ""} placeholder={t`Agent, number`} change={(q) => change({ q })} />
      <select className="input" aria-label={t`Queue`} value={search.queue ?? ""} onChange={(event) => change({ queue: event.target.value || undefined })}>
        <option value="">{t`All queues`}</option>
        {queues.map((queue) => (
          <option key={queue.id} value={queue.id}>
            {queue.name}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t`State of the agents`}
        value={search.state ?? ""}
        onChange={(event) => change({ state: (event.target.value || undefined) as FloorState | undefined })}
      >
        <option value="">{t`Any state`}</option>
        {Object.entries(states).map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
