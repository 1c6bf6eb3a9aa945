/** The own shift today: a ribbon and sums among "My day". Loaded when the desk is calm. */
import { Trans } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";

import { useMe } from "@/api/session";
import { dayOf, dayQuery, type DayTold } from "@/api/workforce";
import { Button } from "@/design/Button";
import { duration } from "@/i18n/format";
import { serverNow, useLive, useServerClock } from "@/live/useLive";
import { Ribbon, Sums } from "@/worktime/Ribbon";
import { pieces, sums } from "@/worktime/spent";

const DayDrawer = lazy(() => import("@/worktime/DayDrawer").then((module) => ({ default: module.DayDrawer })));

export function OwnTime() {
  const me = useMe();
  const today = dayOf(new Date(serverNow()));
  const { data } = useQuery(dayQuery(null, today));
  const since = useLive((state) => state.agent?.since);
  const [open, setOpen] = useState<string | null>(null);
  const client = useQueryClient();
  useEffect(() => void client.invalidateQueries({ queryKey: ["working time", "own"] }), [client, since]);
  return (
    <>
      {data && data.stretches.length > 0 && <Shift told={data} open={() => setOpen(today)} />}
      {open !== null && (
        <Suspense>
          <DayDrawer agent={null} name={me.person.name} day={open} turn={setOpen} close={() => setOpen(null)} />
        </Suspense>
      )}
    </>
  );
}

function Shift({ told, open }: { told: DayTold; open: () => void }) {
  const of = pieces(told, useServerClock());
  const spent = sums(of);
  const milliseconds = spent.reduce((sum, one) => sum + one.milliseconds, 0);
  const length = duration(milliseconds / 1000);
  return (
    <div className="ownTime">
      <div className="ownTimeTop">
        <p>
          <Trans>On shift today</Trans> <strong className="figures">{length}</strong>
        </p>
        <Button kind="bare" icon={CalendarClock} onPress={open}>
          <Trans>Course of the day</Trans>
        </Button>
      </div>
      <Ribbon of={of} />
      <Sums spent={spent} milliseconds={milliseconds} />
    </div>
  );
}
