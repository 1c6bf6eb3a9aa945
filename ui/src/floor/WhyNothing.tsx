/** Why an agent gets what, and not the rest: asked of the centre as it is at this moment. */
import { Trans } from "@lingui/react/macro";
import { CircleHelp } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";

import { Button } from "@/design/Button";
import { phone } from "@/i18n/format";
import "@/journal/journal.css";
import { useLive } from "@/live/useLive";

const WhyAgent = lazy(() => import("@/journal/Why").then((module) => ({ default: module.WhyAgent })));

export function WhyNothing({ agent }: { agent: string }) {
  const [asked, setAsked] = useState(false);
  const contacts = useLive((state) => state.floor?.contacts);
  const numbers = useMemo(() => new Map((contacts ?? []).flatMap((one) => (one.ani ? [[one.id, phone(one.ani)]] : []))), [contacts]);
  return (
    <section className="drawerCourse">
      <div>
        <Button icon={CircleHelp} aria-expanded={asked} onPress={() => setAsked(!asked)}>
          <Trans>What comes next, and what does not?</Trans>
        </Button>
      </div>
      {asked && (
        <Suspense>
          <WhyAgent agent={agent} numbers={numbers} />
        </Suspense>
      )}
    </section>
  );
}
