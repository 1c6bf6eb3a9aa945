/** Marks a contact whose customer is called back. */
import { Trans } from "@lingui/react/macro";
import { PhoneOutgoing, UsersRound } from "lucide-react";
import type { ReactNode } from "react";

import type { Callback, Direction } from "@/api/types";
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

/** Marks a contact in which one of us called; `internal` is a call between colleagues. */
export function DirectionTag({ direction }: { direction: Direction }) {
  if (direction === "internal") return <InternalTag />;
  return direction === "out" ? <OutgoingTag /> : null;
}

function InternalTag() {
  return (
    <Tag tone="accent">
      <UsersRound size={12} aria-hidden />
      <Trans>Internal</Trans>
    </Tag>
  );
}

function OutgoingTag() {
  return (
    <Tag tone="accent">
      <PhoneOutgoing size={12} aria-hidden />
      <Trans>Outgoing</Trans>
    </Tag>
  );
}
