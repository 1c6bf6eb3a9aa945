import { useLingui } from "@lingui/react/macro";
import { Grip } from "lucide-react";
import { lazy, Suspense } from "react";

import { useActions } from "@/app/actions";
import { useMayCallInside } from "@/calling/mayCall";
import { IconButton } from "@/design/Button";
import { useOpening } from "@/design/opening";

const dial = () => import("@/calling/Dial");
const Dial = lazy(() => dial().then((module) => ({ default: module.Dial })));

/** From every page of an agent in shift: whom to call, and in whose name; or which colleague. */
export function DialButton() {
  const { t } = useLingui();
  const may = useMayCallInside();
  const { open, opened, button } = useOpening("dialog", dial);
  useActions({ call: may ? button.onPress : undefined });
  if (!may) return null;
  return (
    <>
      <IconButton {...button} icon={Grip} name={t`Call a number`} />
      <Suspense>{open && <Dial opened={opened} />}</Suspense>
    </>
  );
}
