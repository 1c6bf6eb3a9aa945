/** Of a long table only the rows that can be seen are drawn; the rest is empty room above and below. */
import { useLayoutEffect, useRef, useState, type RefObject } from "react";

/** Shorter tables are drawn whole: find in page, and everything else a browser can do, works in them. */
const SHORT = 60;
/** Rows drawn beyond the edges, so that scrolling shows no gaps. */
const SPARE = 8;

interface Window {
  /** For the `tbody`. */
  body: RefObject<HTMLTableSectionElement | null>;
  first: number;
  last: number;
  /** Pixels of empty room. */
  above: number;
  below: number;
}

export function useWindow(count: number, row: number): Window {
  const body = useRef<HTMLTableSectionElement>(null);
  const [[first, last], setSeen] = useState([0, SHORT]);
  const long = count > SHORT;
  useLayoutEffect(() => {
    const table = body.current;
    const scrolls = table?.closest("main");
    if (!long || !table || !scrolls) return undefined;
    const look = () => {
      const edge = scrolls.getBoundingClientRect();
      const from = Math.floor((edge.top - table.getBoundingClientRect().top) / row) - SPARE;
      const seen = Math.ceil(edge.height / row) + 2 * SPARE;
      const start = Math.max(0, Math.min(from, count - seen));
      setSeen(([a, b]) => (a === start && b === start + seen ? [a, b] : [start, start + seen]));
    };
    look();
    scrolls.addEventListener("scroll", look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(scrolls);
    return () => {
      scrolls.removeEventListener("scroll", look);
      sizes.disconnect();
    };
  }, [count, long, row]);
  if (!long) return { body, first: 0, last: count, above: 0, below: 0 };
  const end = Math.min(last, count);
  const start = Math.min(first, end);
  return { body, first: start, last: end, above: start * row, below: (count - end) * row };
}
