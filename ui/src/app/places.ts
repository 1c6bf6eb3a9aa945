/** The screens a person may open. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Activity, CalendarClock, Headset, History, LayoutDashboard, List, type LucideIcon, SlidersHorizontal, Users } from "lucide-react";

import { can } from "@/api/session";
import type { Me } from "@/api/types";
import { useLive } from "@/live/useLive";

export interface Place {
  to: "/desk" | "/history" | "/floor" | "/contacts" | "/working-time" | "/customers" | "/configuration" | "/system";
  name: MessageDescriptor;
  icon: LucideIcon;
}

export function usePlaces(me: Me): Place[] {
  // A supervisor who has taken a call over has a desk for as long as it is in hand.
  const inHand = useLive((state) => state.agent !== null) ?? false;
  const desk: Place = { to: "/desk", name: msg`Desk`, icon: Headset };
  return [
    ...(me.agent_id ? [desk, { to: "/history", name: msg`History`, icon: History } as const] : inHand ? [desk] : []),
    ...(can(me, "contacts.read_all")
      ? [{ to: "/floor", name: msg`Floor`, icon: LayoutDashboard } as const, { to: "/contacts", name: msg`Contacts`, icon: List } as const]
      : []),
    ...(can(me, "agents.direct") ? [{ to: "/working-time", name: msg`Working time`, icon: CalendarClock } as const] : []),
    ...(can(me, "customers.edit") ? [{ to: "/customers", name: msg`Customers`, icon: Users } as const] : []),
    ...(can(me, "configuration.edit") ? [{ to: "/configuration", name: msg`Set-up`, icon: SlidersHorizontal } as const] : []),
    ...(can(me, "system.see") ? [{ to: "/system", name: msg`System`, icon: Activity } as const] : []),
  ];
}
