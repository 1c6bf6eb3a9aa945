import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { lazy, Suspense } from "react";
import { Button as AriaButton } from "react-aria-components/Button";

import { chooseStatus, type Status } from "@/api/desk";
import type { LiveAgent, Worded } from "@/api/types";
import { useActions } from "@/app/actions";
import { useOpening } from "@/design/opening";
import { Refusal } from "@/design/Refusal";
import { Tag, type Tone } from "@/design/Tag";
import { Since } from "@/design/Timer";
import "@/desk/status.css";
import { agentTone, MISSED, REFUSED, statusWords, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";
import { deskPhone } from "@/phone/deskPhone";

/** Reasons the server sets by itself; nobody chooses them. */
const OWN_REASONS = new Set([MISSED, REFUSED, "shift"]);

const choices = () => import("@/desk/StatusChoices");
const StatusChoices = lazy(() => choices().then((module) => ({ default: module.StatusChoices })));

export const chosenReasons = (reasons: readonly Worded[]) => reasons.filter((reason) => !OWN_REASONS.has(reason.id));

export const statusTone = (agent: LiveAgent): Tone => ((agent.reason === MISSED || agent.reason === REFUSED) && agent.state === "not_ready" ? "bad" : agentTone[agent.state]);

export function StatusMenu() {
  const words = useWords();
  const { open, opened, button } = useOpening("menu", choices);
  const agent = useLive((state) => state.agent);
  const reasons = useLive(statusWords) ?? [];
  const choose = useMutation({ mutationFn: (status: Status) => chooseStatus(status) });
  const leave = useMutation({ mutationFn: () => deskPhone.endShift() });
  const may = agent?.state === "ready" || agent?.state === "not_ready";
  useActions({ endShift: may ? () => leave.mutate() : undefined });
  if (!agent) return <span className="status" aria-hidden />;
  if (agent.state === "offline") {
    return (
      <span className="status still">
        <Tag dotted>{words.agentState("offline")}</Tag>
      </span>
    );
  }

  const busy = !["ready", "not_ready"].includes(agent.state);
  const now = busy ? agent.next : { status: agent.state, reason: agent.reason };
  const label = words.status(agent.state, agent.reason, reasons);
  const after = agent.next ? words.status(agent.next.status, agent.next.reason, reasons) : null;

  return (
    <div className="statusPlace">
      <AriaButton {...button} className="status">
        <span className="unseen">
          <Trans>Status:</Trans>
        </span>
        <Tag tone={statusTone(agent)} dotted>
          {label}
        </Tag>
        <Since at={agent.since} className="statusTime" />
        {busy && after && (
          <span className="statusAfter clip">
            <Trans>then {after}</Trans>
          </span>
        )}
        <ChevronDown size={16} aria-hidden />
      </AriaButton>
      {open && (
        <Suspense>
          <StatusChoices opened={opened} now={now} busy={busy} choose={choose.mutate} leave={leave.mutate} />
        </Suspense>
      )}
      <div className="statusRefusal">
        <Refusal error={choose.error ?? leave.error} />
      </div>
    </div>
  );
}
