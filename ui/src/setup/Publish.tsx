/** Before a part counts: what changes, and what for. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Redo2, Send, Undo2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { ApiError } from "@/api/client";
import { checkPart, openPart, partsKey, publishPart, type Edited, type Part, type PartChange, type PartName, type QueueOf } from "@/api/parts";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { spoken } from "@/i18n/language";
import { called } from "@/setup/changes";
import type { Editing } from "@/setup/useSetupPart";

interface Props<Value, Queue extends QueueOf> {
  part: PartName;
  editing: Editing<Value, Queue>;
  /** What is said of publishing: whom it changes something for. */
  children: ReactNode;
}

/** Back, forth, and publishing, at the head of an editor. */
export function PartActions<Value, Queue extends QueueOf>({ part, editing, children }: Props<Value, Queue>) {
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

function Asking<Value, Queue extends QueueOf>({ part, editing, close, children }: Props<Value, Queue> & { close: () => void }) {
  const [comment, setComment] = useState("");
  const { value, queues, agents, opened } = editing;
  /** What somebody else has published meanwhile: from there on, mine would be counted. */
  const [meanwhile, setMeanwhile] = useState<Part<Value, Queue> | null>(null);
  const over = meanwhile ?? opened;
  const plan = useQuery({ queryKey: [...partsKey, part, "plan", over.version, value, queues, agents], queryFn: () => checkPart(part, { value, queues, agents }), gcTime: 0 });
  const publish = useMutation({
    mutationFn: (sent: Edited<Value, Queue>) => publishPart(part, sent, over, comment),
    onSuccess: (done, sent) => {
      editing.published(sent, done);
      close();
    },
    onError: async (error) => {
      if (conflicts(error)) setMeanwhile(await openPart<Value, Queue>(part));
    },
  });
  const theirs = useMutation({ mutationFn: editing.theirs, onSuccess: close });
  const refused = meanwhile && conflicts(publish.error) ? null : publish.error;
  return (
    <ModalOverlay className="veil" isOpen isDismissable={!publish.isPending} isKeyboardDismissDisabled={publish.isPending} onOpenChange={close}>
      <Modal className="sheet">
        <Dialog>
          <form
            className="partPublish"
            onSubmit={(event) => {
              event.preventDefault();
              publish.mutate({ value, queues, agents });
            }}
          >
            <Heading slot="title">
              <Trans>Publish</Trans>
            </Heading>
            {meanwhile ? <Meanwhile take={theirs.mutate} taking={theirs.isPending} /> : <p className="muted">{children}</p>}
            {plan.data && <Changes changes={plan.data.changes} documents={[{ agents: opened.names["agents"] }, value, over.value, opened.value, queues]} />}
            <div className="field">
              <label htmlFor="partComment">
                <Trans>Why it is changed</Trans>
              </label>
              <input id="partComment" className="input" autoFocus maxLength={500} value={comment} onChange={(event) => setComment(event.target.value)} />
            </div>
            <Refusal error={refused ?? plan.error ?? theirs.error} />
            <div className="partAnswers">
              <Button slot="close" isDisabled={publish.isPending}>
                <Trans>Cancel</Trans>
              </Button>
              <Button kind="primary" type="submit" isPending={publish.isPending}>
                {meanwhile ? <Trans>Publish mine</Trans> : <Trans>Publish</Trans>}
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const conflicts = (error: Error | null) => error instanceof ApiError && error.code === "config_conflict";

/** Of two who change the same, the second sees what publishing would take back. */
function Meanwhile({ take, taking }: { take: () => void; taking: boolean }) {
  return (
    <div className="partMeanwhile" role="alert">
      <p>
        <Trans>Somebody else has changed this meanwhile. Below is what yours would change of theirs.</Trans>
      </p>
      <Button isPending={taking} onPress={take}>
        <Trans>Take theirs, throw mine away</Trans>
      </Button>
    </div>
  );
}

const LONGEST = 120;

function inWords(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** `documents`: where the names of things are found, the first that has them first. */
export function Changes({ changes, documents }: { changes: PartChange[]; documents: unknown[] }) {
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
      {changes.map(({ kind, place, before, after }) => {
        const { name, field } = called(place, documents, spoken());
        return (
          <li key={`${kind}${place}`} className={{ "+": "added", "-": "removed", "~": "changed" }[kind]}>
            <strong>{name ?? t`The order`}</strong> <span className="muted">{[field, words[kind]].filter(Boolean).join(" · ")}</span>
            {kind === "~" && name !== null && (
              <span className="partChangeWords">
                <del>{inWords(before)}</del> <ins>{inWords(after)}</ins>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
