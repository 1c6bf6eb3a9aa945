import { useLingui } from "@lingui/react/macro";
import { Phone } from "lucide-react";
import { lazy, Suspense } from "react";

import { useMayCall } from "@/calling/mayCall";
import { IconButton } from "@/design/Button";
import { useOpening } from "@/design/opening";
import { phone } from "@/i18n/format";

const dial = () => import("@/calling/Dial");
const Dial = lazy(() => dial().then((module) => ({ default: module.Dial })));

/** Beside a number wherever one stands: a press asks in whose name, a second one calls. */
export function CallNumber({ number }: { number: string | null }) {
  const { t } = useLingui();
  const may = useMayCall();
  const { open, opened, button } = useOpening("dialog", dial);
  if (!may || !number || !/^\+?\d+$/.test(number)) return null;
  const shown = phone(number);
  return (
    <>
      <IconButton {...button} icon={Phone} name={t`Call ${shown}`} />
      <Suspense>{open && <Dial opened={opened} number={number} />}</Suspense>
    </>
  );
}
