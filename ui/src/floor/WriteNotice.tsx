/** A message to everybody, to the agents of some queues, or to one agent. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Send, X } from "lucide-react";
import { useState, type SubmitEvent } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { postNotice } from "@/api/notices";
import type { FloorAgent, FloorQueue } from "@/api/types";
import { useKept } from "@/customers/draft";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import "@/floor/notices.css";

const HOUR = 3600;
const LONGEST = 1000;

export function WriteNotice({ queues, to, close }: { queues: FloorQueue[]; to?: FloorAgent; close: () => void }) {
  const { t } = useLingui();
  const [text, write, forget] = useKept(`notice.${to?.id ?? ""}`, "");
  const [chosen, setChosen] = useState<string[]>([]);
  const [urgent, setUrgent] = useState(false);
  const [lasts, setLasts] = useState(HOUR);
  const post = useMutation({
    mutationFn: () => postNotice({ text, queues: chosen, agents: to ? [to.id] : [], urgent, lasts_seconds: lasts }),
    onSuccess: () => {
      forget();
      close();
    },
  });
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim()) post.mutate();
  };
  const times: [number, string][] = [
    [HOUR / 4, t`15 minutes`],
    [HOUR, t`1 hour`],
    [4 * HOUR, t`4 hours`],
    [12 * HOUR, t`12 hours`],
  ];
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={close}>
      <Modal className="sheet">
        <Dialog>
          <div className="sheetTop">
            <Heading slot="title">
              <Trans>Message to agents</Trans>
            </Heading>
            <IconButton icon={X} name={t`Close`} onPress={close} />
          </div>
          <form className="noticeForm" onSubmit={send}>
            {to ? (
              <p className="muted">
                <Trans>To:</Trans> <bdi>{to.name}</bdi>
              </p>
            ) : (
              <To queues={queues} chosen={chosen} choose={setChosen} />
            )}
            <label className="field">
              <span className="label">
                <Trans>Message</Trans>
              </span>
              <textarea className="input" dir="auto" rows={4} maxLength={LONGEST} value={text} autoFocus onChange={(event) => write(event.target.value)} />
            </label>
            <label className="field">
              <span className="label">
                <Trans>Shown for</Trans>
              </span>
              <select className="input" value={lasts} onChange={(event) => setLasts(Number(event.target.value))}>
                {times.map(([seconds, name]) => (
                  <option key={seconds} value={seconds}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <label className="check noticeUrgent">
              <input type="checkbox" checked={urgent} onChange={(event) => setUrgent(event.target.checked)} />
              <Trans>Urgent: stands first, in red</Trans>
            </label>
            <Refusal error={post.error} />
            <Button type="submit" kind="primary" icon={Send} isDisabled={!text.trim()} isPending={post.isPending}>
              <Trans>Send</Trans>
            </Button>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function To({ queues, chosen, choose }: { queues: FloorQueue[]; chosen: string[]; choose: (queues: string[]) => void }) {
  return (
    <fieldset className="field noticeTo">
      <legend className="label">
        <Trans>To whom</Trans>
      </legend>
      <label className="check">
        <input type="checkbox" checked={chosen.length === 0} onChange={() => choose([])} />
        <Trans>Everybody</Trans>
      </label>
      {queues.map((queue) => (
        <label className="check" key={queue.id}>
          <input
            type="checkbox"
            checked={chosen.includes(queue.id)}
            onChange={(event) => choose(event.target.checked ? [...chosen, queue.id] : chosen.filter((one) => one !== queue.id))}
          />
          <bdi>{queue.name}</bdi>
        </label>
      ))}
    </fieldset>
  );
}
