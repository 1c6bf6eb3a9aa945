import { Trans } from "@lingui/react/macro";
import { ChevronDown, Phone, PhoneOff } from "lucide-react";
import { lazy, Suspense } from "react";

import type { LiveAgent } from "@/api/types";
import { Button } from "@/design/Button";
import { useOpening } from "@/design/opening";
import { Tag } from "@/design/Tag";
import { phone as phoneNumber } from "@/i18n/format";
import { useLive } from "@/live/useLive";
import { usePhone } from "@/phone/state";

const card = () => import("@/desk/PhoneCard");
const PhoneCard = lazy(() => card().then((module) => ({ default: module.PhoneCard })));

/** Whether a call could reach this agent right now, and where it would ring. */
export function PhoneChip() {
  const agent = useLive((state) => state.agent) ?? null;
  const place = usePhone((state) => state.place);
  const here = place !== "nowhere" && place !== "claiming";
  if (!agent || agent.state === "offline" || (agent.phone === "page" && !here)) return null;
  if (agent.phones.length > 1) return <Changeable agent={agent} />;
  return (
    <span className="phoneChip" role="status">
      <State agent={agent} />
    </span>
  );
}

function Changeable({ agent }: { agent: LiveAgent }) {
  const { open, opened, button } = useOpening("dialog", card);
  return (
    <>
      <Button {...button} kind="bare" className="phoneChange">
        <span className="unseen">
          <Trans>Where calls ring:</Trans>
        </span>
        <State agent={agent} />
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Suspense>{open && <PhoneCard agent={agent} opened={opened} />}</Suspense>
    </>
  );
}

function State({ agent }: { agent: LiveAgent }) {
  const line = usePhone((state) => state.line);
  const elsewhere = usePhone((state) => state.place === "elsewhere");
  const well = agent.reachable && (agent.phone !== "page" || elsewhere || line === "registered");
  return well ? (
    <Tag tone="ok">
      <Phone size={12} aria-hidden />
      <span className="phoneWell">
        <Well agent={agent} />
      </span>
    </Tag>
  ) : (
    <Tag tone="warn">
      <PhoneOff size={12} aria-hidden />
      {agent.phone === "desk" ? (
        <Trans>Desk telephone is not registered</Trans>
      ) : line === "lost" ? (
        <Trans>Phone is reconnecting…</Trans>
      ) : (
        <Trans>Phone is connecting…</Trans>
      )}
    </Tag>
  );
}

function Well({ agent }: { agent: LiveAgent }) {
  if (agent.phone === "desk") return <Trans>Desk telephone connected</Trans>;
  if (agent.phone === "outside") return phoneNumber(agent.outside_number);
  return <Trans>Phone connected</Trans>;
}
