/** How queues have served their last customers: waits beside targets, and what was promised beside what happened. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { type PromisesKept, queueFigures, type ServedQueue } from "@/api/supervision";
import "@/design/drawer.css";
import { IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { duration } from "@/i18n/format";
import { HeardLines } from "@/floor/HeardLines";
import "@/floor/queueFigures.css";

const REFRESH_MS = 10_000;
const percent = (part: number) => `${Math.round(part * 100)}\u202f%`;

export function QueueFigures({ close }: { close: () => void }) {
  const { t } = useLingui();
  const { data, error } = useQuery({ queryKey: ["queue figures"], queryFn: queueFigures, refetchInterval: REFRESH_MS });
  return (
    <ModalOverlay className="veil side" isOpen isDismissable onOpenChange={close}>
      <Modal className="sheet drawer">
        <Dialog>
          <div className="sheetTop drawerTop">
            <div>
              <Heading slot="title">{t`How queues are served`}</Heading>
              <p className="muted">
                <Trans>Of the last 50 answers of each queue</Trans>
              </p>
            </div>
            <IconButton icon={X} name={t`Close`} onPress={close} />
          </div>
          {error && <Refusal error={error} />}
          {data?.order === "furthest_behind" && (
            <p className="caption">
              <Trans>The queue furthest behind its target is served first: the bars should be of one length.</Trans>
            </p>
          )}
          {data && <Served queues={data.queues} />}
          <HeardLines />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Served({ queues }: { queues: ServedQueue[] }) {
  const longest = Math.max(1, ...queues.map((queue) => queue.of_target ?? 0));
  return (
    <ul className="servedQueues">
      {queues.map((queue) => (
        <li key={queue.id}>
          <h3>{queue.name}</h3>
          {queue.waited_seconds === null ? (
            <p className="muted">
              <Trans>Nobody was answered yet.</Trans>
            </p>
          ) : (
            <Waits queue={queue} waited={queue.waited_seconds} longest={longest} />
          )}
          <Promise what="wait" kept={queue.promises} />
          <Promise what="callback" kept={queue.callbacks} />
        </li>
      ))}
    </ul>
  );
}

function Waits({ queue, waited, longest }: { queue: ServedQueue; waited: number; longest: number }) {
  const { t } = useLingui();
  const part = queue.of_target;
  const share = part === null ? "" : percent(part);
  return (
    <>
      <p>
        <Trans>
          Waited {duration(waited)} on average; the target is {duration(queue.target_seconds)}
        </Trans>
        {share && <strong className="figures"> · {share}</strong>}
        <span className="muted">
          {" "}
          (<Plural value={queue.answers} one="# answer" other="# answers" />)
        </span>
      </p>
      {part !== null && (
        <div className="servedBar" role="img" aria-label={t`${share} of the target`}>
          <div className={part > 1 ? "over" : ""} style={{ width: `${(part / longest) * 100}%` }} />
          <span style={{ left: `${100 / longest}%` }} />
        </div>
      )}
    </>
  );
}

function Promise({ what, kept }: { what: "wait" | "callback"; kept: PromisesKept | null }) {
  if (kept === null) return null;
  const [within, off] = [percent(kept.within), duration(kept.off_seconds)];
  return (
    <p className="caption">
      {what === "wait" ? (
        <Trans>Waits promised: {within} were not longer; off by {off} on average</Trans>
      ) : (
        <Trans>Callbacks promised: {within} came in time; off by {off} on average</Trans>
      )}{" "}
      <span className="muted figures">({kept.count})</span>
    </p>
  );
}
