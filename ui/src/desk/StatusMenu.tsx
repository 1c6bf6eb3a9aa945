import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Check, ChevronDown, CircleCheck, Coffee, LogOut } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Header } from "react-aria-components/Header";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { Separator } from "react-aria-components/Separator";

import { chooseStatus, READY, type Status } from "@/api/desk";
import type { LiveAgent, Worded } from "@/api/types";
import { Refusal } from "@/design/Refusal";
import { Tag, type Tone } from "@/design/Tag";
import { Since } from "@/design/Timer";
import "@/desk/status.css";
import { spoken } from "@/i18n/language";
import { agentTone, MISSED, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";
import { deskPhone } from "@/phone/deskPhone";

/** Reasons the server sets by itself; nobody chooses them. */
const OWN_REASONS = new Set([MISSED, "shift"]);
const END_SHIFT = "end-shift";

export const chosenReasons = (reasons: readonly Worded[]) => reasons.filter((reason) => !OWN_REASONS.has(reason.id));

export const statusTone = (agent: LiveAgent): Tone => (agent.reason === MISSED && agent.state === "not_ready" ? "bad" : agentTone[agent.state]);

export function StatusMenu() {
  const { t } = useLingui();
  const words = useWords();
  const agent = useLive((state) => state.agent);
  const reasons = useLive((state) => state.reasons) ?? [];
  const choose = useMutation({ mutationFn: (status: Status) => chooseStatus(status) });
  const leave = useMutation({ mutationFn: () => deskPhone.endShift() });
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
  const act = (key: string) => {
    if (key === END_SHIFT) leave.mutate();
    else choose.mutate(key === "ready" ? READY : { status: "not_ready", reason: key });
  };
  const mark = (on: boolean) => on && <Check size={16} className="mark" aria-hidden />;

  return (
    <div className="statusPlace">
      <MenuTrigger>
        <AriaButton className="status">
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
        <Popover className="popover" placement="bottom start" offset={6}>
          <Menu className="menu" aria-label={t`Status`} onAction={(key) => act(String(key))}>
            <MenuSection>
              <Header>{busy ? <Trans>After this contact</Trans> : <Trans>Status</Trans>}</Header>
              <MenuItem id="ready" textValue={t`Ready`}>
                <CircleCheck size={16} aria-hidden />
                <Trans>Ready</Trans>
                {mark(now?.status === "ready")}
              </MenuItem>
              {chosenReasons(reasons).map((reason) => (
                <MenuItem key={reason.id} id={reason.id} textValue={reason[spoken()]}>
                  <Coffee size={16} aria-hidden />
                  {reason[spoken()]}
                  {mark(now?.status === "not_ready" && now.reason === reason.id)}
                </MenuItem>
              ))}
            </MenuSection>
            <Separator />
            <MenuItem id={END_SHIFT} isDisabled={busy} textValue={t`End the shift`}>
              <LogOut size={16} aria-hidden />
              <Trans>End the shift</Trans>
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      <div className="statusRefusal">
        <Refusal error={choose.error ?? leave.error} />
      </div>
    </div>
  );
}
