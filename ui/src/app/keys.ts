/** Keyboard shortcuts by place of the key, so that they hold in every layout (Alt+Ф is Alt+A). Which key does what is the person's own choice. */
import { useEffect } from "react";

import { queryClient } from "@/api/queryClient";
import { sessionQuery, useMe } from "@/api/session";
import type { Me } from "@/api/types";
import { does, type Keyed } from "@/app/actions";
import { combination, isCombined, printed } from "@/app/combination";

const TEXT_INPUTS = "input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select, [contenteditable], [role=textbox], [role=searchbox], [role=combobox]";
/** In these a letter looks for what begins with it. */
const LISTS = "[role=menu], [role=listbox], [role=tree], [role=grid]";
const DIALOGS = '[role="dialog"], [role="alertdialog"]';
/** A ring is answered whatever is open on the page. */
const OVER_DIALOGS: readonly string[] = ["accept", "decline", "palette"] satisfies Keyed[];

const composes = (event: KeyboardEvent): boolean => event.isComposing || event.getModifierState("AltGraph");

/** May a press here mean an action at all? Whoever types, chooses from a list or composes a character means that. */
export function isMeant(event: KeyboardEvent, singleKeys: boolean): boolean {
  if (event.defaultPrevented || event.repeat || composes(event)) return false;
  if (event.altKey || event.ctrlKey || event.metaKey) return true;
  const at = event.target instanceof Element ? event.target : null;
  return singleKeys && !at?.closest(TEXT_INPUTS) && !at?.closest(LISTS);
}

function pressed(event: KeyboardEvent): void {
  const me = queryClient.getQueryData<Me | null>(sessionQuery.queryKey);
  if (!me || !isMeant(event, me.single_keys)) return;
  const key = combination(event);
  const open = document.querySelector(DIALOGS) !== null;
  for (const one of me.keys) {
    if (one.key !== key || (open && !OVER_DIALOGS.includes(one.action))) continue;
    const act = does(one.action);
    if (!act) continue;
    event.preventDefault();
    act();
    return;
  }
}

/** One listener for the whole page. */
export function useKeyboard(): void {
  useEffect(() => {
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}

/** The key that does it for this person now, as it is printed; undefined where none does. */
export function useKeyOf(): (action: Keyed) => string | undefined {
  const me = useMe();
  return (action) => {
    const key = me.keys.find((one) => one.action === action)?.key;
    return key && (me.single_keys || isCombined(key)) ? printed(key) : undefined;
  };
}
