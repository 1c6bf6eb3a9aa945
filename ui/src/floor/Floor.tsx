/** The centre as it is at this moment: who waits, who works, what goes on. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { AlertTriangle, LoaderCircle } from "lucide-react";
import { lazy, Suspense, useCallback, type ReactNode } from "react";

import type { AgentState, FloorAgent, FloorContact, LiveQueue } from "@/api/types";
import { Since } from "@/design/Timer";
import { LATE_SECONDS, longestWait } from "@/desk/QueuePulse";
import { Agents } from "@/floor/Agents";
import { Contacts } from "@/floor/Contacts";
import "@/floor/floor.css";
import { Incidents } from "@/floor/Incidents";
import { Queues } from "@/floor/Queues";
import { useLive, useSecondsSince } from "@/live/useLive";

const AgentDrawer = lazy(() => import("@/floor/AgentDrawer").then((module) => ({ default: module.AgentDrawer })));

const BUSY: AgentState[] = ["dialling", "talking", "held", "rejoining"];

export function Floor() {
  const floor = useLive((state) => state.floor);
  const { agent: chosen } = useSearch({ from: "/inside/floor" });
  const navigate = useNavigate({ from: "/floor" });
  const show = useCallback((agent: string | undefined) => void navigate({ search: agent ? { agent } : {} }), [navigate]);
  const agent = floor?.agents.find((one) => one.id === chosen);
  if (!floor) {
    return (
      <div className="blank" role="status">
        <LoaderCircle className="spin" aria-hidden />
        <Trans>Loading…</Trans>
      </div>
    );
  }
  return (
    // A place that scrolls and holds nothing to press must itself take the keyboard.
    <section className="page floor" tabIndex={0} aria-labelledby="floor">
      <h1 id="floor">
        <Trans>The shift now</Trans>
      </h1>
      <Incidents incidents={floor.incidents} />
      <Figures queues={floor.queues} agents={floor.agents} contacts={floor.contacts} />
      <div className="floorColumns">
        <Agents agents={floor.agents} show={show} />
        <div className="floorSide">
          <Queues queues={floor.queues} />
          <Contacts contacts={floor.contacts} agents={floor.agents} />
        </div>
      </div>
      {agent && (
        <Suspense>
          <AgentDrawer agent={agent} close={() => show(undefined)} />
        </Suspense>
      )}
    </section>
  );
}

function Figure({ name, children, late }: { name: string; children: ReactNode; late?: boolean }) {
  return (
    <div className={late ? "late" : ""}>
      <dt>
        {late && <AlertTriangle size={14} aria-hidden />}
        {name}
      </dt>
      <dd className="figures">{children}</dd>
    </div>
  );
}

function Figures({ queues, agents, contacts }: { queues: LiveQueue[]; agents: FloorAgent[]; contacts: FloorContact[] }) {
  const { t } = useLingui();
  const longest = longestWait(queues);
  const late = useSecondsSince(longest) >= LATE_SECONDS;
  const parked = contacts.filter((contact) => contact.parked).length;
  const count = (...states: AgentState[]) => agents.filter((agent) => states.includes(agent.state)).length;
  return (
    <dl className="floorFigures card">
      <Figure name={t`Waiting`}>{queues.reduce((sum, queue) => sum + queue.waiting, 0)}</Figure>
      <Figure name={t`Longest wait`} late={late}>
        {longest ? <Since at={longest} /> : "–"}
      </Figure>
      <Figure name={t`In the menu`}>{contacts.filter((contact) => contact.state === "scenario").length}</Figure>
      <Figure name={t`Talking`}>{count(...BUSY)}</Figure>
      <Figure name={t`Wrap-up`}>{count("wrap_up")}</Figure>
      {parked > 0 && <Figure name={t`Parked`}>{parked}</Figure>}
      <Figure name={t`Ready / on shift`}>
        {count("ready")} <span className="muted">/ {agents.length - count("offline")}</span>
      </Figure>
    </dl>
  );
}
