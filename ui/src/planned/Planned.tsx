/** The calls that this agent has planned or is to make: when, to whom; another time, or not at all. Loaded when there are any. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { CalendarClock, X } from "lucide-react";
import { useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";

import { cancelOwn, moveOwn, ownTimesQuery } from "@/api/calls";
import type { Planned as PlannedCall } from "@/api/planned";
import "@/calling/calling.css";
import { TimeChoice } from "@/planned/TimeChoice";
import { Button, IconButton } from "@/design/Button";
import { type Opened, useOpening } from "@/design/opening";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { moment, phone } from "@/i18n/format";
import { useLive } from "@/live/useLive";

const NONE: readonly PlannedCall[] = [];

export function Planned() {
  const { t } = useLingui();
  const planned = useLive((state) => state.callbacks) ?? NONE;
  const cancelling = useMutation({ mutationFn: (one: PlannedCall) => cancelOwn(one.id) });
  if (planned.length === 0) return null;
  return (
    <section className="planned" aria-label={t`Planned calls`}>
      <h2 className="heading">
        <Trans>Planned calls</Trans>
      </h2>
      <ul className="card">
        {planned.map((one) => {
          const who = phone(one.number);
          return (
            <li key={one.id}>
              <span className="figures plannedAt">{moment(one.at)}</span>
              <span className="figures clip">{who}</span>
              <span className="clip muted">{one.queue?.name}</span>
              <span>{one.agent && <Tag tone="accent">{t`To me`}</Tag>}</span>
              <Move one={one} />
              <IconButton
                icon={X}
                name={t`Cancel the call to ${who}`}
                isPending={cancelling.isPending && cancelling.variables.id === one.id}
                onPress={() => cancelling.mutate(one)}
              />
            </li>
          );
        })}
      </ul>
      <Refusal error={cancelling.error} />
    </section>
  );
}

function Move({ one }: { one: PlannedCall }) {
  const { t } = useLingui();
  const { open, opened, button } = useOpening("dialog", () => Promise.resolve());
  const who = phone(one.number);
  return (
    <>
      <IconButton {...button} icon={CalendarClock} name={t`Move the call to ${who}`} />
      {open && <OtherTime opened={opened} one={one} />}
    </>
  );
}

function OtherTime({ opened, one }: { opened: Opened; one: PlannedCall }) {
  const { t } = useLingui();
  const [at, choose] = useState("");
  const { data: times, error } = useQuery(ownTimesQuery(one.queue?.id ?? "", one.agent !== null));
  const moving = useMutation({ mutationFn: () => moveOwn(one.id, at), onSuccess: opened.close });
  return (
    <Popover className="popover" placement="bottom end" offset={6} triggerRef={opened.at} isOpen onOpenChange={opened.close}>
      <Dialog className="dial" aria-label={t`Another time`}>
        <div className="dialForm">
          <TimeChoice times={times} at={at} choose={choose} />
          <Button kind="primary" isDisabled={!at} isPending={moving.isPending} onPress={() => moving.mutate()}>
            <Trans>Move</Trans>
          </Button>
          <Refusal error={moving.error ?? error} />
        </div>
      </Dialog>
    </Popover>
  );
}
