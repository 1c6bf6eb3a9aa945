import type { ReactNode } from "react";
import { Menu } from "react-aria-components/Menu";
import { Popover, type PopoverProps } from "react-aria-components/Popover";

import type { Opened } from "@/design/opening";

/** A menu of a button of `useOpening`: the keyboard is at its first line at once, and a choice closes it. */
export function MenuPopover(props: { name: string; opened: Opened; placement: NonNullable<PopoverProps["placement"]>; act: (key: string) => void; children: ReactNode }) {
  const { at, close } = props.opened;
  return (
    <Popover className="popover" aria-label={props.name} placement={props.placement} offset={6} triggerRef={at} isOpen onOpenChange={close}>
      <Menu
        className="menu"
        aria-label={props.name}
        autoFocus="first"
        onClose={close}
        onAction={(key) => {
          props.act(String(key));
          close();
        }}
      >
        {props.children}
      </Menu>
    </Popover>
  );
}
