/** Tabs by the ARIA pattern: arrows, Home and End move, the chosen one is the only stop of the Tab key. */
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

export interface TabPage {
  id: string;
  name: ReactNode;
  content: ReactNode;
}

/** `chosen` and `choose`: where somebody else turns the pages, too. */
export function Tabs({ label, pages, ...outside }: { label: string; pages: [TabPage, ...TabPage[]]; chosen?: string; choose?: (id: string) => void }) {
  const prefix = useId();
  const list = useRef<HTMLDivElement>(null);
  const [own, setOwn] = useState(pages[0].id);
  const chosen = outside.chosen ?? own;
  const setChosen = outside.choose ?? setOwn;
  const shown = pages.find((page) => page.id === chosen) ?? pages[0];

  const move = (event: KeyboardEvent) => {
    const at = pages.indexOf(shown);
    const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: pages.length - 1 };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + pages.length) % pages.length;
    setChosen(pages[index]?.id ?? chosen);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[index]?.focus();
  };

  return (
    <div className="tabs">
      <div ref={list} role="tablist" aria-label={label} onKeyDown={move}>
        {pages.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${prefix}tab-${id}`}
            aria-selected={id === shown.id}
            aria-controls={`${prefix}page`}
            tabIndex={id === shown.id ? 0 : -1}
            onClick={() => setChosen(id)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${prefix}page`} aria-labelledby={`${prefix}tab-${shown.id}`} tabIndex={0}>
        {shown.content}
      </div>
    </div>
  );
}
