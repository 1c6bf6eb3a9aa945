/** A call to this number at a free time, by the queue or by oneself. Loaded when it is asked for. */
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { useState } from "react";

import { ownTimesQuery, planCall } from "@/api/calls";
import { TimeChoice } from "@/planned/TimeChoice";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";

export function Plan({ number, queue, entryPoint, done }: { number: string; queue: string; entryPoint: string | undefined; done: () => void }) {
  const [at, choose] = useState("");
  const [personal, setPersonal] = useState(true);
  const { data: times, error } = useQuery(ownTimesQuery(queue, personal));
  const planning = useMutation({ mutationFn: () => planCall({ number, queue, entry_point: entryPoint, at, personal }), onSuccess: done });
  return (
    <div className="dialForm plan">
      <TimeChoice times={times} at={at} choose={choose} />
      <label className="planOwn">
        <input type="checkbox" checked={personal} onChange={(event) => setPersonal(event.target.checked)} />
        <Trans>To me first, then to the queue</Trans>
      </label>
      <Button kind="primary" icon={CalendarClock} isDisabled={!at || !number} isPending={planning.isPending} onPress={() => planning.mutate()}>
        <Trans>Plan the call</Trans>
      </Button>
      <Refusal error={planning.error ?? error} />
    </div>
  );
}
