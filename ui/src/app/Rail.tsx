import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Activity, Headset, History, LayoutDashboard, List, type LucideIcon, SlidersHorizontal, Users } from "lucide-react";

import { can } from "@/api/session";
import { useLive } from "@/live/useLive";
import type { Me } from "@/api/types";
import { Mark } from "@/design/Mark";

interface Place {
  to: "/desk" | "/history" | "/floor" | "/contacts" | "/customers" | "/configuration" | "/system";
  name: string;
  icon: LucideIcon;
}

export function Rail({ me }: { me: Me }) {
  const { t } = useLingui();
  // A supervisor who has taken a call over has a desk for as long as it is in hand.
  const inHand = useLive((state) => state.agent !== null) ?? false;
  const places: Place[] = [
    ...(inHand && !me.agent_id ? [{ to: "/desk", name: t`Desk`, icon: Headset } as const] : []),
    ...(me.agent_id
      ? [
          { to: "/desk", name: t`Desk`, icon: Headset } as const,
          { to: "/history", name: t`History`, icon: History } as const,
        ]
      : []),
    ...(can(me, "contacts.read_all")
      ? [
          { to: "/floor", name: t`Floor`, icon: LayoutDashboard } as const,
          { to: "/contacts", name: t`Contacts`, icon: List } as const,
        ]
      : []),
    ...(can(me, "customers.edit") ? [{ to: "/customers", name: t`Customers`, icon: Users } as const] : []),
    ...(can(me, "configuration.edit") ? [{ to: "/configuration", name: t`Set-up`, icon: SlidersHorizontal } as const] : []),
    ...(can(me, "system.see") ? [{ to: "/system", name: t`System`, icon: Activity } as const] : []),
  ];
  return (
    <nav className="rail" aria-label={t`Places`}>
      <Link to="/" className="railMark" aria-label={t`Otklik, start page`}>
        <Mark size={32} />
      </Link>
      {places.map(({ to, name, icon: Icon }) => (
        <Link key={to} to={to} className="railPlace">
          <Icon size={20} aria-hidden />
          {name}
        </Link>
      ))}
    </nav>
  );
}
