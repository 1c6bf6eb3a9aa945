import { Trans, useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { singleKeys } from "@/app/keys";
import { IconButton } from "@/design/Button";

export function Shortcuts({ close, agent }: { close: () => void; agent: boolean }) {
  const { t } = useLingui();
  const [single, setSingle] = useState(singleKeys.allowed);
  const rows: [string, string][] = [
    ...(agent
      ? ([
          ["Alt + A", t`Accept the call`],
          ["Alt + D", t`Decline the call`],
          ["Alt + C", t`Call a number`],
          ["M", t`Microphone off and on`],
          ["H", t`Hold and take back`],
          ["T", t`Transfer`],
          ["C", t`Ask a colleague first`],
          ["Ctrl + Enter", t`While asking: complete the transfer`],
          ["B", t`While asking: back to the customer`],
          ["H", t`While asking: swap customer and colleague`],
          ["G", t`While asking: all three together`],
          ["Alt + N", t`To the note`],
          ["Ctrl + Enter", t`Save the result and be ready`],
        ] satisfies [string, string][])
      : []),
    ["Space", t`Recording: play and pause`],
    ["← →", t`Recording: 5 seconds back and forward`],
    ["?", t`This list`],
  ];
  return (
    <ModalOverlay className="veil" isOpen onOpenChange={close} isDismissable>
      <Modal className="sheet">
        <Dialog>
          <div className="sheetTop">
            <Heading slot="title">
              <Trans>Keyboard shortcuts</Trans>
            </Heading>
            <IconButton icon={X} name={t`Close`} onPress={close} />
          </div>
          <dl className="shortcuts">
            {rows.map(([keys, does]) => (
              <div key={does}>
                <dt>{does}</dt>
                <dd>
                  <kbd className="kbd">{keys}</kbd>
                </dd>
              </div>
            ))}
          </dl>
          <label className="check">
            <input
              type="checkbox"
              checked={single}
              onChange={(event) => {
                singleKeys.allow(event.target.checked);
                setSingle(event.target.checked);
              }}
            />
            <span>
              <Trans>Shortcuts of a single key (M, H, T, ?) work</Trans>
            </span>
          </label>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
