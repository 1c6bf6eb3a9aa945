import { Trans, useLingui } from "@lingui/react/macro";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";

import type { Opened } from "@/design/opening";
import { DeviceCheck } from "@/desk/DeviceCheck";

export function DevicesCard({ opened }: { opened: Opened }) {
  const { t } = useLingui();
  return (
    <Popover className="popover" placement="bottom end" offset={6} triggerRef={opened.at} isOpen onOpenChange={opened.close}>
      <Dialog className="devices" aria-label={t`Sound and microphone`}>
        <h2 className="heading">
          <Trans>Sound and microphone</Trans>
        </h2>
        <DeviceCheck />
      </Dialog>
    </Popover>
  );
}
