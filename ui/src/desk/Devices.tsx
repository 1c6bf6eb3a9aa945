import { useLingui } from "@lingui/react/macro";
import { Headphones } from "lucide-react";
import { lazy, Suspense } from "react";

import { IconButton } from "@/design/Button";
import { useOpening } from "@/design/opening";
import { usePhone } from "@/phone/state";

const card = () => import("@/desk/DevicesCard");
const DevicesCard = lazy(() => card().then((module) => ({ default: module.DevicesCard })));

/** Microphone, speaker and ring, at any moment of the shift. */
export function Devices() {
  const { t } = useLingui();
  const { open, opened, button } = useOpening("dialog", card);
  const place = usePhone((state) => state.place);
  if (place !== "here") return null;
  return (
    <>
      <IconButton {...button} icon={Headphones} name={t`Sound and microphone`} />
      <Suspense>{open && <DevicesCard opened={opened} />}</Suspense>
    </>
  );
}
