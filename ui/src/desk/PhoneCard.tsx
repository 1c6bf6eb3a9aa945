import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";

import type { LiveAgent, PhoneKind } from "@/api/types";
import type { Opened } from "@/design/opening";
import { Refusal } from "@/design/Refusal";
import "@/desk/devices.css";
import { PhoneChoice } from "@/desk/PhoneChoice";
import { deskPhone } from "@/phone/deskPhone";

/** Another telephone, between calls. */
export function PhoneCard({ agent, opened }: { agent: LiveAgent; opened: Opened }) {
  const { t } = useLingui();
  const change = useMutation({ mutationFn: (phone: PhoneKind) => deskPhone.takeCallsAt(phone), onSuccess: opened.close });
  return (
    <Popover className="popover" placement="bottom end" offset={6} triggerRef={opened.at} isOpen onOpenChange={opened.close}>
      <Dialog className="devices" aria-label={t`Where calls ring`}>
        <h2 className="heading">
          <Trans>Where calls ring</Trans>
        </h2>
        <PhoneChoice agent={agent} value={change.isPending ? change.variables : agent.phone} choose={change.mutate} />
        <Refusal error={change.error} />
      </Dialog>
    </Popover>
  );
}
