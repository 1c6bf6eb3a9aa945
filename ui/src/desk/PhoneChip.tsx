import { Trans } from "@lingui/react/macro";

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
        <Tag tone="ok" dotted>
          <span>
            <Trans>Phone connected</Trans>
          </span>
        </Tag>
      ) : (
        <Tag tone="warn" dotted>
          <span>{line === "lost" ? <Trans>Phone is reconnecting…</Trans> : <Trans>Phone is connecting…</Trans>}</span>
        </Tag>
      )}
    </span>
  );
}
