/** Who is in shift and does what, those whom something rings at first. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowDown, Headphones, PhoneOff } from "lucide-react";
import { memo } from "react";

import type { FloorAgent, Worded } from "@/api/types";
import type { FloorSort } from "@/app/router";
import { Button } from "@/design/Button";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import { OutgoingTag } from "@/desk/CallbackTag";
import { LongTable } from "@/floor/LongTable";
import { nameOf, phone } from "@/i18n/format";
import { agentTone, MISSED, REFUSED, statusWords, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";

const NONE: readonly Worded[] = [];

interface Props {
  /** As they are to be shown. */
  agents: FloorAgent[];
  sort: FloorSort;
  order: (sort: FloorSort) => void;
  show: (agent: string) => void;
}

export function Agents({ agents, sort, order, show }: Props) {
  const { t } = useLingui();
  const reasons = useLive(statusWords) ?? NONE;
  return (
    <section className="card floorCard">
      <h2 className="heading">
        <Trans>Agents</Trans>
        <span className="muted figures"> {agents.length}</span>
      </h2>
      <LongTable
        name={t`Agents`}
        columns={4}
        rows={agents}
        row={(agent) => <AgentRow key={agent.id} agent={agent} show={show} reasons={reasons} />}
        head={
          <>
            <Sorted by="name" sort={sort} order={order}>{t`Agent`}</Sorted>
            <Sorted by="state" sort={sort} order={order}>{t`State`}</Sorted>
            <Sorted by="time" sort={sort} order={order} end>{t`Time in state`}</Sorted>
            <th className="floorContact">{t`Contact`}</th>
          </>
        }
      />
    </section>
  );
}

function Sorted({ by, sort, order, end, children }: { by: FloorSort; sort: FloorSort; order: Props["order"]; end?: boolean; children: string }) {
  return (
    <th className={end ? "end" : ""} aria-sort={by === sort ? (by === "time" ? "descending" : "ascending") : undefined}>
      <Button kind="bare" className="sorted" onPress={() => order(by)}>
        {children}
        {by === sort && <ArrowDown size={12} aria-hidden />}
      </Button>
    </th>
  );
}

interface Row {
  agent: FloorAgent;
  show: (agent: string) => void;
  reasons: readonly Worded[];
}

/** Drawn again when this agent's row has changed, and not when another's has. */
const AgentRow = memo(function AgentRow({ agent, show, reasons }: Row) {
  const { t } = useLingui();
  const words = useWords();
  const missed = agent.state === "not_ready" && (agent.reason === MISSED || agent.reason === REFUSED);
  const off = agent.state === "offline";
  return (
    <tr className={off ? "muted" : ""}>
      <td className="floorName">
        <Button kind="bare" onPress={() => show(agent.id)}>
          {agent.name}
        </Button>
        {!off && !agent.reachable && <PhoneOff size={14} role="img" aria-label={t`The telephone is not connected`} />}
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
});
