import { Trans, useLingui } from "@lingui/react/macro";
import { Headphones } from "lucide-react";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";

import { IconButton } from "@/design/Button";
import { DeviceCheck } from "@/desk/DeviceCheck";
import { usePhone } from "@/phone/state";

/** Microphone, speaker and ring, at any moment of the shift. */
export function Devices() {
  const { t } = useLingui();
  const place = usePhone((state) => state.place);
  if (place !== "here") return null;
  return (
    <DialogTrigger>
      <IconButton icon={Headphones} name={t`Sound and microphone`} />
      <Popover className="popover" placement="bottom end" offset={6}>
        <Dialog className="devices" aria-label={t`Sound and microphone`}>
          <h2 className="heading">
            <Trans>Sound and microphone</Trans>
          </h2>
          <DeviceCheck />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
