import { useLingui } from "@lingui/react/macro";
import { lazy, Suspense, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";

import type { Me } from "@/api/types";
import { useKeys } from "@/app/keys";
import { useOpening } from "@/design/opening";
import { initials } from "@/i18n/format";

const Shortcuts = lazy(() => import("@/app/Shortcuts").then((module) => ({ default: module.Shortcuts })));
const card = () => import("@/app/PersonCard");
const PersonCard = lazy(() => card().then((module) => ({ default: module.PersonCard })));

export function PersonMenu({ me }: { me: Me }) {
  const { t } = useLingui();
  const { open, opened, button } = useOpening("dialog", card);
  const [sheet, setSheet] = useState(false);
  useKeys({ "shift+Slash": () => setSheet(true) });
  const name = me.person.name;

  return (
    <>
      <AriaButton {...button} className="person" aria-label={t`${name}: settings and sign-out`} data-initials={initials(name)} />
      <Suspense>
        {open && <PersonCard me={me} opened={opened} showKeys={() => setSheet(true)} />}
        {sheet && <Shortcuts close={() => setSheet(false)} agent={me.agent_id !== null} />}
      </Suspense>
    </>
  );
}
