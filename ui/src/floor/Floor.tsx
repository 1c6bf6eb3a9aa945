/** The centre as it is at this moment: who waits, who works, what goes on. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { AlertTriangle, Headphones, LoaderCircle, PhoneOff } from "lucide-react";
import { lazy, Suspense, type ReactNode } from "react";

import { call } from "@/api/client";
import { can, useMe } from "@/api/session";
import type { AgentState, Callback, FloorAgent, FloorContact, LiveQueue, Parking } from "@/api/types";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag, type Tone } from "@/design/Tag";
import { Since, Until } from "@/design/Timer";
import { CallbackTag, OutgoingTag } from "@/desk/CallbackTag";
import { LATE_SECONDS, longestWait } from "@/desk/QueuePulse";
import { Incidents } from "@/floor/Incidents";
import "@/floor/floor.css";
import { GiveTo } from "@/floor/GiveTo";
import { moment, nameOf, phone } from "@/i18n/format";
import { agentTone, MISSED, statusWords, useWords } from "@/i18n/words";
import { useLive, useSecondsSince } from "@/live/useLive";

const AgentDrawer = lazy(() => import("@/floor/AgentDrawer").then((module) => ({ default: module.AgentDrawer })));

const BUSY: AgentState[] = ["dialling", "talking", "held", "rejoining"];
const ORDER: AgentState[] = ["offered", "dialling", "talking", "held", "rejoining", "wrap_up", "ready", "not_ready", "offline"];
/** Whoever is in one of these can be given to an agent. */
const QUEUED = ["waiting", "queued", "offered"];
const STAGES = ["waiting", "queued", "postponed", "offered", "dialling", "scenario", "held", "rejoining", "talking", "wrap_up", "parked"];
/** Before the customer is called a callback can be cancelled. */
const CANCELLABLE = ["waiting", "postponed", "offered"];
const STAGE_TONES: Record<string, Tone> = { postponed: "plain", waiting: "warn", queued: "warn", offered: "accent", scenario: "plain" };

