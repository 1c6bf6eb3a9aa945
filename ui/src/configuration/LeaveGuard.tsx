/** What is not saved is not left without a question. */
import { Trans } from "@lingui/react/macro";
import { useBlocker } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { Button } from "@/design/Button";

/** `within`: an address whose parts all know what is not saved. */
export function LeaveGuard({ unsaved, within, children }: { unsaved: boolean; within?: string; children: ReactNode }) {
  const blocker = useBlocker({ shouldBlockFn: ({ next }) => unsaved && next.pathname !== within, enableBeforeUnload: () => unsaved, withResolver: true });
  if (blocker.status !== "blocked") return null;
  return (
    <ModalOverlay className="veil" isOpen onOpenChange={() => blocker.reset()}>
      <Modal className="sheet">
        <Dialog role="alertdialog" className="confirm">
          <Heading slot="title">
            <Trans>Leave without saving?</Trans>
          </Heading>
          <p>{children}</p>
          <div className="confirmAnswers">
            <Button autoFocus onPress={() => blocker.reset()}>
              <Trans>Stay</Trans>
            </Button>
            <Button kind="end" onPress={() => blocker.proceed()}>
              <Trans>Leave</Trans>
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
