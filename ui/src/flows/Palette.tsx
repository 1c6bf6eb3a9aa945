/** The kinds of blocks, to add one. */
import { useLingui } from "@lingui/react/macro";
import { MenuItem } from "react-aria-components/Menu";

import { MenuPopover } from "@/design/MenuPopover";
import type { Opened } from "@/design/opening";
import { KINDS, type Kind } from "@/flows/flow";
import { KindIcon } from "@/flows/KindIcon";
import { DESCRIBED } from "@/flows/kinds";

export function Palette({ opened, add }: { opened: Opened; add: (kind: Kind) => void }) {
  const { t, i18n } = useLingui();
  return (
    <MenuPopover name={t`Kinds of blocks`} opened={opened} placement="bottom start" act={(key) => add(key as Kind)}>
      {KINDS.map((kind) => {
        const { label, help } = DESCRIBED[kind];
        return (
          <MenuItem key={kind} id={kind} className="menuItem flowKind" textValue={i18n._(label)}>
            <KindIcon kind={kind} />
            <span>{i18n._(label)}</span> <span className="muted">{i18n._(help)}</span>
          </MenuItem>
        );
      })}
    </MenuPopover>
  );
}