export function Floor() {
  const floor = useLive((state) => state.floor);
  const queues = useLive((state) => state.queues) ?? [];
  const { agent: chosen } = useSearch({ from: "/inside/floor" });
  const navigate = useNavigate({ from: "/floor" });
  const show = (agent: string | undefined) => void navigate({ search: agent ? { agent } : {} });
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
      <Figures queues={queues} agents={floor.agents} contacts={floor.contacts} />
      <div className="floorColumns">
        <Agents agents={floor.agents} show={show} />
        <div className="floorSide">
          <Queues queues={queues} />
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

function Agents({ agents, show }: { agents: FloorAgent[]; show: (agent: string) => void }) {
  const { t } = useLingui();
  const sorted = [...agents].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.name.localeCompare(b.name));
  return (
    <section className="card floorCard">
      <h2 className="heading">
        <Trans>Agents</Trans>
      </h2>
      <table className="table" aria-label={t`Agents`}>
        <thead>
          <tr>
            <th>{t`Agent`}</th>
            <th>{t`State`}</th>
            <th className="end">{t`Time in state`}</th>
            <th className="floorContact">{t`Contact`}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((agent) => (
            <AgentRow key={agent.id} agent={agent} show={() => show(agent.id)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function AgentRow({ agent, show }: { agent: FloorAgent; show: () => void }) {
  const { t } = useLingui();
  const words = useWords();
  const reasons = useLive(statusWords) ?? [];
  const missed = agent.state === "not_ready" && agent.reason === MISSED;
  const off = agent.state === "offline";
  return (
    <tr className={off ? "muted" : ""}>
      <td className="floorName">
        <Button kind="bare" onPress={show}>
          {agent.name}
        </Button>
        {agent.contact && agent.contact.supervisors.length > 0 && <Headphones size={14} role="img" aria-label={t`A supervisor has joined`} />}
      </td>
      <td>
        <Tag tone={missed ? "bad" : agentTone[agent.state]} dotted={!off}>
          {words.status(agent.state, agent.reason, reasons)}
        </Tag>
      </td>
      <td className="end">{off ? "–" : <Since at={agent.since} />}</td>
      <td className="floorContact">
        {agent.contact ? (
          <>
            <span className="floorNumber">{agent.contact.ani ? phone(agent.contact.ani) : words.withheld}</span>{" "}
            {agent.contact.direction === "out" && <OutgoingTag />}
            <span className="muted">{nameOf(agent.contact.queue)}</span>
          </>
        ) : (
          <span className="muted">–</span>
        )}
      </td>
    </tr>
  );
}

function Queues({ queues }: { queues: LiveQueue[] }) {
  const { t } = useLingui();
  return (
    <section className="card floorCard">
      <h2 className="heading">
        <Trans>Queues</Trans>
      </h2>
      <table className="table" aria-label={t`Queues`}>
        <thead>
          <tr>
            <th>{t`Queue`}</th>
            <th className="end">{t`Waiting`}</th>
            <th className="end">{t`Longest wait`}</th>
            <th className="end">{t`Agents ready`}</th>
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <QueueRow key={queue.id} queue={queue} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function QueueRow({ queue }: { queue: LiveQueue }) {
  const late = useSecondsSince(queue.longest_since) >= LATE_SECONDS;
  return (
    <tr>
      <td className="floorName">{queue.name}</td>
      <td className="end figures">{queue.waiting}</td>
      <td className={`end ${late ? "floorLate" : ""}`}>
        {late && <AlertTriangle size={14} aria-hidden />} {queue.longest_since ? <Since at={queue.longest_since} /> : <span className="muted">–</span>}
      </td>
      <td className="end figures">{queue.agents_ready}</td>
    </tr>
  );
}

function Contacts({ contacts, agents }: { contacts: FloorContact[]; agents: FloorAgent[] }) {
  const { t } = useLingui();
  const words = useWords();
  const me = useMe();
  const may = can(me, "contacts.give");
  const give = useMutation({
    mutationFn: ({ contact, agent }: { contact: string; agent: string }) => call("POST", `/api/contacts/${contact}/push`, { agent }),
  });
  const cancel = useMutation({ mutationFn: (contact: string) => call("POST", `/api/contacts/${contact}/callback/cancel`, {}) });
  const giveBack = useMutation({
    mutationFn: ({ contact, agent }: { contact: string; agent?: string }) => call("POST", `/api/contacts/${contact}/return`, agent ? { agent } : {}),
  });
  const sorted = [...contacts].sort((a, b) => STAGES.indexOf(a.state) - STAGES.indexOf(b.state) || a.since.localeCompare(b.since));
  return (
    <section className="card floorCard">
      <h2 className="heading">
        <Trans>Contacts now</Trans>
        <span className="muted figures"> {contacts.length}</span>
      </h2>
      <Refusal error={give.error ?? cancel.error ?? giveBack.error} />
      {contacts.length === 0 ? (
        <p className="blank">
          <Trans>Nobody is calling.</Trans>
        </p>
      ) : (
        <table className="table" aria-label={t`Contacts now`}>
          <thead>
            <tr>
              <th>{t`Number`}</th>
              <th>{t`Queue`}</th>
              <th>{t`State`}</th>
              <th className="end">{t`Time in state`}</th>
              {may && (
                <th>
                  <span className="unseen">{t`Give to…`}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {sorted.map((contact) => (
              <tr key={contact.id}>
                <td className="floorName">{contact.ani ? phone(contact.ani) : words.withheld}</td>
                <td>{nameOf(contact.queue) || <span className="muted">–</span>}</td>
                <td>
                  <Tag tone={STAGE_TONES[contact.state] ?? agentTone[contact.state as AgentState]}>{words.stage(contact.state)}</Tag>
                  {contact.direction === "out" && <OutgoingTag />}
                  {contact.callback && <CallbackMark callback={contact.callback} />}
                  {contact.parked && <ParkedMark parked={contact.parked} />}
                </td>
                <td className="end">
                  <Since at={contact.since} />
                </td>
                {may && (
                  <td className="end">
                    {contact.callback && CANCELLABLE.includes(contact.state) && (
                      <IconButton icon={PhoneOff} name={t`Cancel callback`} className="cancelBack" onPress={() => cancel.mutate(contact.id)} />
                    )}
                    {contact.parked && (
                      <>
                        <Button kind="bare" className="giveTo" onPress={() => giveBack.mutate({ contact: contact.id })}>
                          <Trans>To the queue</Trans>
                        </Button>
                        <GiveTo agents={agents} give={(agent) => giveBack.mutate({ contact: contact.id, agent })} />
                      </>
                    )}
                    {QUEUED.includes(contact.state) && <GiveTo agents={agents} give={(agent) => give.mutate({ contact: contact.id, agent })} />}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Who keeps it, and until when. */
function ParkedMark({ parked }: { parked: Parking }) {
  const agent = parked.agent?.name ?? "";
  const at = moment(parked.returns_at);
  return (
    <span className="caption">
      {" "}
      {parked.until_written ? <Trans>{agent}, until they write</Trans> : <Trans>{agent}, until {at}</Trans>}
    </span>
  );
}

function CallbackMark({ callback }: { callback: Callback }) {
  const { attempts } = callback;
  return (
    <CallbackTag callback={callback}>
      {attempts > 0 && <Plural value={attempts} one=" · # attempt" other=" · # attempts" />}
      {callback.due_at && (
        <>
          {" · "}
          <Until at={callback.due_at} />
        </>
      )}
    </CallbackTag>
  );
}
