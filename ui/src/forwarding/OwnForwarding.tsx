/** One's own: opened under one's name, in a shift and out of it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { phoneBookQuery } from "@/api/calls";
import { IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { ForwardTo } from "@/forwarding/ForwardTo";
import { useLive } from "@/live/useLive";

export function OwnForwarding({ close }: { close: () => void }) {
  const { t } = useLingui();
  const now = useLive((state) => state.agent?.forward) ?? null;
  const queues = useLive((state) => state.queues) ?? [];
  const { data: colleagues, error } = useQuery(phoneBookQuery);
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={close}>
      <Modal className="sheet">
        <Dialog className="forwardSheet">
          <div className="sheetTop">
            <Heading slot="title">{t`While I am away`}</Heading>
            <IconButton icon={X} name={t`Close`} onPress={close} />
          </div>
          <p className="muted">
            <Trans>Calls for you in person, when you are off shift, not ready, or do not answer: from colleagues, transfers, and customers who are yours. Calls of queues are not touched.</Trans>
          </p>
          {now && <ForwardTo agent={null} now={now} colleagues={colleagues ?? []} queues={queues} />}
          <Refusal error={error} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
