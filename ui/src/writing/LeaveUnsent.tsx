/** Before a contact is finished whose answer was typed and not sent. */
import { Trans } from "@lingui/react/macro";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { Button } from "@/design/Button";
import "@/writing/writing.css";

export function LeaveUnsent({ back, leave }: { back: () => void; leave: () => void }) {
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={back}>
      <Modal className="sheet">
        <Dialog role="alertdialog" className="confirm">
          <Heading slot="title">
            <Trans>The answer is not sent</Trans>
          </Heading>
          <p>
            <Trans>What you have typed goes to nobody once the contact is finished.</Trans>
          </p>
          <div className="confirmAnswers">
            <Button slot="close" autoFocus>
              <Trans>Back to the answer</Trans>
            </Button>
            <Button
              kind="end"
              onPress={() => {
                back();
                leave();
              }}
            >
              <Trans>Finish without it</Trans>
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
