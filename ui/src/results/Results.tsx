/** How contacts end: the tree of results, what follows from each, and which queue offers which. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState } from "react";

import type { Problem } from "@/api/parts";
import { LeaveGuard } from "@/configuration/LeaveGuard";
import { SetupNav } from "@/configuration/SetupNav";
import { useFocusing } from "@/design/focus";
import { Refusal } from "@/design/Refusal";
import { Tabs } from "@/design/Tabs";
import { spoken } from "@/i18n/language";
import { QueueFields } from "@/results/QueueFields";
import { QueueList } from "@/results/QueueList";
import { ResultFields } from "@/results/ResultFields";
import { ResultPreview } from "@/results/ResultPreview";
import "@/results/results.css";
import { ResultTree } from "@/results/ResultTree";
import type { Results as All, ResultsQueue } from "@/results/tree";
import { PartVersions } from "@/setup/PartVersions";
import { ProblemCount, Problems } from "@/setup/Problems";
import { PartActions } from "@/setup/Publish";
import "@/setup/setup.css";
import { useSetupPart, type Editing } from "@/setup/useSetupPart";

export type ResultsEditing = Editing<All, ResultsQueue>;

/** `results`, `queues`: which list stands on the left. */
export type Side = "results" | "queues";

export function Results() {
  const { editing, error } = useSetupPart<All, ResultsQueue>("results");
  return (
    <div className="page partEditor">
      <SetupNav />
      <header className="partTop">
        <h1>
          <Trans>Results of contacts</Trans>
        </h1>
        {editing && (
          <span className="partTools partHead">
            <PartActions part="results" editing={editing}>
              <Trans>Agents choose by this version from now on. What was chosen before keeps its name.</Trans>
            </PartActions>
          </span>
        )}
      </header>
      <p className="muted">
        <Trans>What an agent says at the end of a contact, and what follows from it.</Trans>
      </p>
      <Refusal error={error ?? editing?.error ?? null} />
      {editing && <Editor editing={editing} />}
      <LeaveGuard unsaved={editing?.unsaved ?? false}>
        <Trans>What was changed in the results is not published.</Trans>
      </LeaveGuard>
    </div>
  );
}

function Editor({ editing }: { editing: ResultsEditing }) {
  const { t } = useLingui();
  const [side, setSide] = useState<Side>("results");
  const [result, setResult] = useState<string | null>(editing.value.dispositions[0]?.id ?? null);
  const [queue, setQueue] = useState<string | null>(editing.queues[0]?.id ?? null);
  const box = useRef<HTMLDivElement>(null);
  const all = editing.value.dispositions;
  const focus = useFocusing();
  const focusForm = () => focus(() => box.current?.querySelector<HTMLElement>("input, textarea, select"));
  const { called, place } = usePlaces(editing);
  const jump = (problem: Problem) => {
    const found = place(problem);
    setSide(found.side);
    if (found.side === "results") setResult(found.id);
    else setQueue(found.id);
    focusForm();
  };
  const one = all.find(({ id }) => id === result) ?? null;
  const chosen = editing.queues.find(({ id }) => id === queue) ?? null;
  return (
    <div className="partColumns">
      <section className="partOutline paged" aria-label={t`Results and queues`}>
        <Tabs
          label={t`Results and queues`}
          chosen={side}
          choose={(id) => setSide(id as Side)}
          pages={[
            { id: "results", name: <Trans>Results</Trans>, content: <ResultTree editing={editing} chosen={result} choose={setResult} edit={focusForm} /> },
            { id: "queues", name: <Trans>Queues</Trans>, content: <QueueList editing={editing} chosen={queue} choose={setQueue} edit={focusForm} /> },
          ]}
        />
      </section>
      <div ref={box} className="partForm">
        {side === "queues" && chosen && <QueueFields key={chosen.id} editing={editing} queue={chosen} />}
        {side === "results" && one && <ResultFields key={one.id} editing={editing} one={one} renamed={setResult} />}
        {side === "results" && !one && (
          <p className="muted">
            <Trans>Add a result, or choose one to change it.</Trans>
          </p>
        )}
      </div>
      <aside className="partAside" aria-label={t`About the results`}>
        <Tabs
          label={t`About the results`}
          pages={[
            { id: "preview", name: <Trans>Preview</Trans>, content: <ResultPreview editing={editing} queue={side === "queues" ? queue : null} /> },
            { id: "problems", name: <ProblemCount problems={editing.problems} />, content: <Problems problems={editing.problems} where={called} jump={jump} /> },
            { id: "versions", name: <Trans>Versions</Trans>, content: <PartVersions part="results" editing={editing} with={(earlier) => earlier} /> },
          ]}
        />
      </aside>
    </div>
  );
}

/** Where "dispositions[3].ru" and "queues[1].dispositions[0]" are, and what stands there. */
function usePlaces({ value, queues }: ResultsEditing) {
  const place = (problem: Problem): { side: Side; id: string | null; name: string } => {
    const [, list, number] = /^(\w+)\[(\d+)\]/.exec(problem.place) ?? [];
    const queue = list === "queues" ? queues[Number(number)] : undefined;
    if (queue) return { side: "queues", id: queue.id, name: queue.name };
    const one = list === "dispositions" ? value.dispositions[Number(number)] : undefined;
    return { side: "results", id: one?.id ?? null, name: one ? one[spoken()] || one.id : problem.place };
  };
  return { place, called: (problem: Problem) => place(problem).name };
}
