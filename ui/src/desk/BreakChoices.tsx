import { Trans, useLingui } from "@lingui/react/macro";
import { Coffee } from "lucide-react";
import { MenuItem } from "react-aria-components/Menu";

import type { Status } from "@/api/desk";
import { MenuPopover } from "@/design/MenuPopover";
import type { Opened } from "@/design/opening";
import { chosenReasons } from "@/desk/StatusMenu";
import { spoken } from "@/i18n/language";
import { useLive } from "@/live/useLive";

/** After the result: which break. */
export function BreakChoices({ opened, save }: { opened: Opened; save: (then: Status) => void }) {
  const { t } = useLingui();
  const reasons = useLive((state) => state.reasons) ?? [];
  return (
    <MenuPopover
      name={t`Save and take a break`}
      opened={opened}
      placement="top end"
      act={(key) => save({ status: "not_ready", reason: key })}
    >
      {chosenReasons(reasons).map((reason) => (
        <MenuItem key={reason.id} id={reason.id} textValue={reason[spoken()]}>
          <Coffee size={16} aria-hidden />
          <Trans>Save, then: {reason[spoken()]}</Trans>
        </MenuItem>
      ))}
    </MenuPopover>
  );
}
