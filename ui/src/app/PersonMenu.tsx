import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Keyboard, LogOut } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";

import { queryClient } from "@/api/queryClient";
import { sessionQuery, signOut } from "@/api/session";
import type { Me, Role } from "@/api/types";
import { LanguageChoice, ThemeChoice } from "@/app/Preferences";
import { useKeys } from "@/app/keys";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { initials } from "@/i18n/format";
import { useLive } from "@/live/useLive";

const Shortcuts = lazy(() => import("@/app/Shortcuts").then((module) => ({ default: module.Shortcuts })));

export function PersonMenu({ me }: { me: Me }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [sheet, setSheet] = useState(false);
  useKeys({ "shift+Slash": () => setSheet(true) });
  const roles: Record<Role, string> = { agent: t`Agent`, supervisor: t`Supervisor`, administrator: t`Administrator` };
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      queryClient.setQueryData(sessionQuery.queryKey, null);
      await navigate({ to: "/sign-in", search: {}, replace: true });
      queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
  });
  const name = me.person.name;
  // Signing out takes the line away: whoever is on it would be left alone.
  const inHand = useLive((state) => state.contacts.length > 0) ?? false;

  return (
    <>
      <DialogTrigger isOpen={open} onOpenChange={setOpen}>
        <AriaButton className="person" aria-label={t`${name}: settings and sign-out`} data-initials={initials(name)} />
        <Popover className="popover personMenu" placement="bottom end" offset={6}>
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
              keys="?"
              onPress={() => {
                setOpen(false);
                setSheet(true);
              }}
            >
              <Trans>Keyboard shortcuts</Trans>
            </Button>
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
      </DialogTrigger>
      {sheet && (
        <Suspense>
          <Shortcuts close={() => setSheet(false)} agent={me.agent_id !== null} />
        </Suspense>
      )}
    </>
  );
}
