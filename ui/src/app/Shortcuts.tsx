/** All keys, each of which may be put on another one; what a person chooses is kept on the server. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { RotateCcw, X } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { ApiError } from "@/api/client";
import { prefer, useMe } from "@/api/session";
import type { KeyOfAction, Me } from "@/api/types";
import type { Keyed } from "@/app/actions";
import { ACTION_WORDS } from "@/app/actionWords";
import { combination, printed } from "@/app/combination";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";

/** Of people who take no contacts. */
const EVERYBODYS: readonly string[] = ["palette", "shortcuts"] satisfies Keyed[];
const HELD = /^(Control|Alt|AltGraph|Shift|Meta|CapsLock)/;

export function Shortcuts({ close, me: { agent_id } }: { close: () => void; me: Me }) {
  const { t } = useLingui();
  const { keys, single_keys } = useMe();
  const [asked, setAsked] = useState<Keyed | null>(null);
  const change = useMutation({ mutationFn: (own: Record<string, string>) => prefer({ keys: own }) });
  const single = useMutation({ mutationFn: (single_keys: boolean) => prefer({ single_keys }) });
  const own = Object.fromEntries(keys.filter((one) => one.key !== one.usual).map((one) => [one.action, one.key]));
  const put = (action: Keyed, key: string) => change.mutate({ ...own, [action]: key });
  const rows = keys.filter((one) => agent_id !== null || EVERYBODYS.includes(one.action));
  return (
    <ModalOverlay className="veil" isOpen onOpenChange={close} isDismissable isKeyboardDismissDisabled={asked !== null}>
      <Modal className="sheet">
        <Dialog>
          <div className="sheetTop">
            <Heading slot="title">
              <Trans>Keyboard shortcuts</Trans>
            </Heading>
            <IconButton icon={X} name={t`Close`} onPress={close} />
          </div>
          <p className="caption">
            <Trans>Press a key in the list to put the action on another one.</Trans>
          </p>
          <dl className="shortcuts">
            {rows.map((one) => (
              <Row
                key={one.action}
                one={one}
                asked={asked === one.action}
                ask={() => {
                  change.reset();
                  setAsked(one.action);
                }}
                answer={(key) => {
                  setAsked(null);
                  if (key !== null && key !== one.key) put(one.action, key);
                }}
              />
            ))}
            <Fixed does={t`Recording: play and pause`} keys="Space" />
            <Fixed does={t`Recording: 5 seconds back and forward`} keys="← →" />
          </dl>
          <div aria-live="polite">
            <Taken error={change.error} />
          </div>
          <label className="check">
            <input type="checkbox" checked={single_keys} onChange={(event) => single.mutate(event.target.checked)} />
            <span>
              <Trans>Shortcuts of a single key (M, H, T, ?) work</Trans>
            </span>
          </label>
          <Refusal error={single.error} />
          {Object.keys(own).length > 0 && (
            <Button icon={RotateCcw} className="usualKeys" isPending={change.isPending} onPress={() => change.mutate({})}>
              <Trans>All keys as usual</Trans>
            </Button>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Fixed({ does, keys }: { does: string; keys: string }) {
  return (
    <div>
      <dt>{does}</dt>
      <dd>
        <kbd className="kbd">{keys}</kbd>
      </dd>
    </div>
  );
}

function Row(props: { one: KeyOfAction; asked: boolean; ask: () => void; answer: (key: string | null) => void }) {
  const { t, i18n } = useLingui();
  const { one, asked, ask, answer } = props;
  const does = i18n._(ACTION_WORDS[one.action]);
  const shown = one.key ? printed(one.key) : t`no key`;
  const usual = one.usual ? printed(one.usual) : t`no key`;
  return (
    <div>
      <dt>{does}</dt>
      <dd>
        {one.key !== one.usual && <IconButton icon={RotateCcw} name={t`${does}: ${usual} again`} onPress={() => answer(one.usual)} />}
        <Button className="keyChoice" aria-label={asked ? t`${does}: press the new key…` : t`${shown}: other key for “${does}”`} pressed={asked} onPress={ask}>
          {asked ? <Trans>press the new key…</Trans> : shown}
        </Button>
        {asked && <Listening answer={answer} />}
      </dd>
    </div>
  );
}

/** The next press is the new key: Escape leaves it as it is, Backspace takes it away. */
function Listening({ answer }: { answer: (key: string | null) => void }) {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (HELD.test(event.key)) return;
    if (event.key !== "Tab") {
      event.preventDefault();
      event.stopPropagation();
    }
    if (event.key === "Escape" || event.key === "Tab") answer(null);
    else answer(event.key === "Backspace" || event.key === "Delete" ? "" : combination(event));
  });
  useEffect(() => {
    window.addEventListener("keydown", pressed, true);
    return () => window.removeEventListener("keydown", pressed, true);
  }, []);
  return (
    <span className="unseen" role="status">
      <Trans>Escape leaves it as it is, Backspace takes the key away.</Trans>
    </span>
  );
}

/** The server says which action has the keys already; its name is ours. */
function Taken({ error }: { error: Error | null }) {
  const { i18n } = useLingui();
  const action = error instanceof ApiError && error.code === "key_taken" ? (error.more["action"] as Keyed) : null;
  const other = action ? i18n._(ACTION_WORDS[action]) : "";
  return (
    <>
      <Refusal error={error} />
      {action && (
        <p className="caption">
          <Trans>There it is: {other}.</Trans>
        </p>
      )}
    </>
  );
}
