/** Of what this browser tells one while the page is closed. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell, Check, Send, X } from "lucide-react";
import { useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { ApiError } from "@/api/client";
import { type Kind, possible, tryOut, want, wanted } from "@/api/push";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import "@/push/push.css";

const KEY = ["push"] as const;

export function PushSettings({ close }: { close: () => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: KEY, queryFn: wanted, staleTime: 0 });
  const [chosen, choose] = useState<Kind[] | null>(null);
  const names: Record<Kind, string> = {
    offer: t`A contact rings for me`,
    message: t`A message from a supervisor`,
    waiting: t`A customer waits for me personally`,
    call: t`A planned call of mine comes`,
    task: t`A task of mine is due`,
    alert: t`An alert by rule is raised`,
  };
  const kinds = chosen ?? data?.kinds ?? [];
  const key = data?.pushed.key ?? null;
  const saving = useMutation({
    mutationFn: () => want(key ?? "", kinds),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: KEY });
      choose(null);
      trial.reset();
    },
  });
  const trial = useMutation({ mutationFn: tryOut });
  const turn = (kind: Kind, on: boolean) => choose(on ? [...kinds, kind] : kinds.filter((one) => one !== kind));
  const refused = saving.error && !(saving.error instanceof ApiError);
  const on = (data?.kinds.length ?? 0) > 0 && chosen === null;
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={close}>
      <Modal className="sheet">
        <Dialog className="push">
          <div className="sheetTop">
            <Heading slot="title">{t`Told in this browser`}</Heading>
            <IconButton icon={X} name={t`Close`} onPress={close} />
          </div>
          <p className="muted">
            <Trans>While the page is closed or the computer sleeps, this browser tells you that something waits. It says what kind of thing, and nothing of customers.</Trans>
          </p>
          {data && (!possible() || key === null) ? (
            <p role="status">
              <Trans>This browser cannot be told. It needs a page over https.</Trans>
            </p>
          ) : (
            <fieldset className="pushKinds">
              <legend className="unseen">{t`Of what`}</legend>
              {(data?.pushed.kinds ?? []).map((kind) => (
                <label key={kind}>
                  <input type="checkbox" checked={kinds.includes(kind)} onChange={(event) => turn(kind, event.target.checked)} />
                  {names[kind]}
                </label>
              ))}
            </fieldset>
          )}
          {refused && <OwnRefusal forbidden={saving.error.name === "NotAllowedError"} />}
          <Refusal error={error ?? (refused ? null : saving.error) ?? trial.error} />
          <State sent={trial.isSuccess} on={on && !trial.isError} />
          <div className="pushButtons">
            <Button kind="primary" icon={Bell} isDisabled={chosen === null || key === null || !possible()} isPending={saving.isPending} onPress={() => saving.mutate()}>
              <Trans>Save</Trans>
            </Button>
            {on && (
              <Button icon={Send} isPending={trial.isPending} onPress={() => trial.mutate()}>
                <Trans>Send one now</Trans>
              </Button>
            )}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What the browser itself says, not the server. */
function OwnRefusal({ forbidden }: { forbidden: boolean }) {
  return (
    <p className="refusal" role="alert">
      {forbidden ? (
        <Trans>The browser has not allowed it. Allow notifications for this page in its settings.</Trans>
      ) : (
        <Trans>The notification service of this browser cannot be reached. Perhaps there is no way to the internet from here.</Trans>
      )}
    </p>
  );
}

function State({ sent, on }: { sent: boolean; on: boolean }) {
  return (
    <p role="status" className="muted pushState">
      {sent ? (
        <Trans>Sent. It should be on the screen in a moment; where it is not, see what the system of this computer allows the browser to show.</Trans>
      ) : on ? (
        <>
          <Check size={16} aria-hidden />
          <Trans>This browser is told.</Trans>
        </>
      ) : null}
    </p>
  );
}
