/** Where an agent takes calls: in the page, at the desk telephone, or at a number outside. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Laptop, Phone, Smartphone, type LucideIcon } from "lucide-react";
import { useId, type ReactNode } from "react";

import type { LiveAgent, PhoneKind } from "@/api/types";
import "@/desk/phoneChoice.css";
import { phone as phoneNumber } from "@/i18n/format";

interface Props {
  agent: LiveAgent;
  value: PhoneKind;
  choose: (phone: PhoneKind) => void;
}

export function PhoneChoice({ agent, value, choose }: Props) {
  const { t } = useLingui();
  const number = phoneNumber(agent.outside_number);
  const said: Record<PhoneKind, { icon: LucideIcon; name: string; more: ReactNode }> = {
    page: { icon: Laptop, name: t`In this page`, more: <Trans>You hear and speak by the headset of this computer.</Trans> },
    desk: { icon: Phone, name: t`Desk telephone`, more: <Trans>It rings there; lift the receiver to accept. Everything else is done here.</Trans> },
    outside: { icon: Smartphone, name: number, more: <Trans>We call this number, also with the page closed, until the shift ends. Press 1 to accept.</Trans> },
  };
  return (
    <div className="phoneChoice" role="radiogroup" aria-label={t`Where calls ring`}>
      {agent.phones.map(({ phone, there }) => (
        <PhoneOption key={phone} {...said[phone]} checked={phone === value} missing={phone === "desk" && !there} choose={() => choose(phone)} />
      ))}
    </div>
  );
}

function PhoneOption(props: { icon: LucideIcon; name: string; more: ReactNode; checked: boolean; missing: boolean; choose: () => void }) {
  const id = useId();
  const Icon = props.icon;
  return (
    <label className="phoneOption">
      <input type="radio" aria-label={props.name} aria-describedby={id} checked={props.checked} onChange={props.choose} />
      <Icon size={18} aria-hidden />
      <span>
        <strong>{props.name}</strong>
        <span id={id} className="muted">
          {props.missing ? <Trans>It is not registered now: no calls come to it until it is.</Trans> : props.more}
        </span>
      </span>
    </label>
  );
}
