/** Another time for a callback, out of the free ones of its queue. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";

import { moveCall, timesQuery } from "@/api/calls";
import type { FloorContact } from "@/api/types";
import "@/calling/calling.css";
import { TimeChoice } from "@/planned/TimeChoice";
import { Button, IconButton } from "@/design/Button";
import { type Opened, useOpening } from "@/design/opening";
import { Refusal } from "@/design/Refusal";

export function MoveCall({ contact }: { contact: FloorContact }) {
  const { t } = useLingui();
  const { open, opened, button } = useOpening("dialog", () => Promise.resolve());
  return (
    <>
      <IconButton {...button} icon={CalendarClock} name={t`Move the call`} className="cancelBack" />
      {open && <OtherTime opened={opened} contact={contact} />}
    </>
  );
}

function OtherTime({ opened, contact }: { opened: Opened; contact: FloorContact }) {
  const { t } = useLingui();
  const [at, choose] = useState("");
  const queue = typeof contact.queue === "object" ? contact.queue?.id : contact.queue;
  const { data: times } = useQuery(timesQuery(queue ?? ""));
  const moving = useMutation({ mutationFn: () => moveCall(contact.id, at), onSuccess: opened.close });
  return (
    <Popover className="popover" placement="bottom end" offset={6} triggerRef={opened.at} isOpen onOpenChange={opened.close}>
      <Dialog className="dial" aria-label={t`Another time`}>
        <div className="dialForm">
          <TimeChoice times={times} at={at} choose={choose} />
          <Button kind="primary" isDisabled={!at} isPending={moving.isPending} onPress={() => moving.mutate()}>
            <Trans>Move</Trans>
          </Button>
          <Refusal error={moving.error} />
        </div>
      </Dialog>
    </Popover>
  );
}
