import { useLingui } from "@lingui/react/macro";
import { lazy, Suspense } from "react";
import { Button as AriaButton } from "react-aria-components/Button";

import type { Me } from "@/api/types";
import { does } from "@/app/actions";
import { useOpening } from "@/design/opening";
import { initials } from "@/i18n/format";

const card = () => import("@/app/PersonCard");
const PersonCard = lazy(() => card().then((module) => ({ default: module.PersonCard })));

export function PersonMenu({ me }: { me: Me }) {
  const { t } = useLingui();
  const { open, opened, button } = useOpening("dialog", card);
  const name = me.person.name;

  return (
    <>
      <AriaButton {...button} className="person" aria-label={t`${name}: settings and sign-out`} data-initials={initials(name)} />
      <Suspense>
        {open && <PersonCard me={me} opened={opened} showKeys={() => does("shortcuts")?.()} />}
      </Suspense>
    </>
  );
}
