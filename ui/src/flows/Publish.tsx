/** Before a draft counts: what for, and which numbers lead to it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import type { Choices } from "@/api/flows";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";

interface Props {
  flow: string;
  entryPoints: Choices["entry_points"];
  pending: boolean;
  error: Error | null;
  publish: (comment: string, entryPoints: string[]) => void;
  close: () => void;
}

export function Publish({ flow, entryPoints, pending, error, publish, close }: Props) {
  const { t } = useLingui();
  const [comment, setComment] = useState("");
  const [leading, setLeading] = useState<string[]>([]);
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={close}>
      <Modal className="sheet">
        <Dialog>
          <form
            className="flowPublish"
            onSubmit={(event) => {
              event.preventDefault();
              publish(comment, leading);
            }}
          >
            <Heading slot="title">
              <Trans>Publish</Trans>
            </Heading>
            <p className="muted">
              <Trans>New calls go by this version at once. Whoever is in the flow goes on in the one that they began with.</Trans>
            </p>
            <div className="field">
              <label htmlFor="flowComment">
                <Trans>Why it is changed</Trans>
              </label>
              <input id="flowComment" className="input" autoFocus maxLength={500} value={comment} onChange={(event) => setComment(event.target.value)} />
            </div>
            <fieldset className="field">
              <legend className="label">
                <Trans>Numbers that lead here</Trans>
              </legend>
              {entryPoints.map(({ id, name, number, scenario }) => (
                <label key={id} className="flowCheck">
                  <input
                    type="checkbox"
                    disabled={scenario === flow}
                    checked={scenario === flow || leading.includes(id)}
                    onChange={(event) => setLeading(event.target.checked ? [...leading, id] : leading.filter((each) => each !== id))}
                  />
                  <span className="figures">{number}</span> {name}
                </label>
              ))}
              {entryPoints.length === 0 && <span className="muted">{t`There are no numbers yet.`}</span>}
            </fieldset>
            <Refusal error={error} />
            <div className="flowAnswers">
              <Button slot="close">
                <Trans>Cancel</Trans>
              </Button>
              <Button kind="primary" type="submit" isPending={pending}>
                <Trans>Publish</Trans>
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
