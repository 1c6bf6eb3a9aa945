/** Before a part counts: what changes, and what for. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Redo2, Send, Undo2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { checkPart, partsKey, publishPart, type Edited, type PartChange, type PartName, type QueueOf } from "@/api/parts";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import type { Editing } from "@/parts/usePart";

interface Props<Content, Queue extends QueueOf> {
  part: PartName;
  editing: Editing<Content, Queue>;
  /** What is said of publishing: whom it changes something for. */
  children: ReactNode;
}

/** Back, forth, and publishing, at the head of an editor. */
export function PartActions<Content, Queue extends QueueOf>({ part, editing, children }: Props<Content, Queue>) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const faults = editing.problems.filter(({ warning }) => !warning).length;
  return (
    <>
      {editing.unsaved && <Tag tone="warn">{t`Not published`}</Tag>}
      <IconButton icon={Undo2} name={t`Undo`} isDisabled={!editing.undo} onPress={() => editing.undo?.()} />
      <IconButton icon={Redo2} name={t`Redo`} isDisabled={!editing.redo} onPress={() => editing.redo?.()} />
      <Button kind="primary" icon={Send} isDisabled={!editing.unsaved || faults > 0} onPress={() => setAsking(true)}>
        <Trans>Publish</Trans>
      </Button>
      {asking && (
        <Asking part={part} editing={editing} close={() => setAsking(false)}>
          {children}
        </Asking>
      )}
    </>
  );
}

function Asking<Content, Queue extends QueueOf>({ part, editing, close, children }: Props<Content, Queue> & { close: () => void }) {
  const [comment, setComment] = useState("");
  const { content, queues, opened } = editing;
  const plan = useQuery({ queryKey: [...partsKey, part, "plan", content, queues], queryFn: () => checkPart(part, { content, queues }), gcTime: 0 });
  const publish = useMutation({
    mutationFn: (sent: Edited<Content, Queue>) => publishPart(part, sent, opened, comment),
    onSuccess: async (_, sent) => {
      await editing.published(sent);
      close();
    },
  });
  return (
    <ModalOverlay className="veil" isOpen isDismissable={!publish.isPending} isKeyboardDismissDisabled={publish.isPending} onOpenChange={close}>
      <Modal className="sheet">
        <Dialog>
          <form
            className="partPublish"
            onSubmit={(event) => {
              event.preventDefault();
              publish.mutate({ content, queues });
            }}
          >
            <Heading slot="title">
              <Trans>Publish</Trans>
            </Heading>
            <p className="muted">{children}</p>
            {plan.data && <Changes changes={plan.data.changes} />}
            <div className="field">
              <label htmlFor="partComment">
                <Trans>Why it is changed</Trans>
              </label>
              <input id="partComment" className="input" autoFocus maxLength={500} value={comment} onChange={(event) => setComment(event.target.value)} />
            </div>
            <Refusal error={publish.error ?? plan.error} />
            <div className="partAnswers">
              <Button slot="close" isDisabled={publish.isPending}>
                <Trans>Cancel</Trans>
              </Button>
              <Button kind="primary" type="submit" isPending={publish.isPending}>
                <Trans>Publish</Trans>
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const LONGEST = 120;

function inWords(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

export function Changes({ changes }: { changes: PartChange[] }) {
  const { t } = useLingui();
  if (changes.length === 0) {
    return (
      <p className="muted">
        <Trans>Nothing is different.</Trans>
      </p>
    );
  }
  const words = { "+": t`added`, "-": t`removed`, "~": t`changed` };
  return (
    <ul className="partChanges" aria-label={t`Changes`}>
      {changes.map(({ kind, place, before, after }) => (
        <li key={`${kind}${place}`} className={{ "+": "added", "-": "removed", "~": "changed" }[kind]}>
          <strong>{place.replace(/^(talk_scripts|dispositions|customer_fields)\./, "")}</strong> <span className="muted">{words[kind]}</span>
          {kind === "~" && (
            <span className="partChangeWords">
              <del>{inWords(before)}</del> <ins>{inWords(after)}</ins>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
