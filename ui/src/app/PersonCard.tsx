/** What stands under one's name: language, theme, shortcuts, signing out; loaded when somebody reaches for it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Bell, Keyboard, LogOut, PhoneForwarded } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";

import type { Me, Role } from "@/api/types";
import { useKeyOf } from "@/app/keys";
import { LanguageChoice, ThemeChoice } from "@/app/Preferences";
import { useSignOut } from "@/app/useSignOut";
import { Button } from "@/design/Button";
import type { Opened } from "@/design/opening";
import { Refusal } from "@/design/Refusal";
import { withWords } from "@/i18n/language";
import { useLive } from "@/live/useLive";

const PushSettings = lazy(() => withWords(import("@/push/PushSettings")).then((module) => ({ default: module.PushSettings })));

const OwnForwarding = lazy(() => withWords(import("@/forwarding/OwnForwarding")).then((module) => ({ default: module.OwnForwarding })));

export function PersonCard({ me, opened, showKeys }: { me: Me; opened: Opened; showKeys: () => void }) {
  const { t } = useLingui();
  const [push, setPush] = useState(false);
  const [away, setAway] = useState(false);
  const keyOf = useKeyOf();
  const roles: Record<Role, string> = { agent: t`Agent`, supervisor: t`Supervisor`, administrator: t`Administrator` };
  const leave = useSignOut();
  const name = me.person.name;
  // Signing out takes the line away: whoever is on it would be left alone.
  const inHand = useLive((state) => state.contacts.length > 0) ?? false;

  if (push)
    return (
      <Suspense>
        <PushSettings close={opened.close} />
      </Suspense>
    );
  if (away)
    return (
      <Suspense>
        <OwnForwarding close={opened.close} />
      </Suspense>
    );
  return (
    <Popover className="popover personMenu" placement="bottom end" offset={6} triggerRef={opened.at} isOpen onOpenChange={opened.close}>
      <Dialog aria-label={name}>
        <div className="personName">
          <strong>{name}</strong>
          <span className="caption">
            {roles[me.person.role]} · {me.tenant.name}
          </span>
        </div>
        <div className="personRow">
          <span>
            <Trans>Language</Trans>
          </span>
          <LanguageChoice />
        </div>
        <div className="personRow">
          <span>
            <Trans>Theme</Trans>
          </span>
          <ThemeChoice />
        </div>
        <hr />
        <Button
          kind="bare"
          wide
          icon={Keyboard}
          keys={keyOf("shortcuts")}
          onPress={() => {
            opened.close();
            showKeys();
          }}
        >
          <Trans>Keyboard shortcuts</Trans>
        </Button>
        <Button
          kind="bare"
          wide
          icon={Bell}
          onPress={() => setPush(true)}
        >
          <Trans>Notifications</Trans>
        </Button>
        {me.agent_id && (
          <Button kind="bare" wide icon={PhoneForwarded} onPress={() => setAway(true)}>
            <Trans>While I am away</Trans>
          </Button>
        )}
        <Button kind="bare" wide icon={LogOut} isDisabled={leave.isPending || inHand} onPress={() => leave.mutate()}>
          {me.agent_id ? <Trans>End shift and sign out</Trans> : <Trans>Sign out</Trans>}
        </Button>
        {inHand && (
          <p className="caption">
            <Trans>Finish the contact first.</Trans>
          </p>
        )}
        <Refusal error={leave.error} />
      </Dialog>
    </Popover>
  );
}
