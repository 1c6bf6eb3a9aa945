import { Trans } from "@lingui/react/macro";
import { Phone, PhoneOff } from "lucide-react";

import { Tag } from "@/design/Tag";
import { useLive } from "@/live/useLive";
import { usePhone } from "@/phone/state";

/** Whether a call could reach this agent right now. */
export function PhoneChip() {
  const line = usePhone((state) => state.line);
  const place = usePhone((state) => state.place);
  const reachable = useLive((state) => state.agent?.reachable) ?? false;
  if (place === "nowhere" || place === "claiming") return null;
  const well = reachable && (place === "elsewhere" || line === "registered");
  return (
    <span className="phoneChip" role="status">
      {well ? (
        <Tag tone="ok">
          <Phone size={12} aria-hidden />
          <span className="phoneWell">
            <Trans>Phone connected</Trans>
          </span>
        </Tag>
      ) : (
        <Tag tone="warn">
          <PhoneOff size={12} aria-hidden />
          {line === "lost" ? <Trans>Phone is reconnecting…</Trans> : <Trans>Phone is connecting…</Trans>}
        </Tag>
      )}
    </span>
  );
}
