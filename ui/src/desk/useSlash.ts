/** A slash in a field offers canned replies: where it stands, and what puts one in. */
import { type ChangeEvent, type RefObject, type SyntheticEvent, useEffect, useRef, useState } from "react";

import { placed, slashAt } from "@/desk/slash";

export function useSlash(value: string, change: (value: string) => void, field: RefObject<HTMLTextAreaElement | null>) {
  const [caret, setCaret] = useState(0);
  const [closed, setClosed] = useState<number | null>(null);
  const wanted = useRef<number | null>(null);
  const slash = slashAt(value, caret);
  useEffect(() => {
    if (wanted.current !== null) field.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  }, [field, value]);
  const put = (reply: string) => {
    if (!slash) return;
    const next = placed(value, slash, reply);
    wanted.current = next.caret;
    setCaret(next.caret);
    change(next.text);
  };
  const close = () => setClosed(slash?.from ?? null);
  const listen = {
    onChange: (event: ChangeEvent<HTMLTextAreaElement>) => {
      setClosed(null);
      setCaret(event.target.selectionStart);
      change(event.target.value);
    },
    onSelect: (event: SyntheticEvent<HTMLTextAreaElement>) => setCaret(event.currentTarget.selectionEnd),
    onBlur: close,
  };
  return { slash: slash && slash.from !== closed ? slash : null, put, close, listen };
}
