/** Small signs: where somebody's calls go on to, and for whom a call is that has come to another. */
import { Trans } from "@lingui/react/macro";
import { PhoneForwarded } from "lucide-react";

import type { Forward, Named } from "@/api/types";
import { Tag } from "@/design/Tag";
import "@/forwarding/forwarding.css";

export function ForwardTag({ forward }: { forward: Forward }) {
  if (forward.to === "nowhere") return null;
  const name = (forward.agent ?? forward.queue)?.name ?? "";
  return (
    <Tag>
      <PhoneForwarded size={12} aria-hidden />
      <span className="clip">
        {forward.to === "outside" ? <Trans>calls go to a number outside</Trans> : <Trans>calls go to {name}</Trans>}
      </span>
    </Tag>
  );
}

export function MeantFor({ agent }: { agent: Named }) {
  const { name } = agent;
  return (
    <Tag tone="info">
      <PhoneForwarded size={12} aria-hidden />
      <span className="clip">
        <Trans>For {name}, who is away</Trans>
      </span>
    </Tag>
  );
}
