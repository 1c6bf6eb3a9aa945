/** The way to everything by keyboard: the palette and the list of keys, both loaded when they are asked for. */
import { useLingui } from "@lingui/react/macro";
import { Search } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import type { Me } from "@/api/types";
import { useActions } from "@/app/actions";
import { useKeyboard } from "@/app/keys";
import { IconButton } from "@/design/Button";

const palette = () => import("@/app/Palette");
const Palette = lazy(() => palette().then((module) => ({ default: module.Palette })));
const Shortcuts = lazy(() => import("@/app/Shortcuts").then((module) => ({ default: module.Shortcuts })));

export function Commands({ me }: { me: Me }) {
  const { t } = useLingui();
  const [open, setOpen] = useState<"palette" | "shortcuts" | null>(null);
  useKeyboard();
  useActions({ palette: () => setOpen(open === "palette" ? null : "palette"), shortcuts: () => setOpen("shortcuts") });
  const close = () => setOpen(null);
  return (
    <>
      <IconButton icon={Search} className="paletteButton" name={t`Find an action or a screen`} onHoverStart={() => void palette()} onPress={() => setOpen("palette")} />
      <Suspense>
        {open === "palette" && <Palette me={me} close={close} />}
        {open === "shortcuts" && <Shortcuts close={close} me={me} />}
      </Suspense>
    </>
  );
}
