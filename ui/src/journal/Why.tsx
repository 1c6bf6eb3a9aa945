/** Each step of a contact as the centre decided it, and who was looked at; loaded when a supervisor asks. */
import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Check, Minus } from "lucide-react";

import { call } from "@/api/client";
import type { WhyStep } from "@/api/types";
import { Refusal } from "@/design/Refusal";
import { clockSeconds, duration } from "@/i18n/format";
import { spoken } from "@/i18n/language";

export function Why({ contact, now }: { contact: string; now: string }) {
  const { data, error } = useQuery({
    queryKey: ["why", contact, now],
    queryFn: () => call<{ steps: WhyStep[] }>("GET", `/api/contacts/${contact}/why`),
    retry: false,
    placeholderData: keepPreviousData,
  });
  if (error) return <Refusal error={error} />;
  if (!data) {
    return (
      <p className="muted" role="status">
        <Trans>Loading…</Trans>
      </p>
    );
  }
  return (
    <ol>
      {data.steps.map((step) => (
        <li key={step.seq}>
          <span className="figures muted">{clockSeconds(step.at)}</span>
          <div className="whyStep">
            <p>{step[spoken()]}</p>
            {step.considered.length > 0 && <Considered step={step} />}
          </div>
        </li>
      ))}
    </ol>
  );
}

function Considered({ step }: { step: WhyStep }) {
  const { t } = useLingui();
  return (
    <ul className="whyAgents" aria-label={t`Agents`}>
      {step.considered.map(({ agent, rule, facts, ...words }) => (
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
