/** The centre as it is at this moment: who waits, who works, what goes on. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { AlertTriangle, LoaderCircle } from "lucide-react";
import { lazy, Suspense, useCallback, type ReactNode } from "react";

import type { AgentState, FloorAgent, FloorContact, FloorQueue } from "@/api/types";
import { Since } from "@/design/Timer";
import { longestWait } from "@/desk/QueuePulse";
import type { FloorSearch } from "@/app/router";
import { Agents } from "@/floor/Agents";
import { Alerts } from "@/floor/Alerts";
import { Contacts } from "@/floor/Contacts";
import "@/floor/floor.css";
import { Filters, type Part } from "@/floor/Filters";
import { Incidents } from "@/floor/Incidents";
import { Notices } from "@/floor/Notices";
import { BUSY, shownAgents, shownContacts } from "@/floor/shown";
import { Queues, useMarks } from "@/floor/Queues";
import { useLive } from "@/live/useLive";

const ContactNow = lazy(() => import("@/floor/ContactNow").then((module) => ({ default: module.ContactNow })));
const AgentDrawer = lazy(() => import("@/floor/AgentDrawer").then((module) => ({ default: module.AgentDrawer })));

/** Without what is asked for no more. */
const kept = (search: Part): FloorSearch =>
  Object.fromEntries(Object.entries(search).filter(([key, value]) => value !== undefined && !(key === "sort" && value === "state")));

export function Floor() {
  const floor = useLive((state) => state.floor);
  const search = useSearch({ from: "/inside/floor" });
  const navigate = useNavigate({ from: "/floor" });
  /** Filters take the place of what was in the address; what is opened can be gone back from. */
  const change = (part: Part) => void navigate({ search: (before) => kept({ ...before, ...part }), replace: true });
  /** One drawer at a time. */
  const show = useCallback((agent: string | undefined) => void navigate({ search: (before) => kept({ ...before, agent, contact: undefined }) }), [navigate]);
  const showContact = useCallback((contact: string | undefined) => void navigate({ search: (before) => kept({ ...before, contact, agent: undefined }) }), [navigate]);
  const agent = floor?.agents.find((one) => one.id === search.agent);
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
      <Alerts alerts={floor.alerts} open={show} />
      <Notices notices={floor.notices} agents={floor.agents} queues={floor.queues} />
      <Figures queues={floor.queues} agents={floor.agents} contacts={floor.contacts} />
      <Filters search={search} queues={floor.queues} change={change} />
      <div className="floorColumns">
        <Agents agents={shownAgents(floor.agents, floor.queues, search)} sort={search.sort ?? "state"} order={(sort) => change({ sort })} show={show} />
        <div className="floorSide">
          <Queues queues={floor.queues} />
          <Contacts contacts={shownContacts(floor.contacts, search)} agents={floor.agents} show={showContact} />
        </div>
      </div>
      {agent && (
        <Suspense>
          <AgentDrawer agent={agent} queues={floor.queues} skills={floor.skills} close={() => show(undefined)} />
        </Suspense>
      )}
      {search.contact && (
        <Suspense>
          <ContactNow
            key={search.contact}
            id={search.contact}
            contact={floor.contacts.find((one) => one.id === search.contact) ?? null}
            showAgent={show}
            close={() => showContact(undefined)}
          />
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

function Figures({ queues, agents, contacts }: { queues: FloorQueue[]; agents: FloorAgent[]; contacts: FloorContact[] }) {
  const { t } = useLingui();
  const longest = longestWait(queues);
  const late = useMarks(queues).some((mark) => mark === "wait_alarm" || mark === "waiting_alarm");
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
