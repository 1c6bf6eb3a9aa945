/** A button that asks once more before it does what cannot be undone. */
import { Trans } from "@lingui/react/macro";
import type { LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { Button } from "@/design/Button";

interface Props {
  icon: LucideIcon;
  name: ReactNode;
  question: ReactNode;
  act: () => void;
}

export function Confirm({ icon, name, question, act }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button icon={icon} onPress={() => setAsking(true)}>
        {name}
      </Button>
      <ModalOverlay className="veil" isOpen={asking} isDismissable onOpenChange={setAsking}>
        <Modal className="sheet">
          <Dialog role="alertdialog" className="confirm">
            <Heading slot="title">{name}</Heading>
            <p>{question}</p>
            <div className="confirmAnswers">
              <Button slot="close" autoFocus>
                <Trans>Cancel</Trans>
              </Button>
              <Button
                kind="end"
                onPress={() => {
                  setAsking(false);
                  act();
                }}
              >
                {name}
              </Button>
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  );
}
