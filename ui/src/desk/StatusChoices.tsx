/** The statuses to choose from, opened from the status in the header; loaded when somebody reaches for it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Check, CircleCheck, CircleDot, Coffee, LogOut } from "lucide-react";
import { Header } from "react-aria-components/Header";
import { MenuItem, MenuSection } from "react-aria-components/Menu";
import { Separator } from "react-aria-components/Separator";

import { READY, type Status } from "@/api/desk";
import type { LiveAgent } from "@/api/types";
import { MenuPopover } from "@/design/MenuPopover";
import type { Opened } from "@/design/opening";
import { chosenReasons } from "@/desk/StatusMenu";
import { spoken } from "@/i18n/language";
import { useLive } from "@/live/useLive";

const END_SHIFT = "end-shift";
const READY_FOR = "ready:";

interface Props {
  opened: Opened;
  now: LiveAgent["next"] | { status: string; reason: string | null };
  busy: boolean;
  choose: (status: Status) => void;
  leave: () => void;
}

export function StatusChoices({ opened, now, busy, choose, leave }: Props) {
  const { t } = useLingui();
  const reasons = useLive((state) => state.reasons) ?? [];
  const statuses = useLive((state) => state.statuses) ?? [];
  const act = (key: string) => {
    if (key === END_SHIFT) leave();
    else if (key.startsWith(READY_FOR)) choose({ status: "ready", reason: key.slice(READY_FOR.length) });
    else choose(key === "ready" ? READY : { status: "not_ready", reason: key });
  };
  const mark = (on: boolean) => on && <Check size={16} className="mark" aria-hidden />;
  return (
    <MenuPopover name={t`Status`} opened={opened} placement="bottom start" act={act}>
      <MenuSection>
        <Header>{busy ? <Trans>After this contact</Trans> : <Trans>Status</Trans>}</Header>
        <MenuItem id="ready" textValue={t`Ready`}>
          <CircleCheck size={16} aria-hidden />
          <Trans>Ready</Trans>
          {mark(now?.status === "ready" && !now.reason)}
        </MenuItem>
        {statuses.map((status) => (
          <MenuItem key={status.id} id={READY_FOR + status.id} textValue={status[spoken()]}>
            <CircleDot size={16} aria-hidden />
            {status[spoken()]}
            {mark(now?.status === "ready" && now.reason === status.id)}
          </MenuItem>
        ))}
        {chosenReasons(reasons).map((reason) => (
          <MenuItem key={reason.id} id={reason.id} textValue={reason[spoken()]}>
            <Coffee size={16} aria-hidden />
            {reason[spoken()]}
            {mark(now?.status === "not_ready" && now.reason === reason.id)}
          </MenuItem>
        ))}
      </MenuSection>
      <Separator />
      <MenuItem id={END_SHIFT} isDisabled={busy} textValue={t`End the shift`}>
        <LogOut size={16} aria-hidden />
        <Trans>End the shift</Trans>
      </MenuItem>
    </MenuPopover>
  );
}
