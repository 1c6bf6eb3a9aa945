/** Who is in shift and does what, those whom something rings at first. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Headphones } from "lucide-react";
import { memo } from "react";

import type { AgentState, FloorAgent, Worded } from "@/api/types";
import { Button } from "@/design/Button";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import { LongTable } from "@/floor/LongTable";
import { byName, nameOf, phone } from "@/i18n/format";
import { agentTone, MISSED, statusWords, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";

const ORDER: AgentState[] = ["offered", "dialling", "talking", "held", "rejoining", "wrap_up", "ready", "not_ready", "offline"];
const NONE: readonly Worded[] = [];

export function Agents({ agents, show }: { agents: FloorAgent[]; show: (agent: string) => void }) {
  const { t } = useLingui();
  const reasons = useLive(statusWords) ?? NONE;
  const sorted = [...agents].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || byName(a, b));
  return (
    <section className="card floorCard">
      <h2 className="heading">
        <Trans>Agents</Trans>
      </h2>
      <LongTable
        name={t`Agents`}
        columns={4}
        rows={sorted}
        row={(agent) => <AgentRow key={agent.id} agent={agent} show={show} reasons={reasons} />}
        head={
          <>
            <th>{t`Agent`}</th>
            <th>{t`State`}</th>
            <th className="end">{t`Time in state`}</th>
            <th className="floorContact">{t`Contact`}</th>
          </>
        }
      />
    </section>
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
  const missed = agent.state === "not_ready" && agent.reason === MISSED;
  const off = agent.state === "offline";
  return (
    <tr className={off ? "muted" : ""}>
      <td className="floorName">
        <Button kind="bare" onPress={() => show(agent.id)}>
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
            <span className="muted">{nameOf(agent.contact.queue)}</span>
          </>
        ) : (
          <span className="muted">–</span>
        )}
      </td>
    </tr>
  );
});
