import { CircleHelp } from "lucide-react";

import type { Kind } from "@/flows/flow";
import { DESCRIBED } from "@/flows/kinds";

/** The picture of a kind; nothing in it is read out. */
export function KindIcon({ kind, size = 16 }: { kind: Kind | undefined; size?: number }) {
  if (!kind) return <CircleHelp size={size} aria-hidden />;
  const { icon: Icon } = DESCRIBED[kind];
  return <Icon size={size} aria-hidden />;
}
