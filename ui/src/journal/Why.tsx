/** Each step of a contact as the centre decided it, and who was looked at; loaded when a supervisor asks. */
import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Check, Minus } from "lucide-react";

import { call } from "@/api/client";
import type { WhyCandidate, WhyContact, WhyStep } from "@/api/types";
import { Refusal } from "@/design/Refusal";
import { clockSeconds, duration } from "@/i18n/format";
import { spoken } from "@/i18n/language";

export function Why({ contact, now }: { contact: string; now: string }) {
  const { data, error } = useQuery({
    queryKey: ["why", contact, now],
    queryFn: () => call<{ steps: WhyStep[]; now: WhyCandidate[] }>("GET", `/api/contacts/${contact}/why`),
    retry: false,
    placeholderData: keepPreviousData,
  });
  if (error) return <Refusal error={error} />;
  if (!data) return <Loading />;
  return (
    <ol>
      {data.steps.map((step) => (
        <li key={step.seq}>
          <span className="figures muted">{clockSeconds(step.at)}</span>
          <div className="whyStep">
            <p>{step[spoken()]}</p>
            {step.considered.length > 0 && <Considered agents={step.considered} />}
          </div>
        </li>
      ))}
      {data.now.length > 0 && (
        <li>
          <span className="muted">
            <Trans>Now</Trans>
          </span>
          <div className="whyStep">
            <p>
              <Trans>Waits. Who could have it at this moment:</Trans>
            </p>
            <Considered agents={data.now} />
          </div>
        </li>
      )}
    </ol>
  );
}

/** What an agent has in hand, what would come next, and what waits in the agent's queues for others. */
export function WhyAgent({ agent, numbers }: { agent: string; numbers: ReadonlyMap<string, string> }) {
  const { t } = useLingui();
  const { data, error } = useQuery({
    queryKey: ["why-agent", agent],
    queryFn: () => call<{ contacts: WhyContact[] }>("GET", `/api/supervision/agents/${agent}/why`),
    retry: false,
    gcTime: 0,
  });
  if (error) return <Refusal error={error} />;
  if (!data) return <Loading />;
  if (data.contacts.length === 0) {
    return (
      <p className="muted">
        <Trans>Nobody waits whom this agent could take.</Trans>
      </p>
    );
  }
  return (
    <ul className="whyAgents" aria-label={t`Contacts`}>
      {data.contacts.map(({ contact, rule, queue, waited_seconds, facts, ...words }) => (
        <li key={contact} className={rule ? "muted" : ""}>
          {rule ? <Minus size={14} aria-hidden /> : <Check size={14} aria-hidden />}
          <span>
            {[numbers.get(contact), queue?.name, duration(waited_seconds)].filter(Boolean).join(" · ")}: {words[spoken()]}
            {facts.unmet && ` (${facts.unmet})`}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Loading() {
  return (
    <p className="muted" role="status">
      <Trans>Loading…</Trans>
    </p>
  );
}

function Considered({ agents }: { agents: WhyCandidate[] }) {
  const { t } = useLingui();
  return (
    <ul className="whyAgents" aria-label={t`Agents`}>
      {agents.map(({ agent, rule, facts, ...words }) => (
        <li key={agent.id} className={rule ? "muted" : ""}>
          {rule ? <Minus size={14} aria-hidden /> : <Check size={14} aria-hidden />}
          <span>
            {agent.name}: {words[spoken()]}
            {facts.unmet && ` (${facts.unmet})`}
            {!rule && typeof facts.idle_seconds === "number" && ` · ${t`Ready`} ${duration(facts.idle_seconds)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
