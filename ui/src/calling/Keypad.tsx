/** Keys for the other side during a call: an extension, a menu, a code. Loaded with the call. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Grid3x3 } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";

import { useActions } from "@/app/actions";
import { useKeyOf } from "@/app/keys";
import "@/calling/calling.css";
import { Button } from "@/design/Button";
import { useOpening } from "@/design/opening";
import { deskPhone } from "@/phone/deskPhone";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

export function Keypad({ contact, ready }: { contact: string; ready: boolean }) {
  const { t } = useLingui();
  const keyOf = useKeyOf();
  const { open, opened, button } = useOpening("dialog", () => Promise.resolve());
  useActions({ keypad: ready ? button.onPress : undefined });
  return (
    <>
      <Button {...button} icon={Grid3x3} keys={keyOf("keypad")} isDisabled={!ready}>
        <Trans>Keypad</Trans>
      </Button>
      <Popover className="popover" placement="bottom start" offset={6} triggerRef={opened.at} isOpen={open && ready} onOpenChange={opened.close}>
        <Dialog className="keypad" aria-label={t`Keypad`}>
          <Keys contact={contact} />
        </Dialog>
      </Popover>
    </>
  );
}

/** The digits of the keyboard do what the buttons do. What was pressed is shown until the pad is closed, and kept nowhere. */
function Keys({ contact }: { contact: string }) {
  const { t } = useLingui();
  const [pressed, setPressed] = useState("");
  const press = (key: string) => {
    if (deskPhone.sendKeys(contact, key)) setPressed((before) => (before + key).slice(-20));
  };
  const typed = (event: KeyboardEvent) => {
    if (!KEYS.includes(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    press(event.key);
  };
  return (
    <div className="keypadKeys" onKeyDown={typed}>
      <output className="figures" aria-label={t`Sent`}>
        {pressed}
      </output>
      {KEYS.map((key, number) => (
        <Button key={key} large autoFocus={number === 0} onPress={() => press(key)}>
          {key}
        </Button>
      ))}
    </div>
  );
}
