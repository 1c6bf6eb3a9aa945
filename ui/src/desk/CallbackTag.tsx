/** Marks a contact whose customer is called back. */
import { Trans } from "@lingui/react/macro";
import { PhoneOutgoing } from "lucide-react";
import type { ReactNode } from "react";

import type { Callback } from "@/api/types";
import { Tag } from "@/design/Tag";

export function CallbackTag({ callback, children }: { callback: Callback | null | undefined; children?: ReactNode }) {
  if (!callback) return null;
  return (
    <Tag tone="accent">
      <PhoneOutgoing size={12} aria-hidden />
      <Trans>Callback</Trans>
      {children}
    </Tag>
  );
}

/** Marks a contact in which one of us called. */
export function OutgoingTag() {
  return (
    <Tag tone="accent">
      <PhoneOutgoing size={12} aria-hidden />
      <Trans>Outgoing</Trans>
    </Tag>
  );
}
