/** What a part is made of, as a tree of rows: chosen, moved and dragged; everything by keys, too. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent, type ReactNode } from "react";

import type { Problem } from "@/api/parts";
import { choosing, moving } from "@/setup/keys";

export type Where = "before" | "after" | "into";

export interface Row {
  id: string;
  /** From 0. */
  depth: number;
  name: string;
  /** Said beside the name. */
  more?: ReactNode;
  problems: Problem[];
  /** Where problems lead to it. */
  place?: string;
  /** Stands where it is, and so do those beside it: a heading that is no thing of its own. */
  fixed?: boolean;
}

export interface Acts {
  choose: (id: string) => void;
  /** To the form of the chosen one. */
  edit: () => void;
  add: () => void;
  remove: () => void;
  move: (by: -1 | 1) => void;
  /** Under the one before, or out of the one it is under. */
  turn?: (by: -1 | 1) => void;
  /** `allows` is asked while it is dragged. */
  drop: (id: string, at: string, where: Where) => void;
  allows: (id: string, at: string, where: Where) => boolean;
}

interface Props {
  label: string;
  rows: Row[];
  chosen: string | null;
  acts: Acts;
  /** Nothing is moved while only some are shown. */
  still?: boolean;
}

export function Outline({ label, rows, chosen, acts, still = false }: Props) {
  const tree = useRef<HTMLUListElement>(null);
  const moved = useRef(false);
  const dragged = useDragging(acts);
  // A row that changes its place, or is gone, loses the keyboard.
  useEffect(() => {
    if (moved.current && (document.activeElement === document.body || tree.current?.contains(document.activeElement))) {
      tree.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    }
    moved.current = false;
  });
  const at = rows.findIndex(({ id }) => id === chosen);
  const go = (to: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (!row) return;
    acts.choose(row.id);
    tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[rows.indexOf(row)]?.focus();
  };
  const keys = (event: KeyboardEvent) => {
    // Also where it moves nothing: it would be the browser's way back.
    if (event.altKey && event.key.startsWith("Arrow")) event.preventDefault();
    const act = (event.altKey ? moving(acts, still || rows[at]?.fixed === true) : choosing(acts, go, at, rows.length))[event.key];
    if (!act || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moved.current = event.altKey || event.key === "Delete";
    act();
  };
  const stop = at < 0 ? rows[0]?.id : chosen;
  return (
    <ul ref={tree} role="tree" aria-label={label} className="partRows" onKeyDown={keys} onDragLeave={dragged.leave}>
      {rows.map((row) => (
        <OutlineRow key={row.id} row={row} chosen={row.id === chosen} stop={row.id === stop} drag={still || row.fixed ? null : dragged.of(row.id)} over={dragged.over(row.id)} take={dragged.take(row.id)} acts={acts} />
      ))}
    </ul>
  );
}

type Taking = Pick<React.HTMLAttributes<HTMLElement>, "onDragOver" | "onDrop">;
type Dragging = Pick<React.HTMLAttributes<HTMLElement>, "draggable" | "onDragStart" | "onDragEnd">;

function useDragging(acts: Acts) {
  const [id, setId] = useState<string | null>(null);
  const [target, setTarget] = useState<{ id: string; where: Where } | null>(null);
  const over = () => {
    setId(null);
    setTarget(null);
  };
  const of = (row: string): Dragging => ({
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row);
      setId(row);
      acts.choose(row);
    },
    onDragEnd: over,
  });
  const place = (event: DragEvent, row: string) => (id === null || id === row ? null : wanted(event, (where) => acts.allows(id, row, where)));
  const take = (row: string): Taking => ({
    onDragOver: (event: DragEvent) => {
      const found = place(event, row);
      if (found) event.preventDefault();
      setTarget(found && { id: row, where: found });
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      // By where it is let go: what was shown while it was dragged may not have been painted yet.
      const found = place(event, row);
      if (id !== null && found) acts.drop(id, row, found);
      over();
    },
  });
  return { of, take, over: (row: string) => (target?.id === row ? target.where : null), leave: () => setTarget(null) };
}

/** By the third of the row where the pointer is: the nearest that is allowed. */
function wanted(event: DragEvent, allowed: (where: Where) => boolean): Where | null {
  const box = event.currentTarget.getBoundingClientRect();
  const part = (event.clientY - box.top) / box.height;
  const near: Where[] = part < 0.3 ? ["before", "into"] : part > 0.7 ? ["after", "into"] : ["into", part < 0.5 ? "before" : "after"];
  return near.find(allowed) ?? null;
}

interface RowProps {
  row: Row;
  chosen: boolean;
  /** The one that the Tab key comes to. */
  stop: boolean;
  drag: Dragging | null;
  take: Taking;
  over: Where | null;
  acts: Acts;
}

function OutlineRow({ row, chosen, stop, drag, take, over, acts }: RowProps) {
  const { t } = useLingui();
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (chosen) item.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const wrong = row.problems.some(({ warning }) => !warning);
  const state = row.problems.length === 0 ? "" : wrong ? t`fault` : t`warning`;
  return (
    <li
      ref={item}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={chosen}
      data-place={row.place}
      tabIndex={stop ? 0 : -1}
      className={["partRow", chosen && "chosen", state && (wrong ? "wrong" : "doubtful"), over && `drop ${over}`].filter(Boolean).join(" ")}
      style={{ marginInlineStart: Math.min(row.depth, 6) * 18 }}
      onClick={() => acts.choose(row.id)}
      onDoubleClick={acts.edit}
      {...drag}
      {...take}
    >
      <span className="partRowName">
        {row.name} {state && <span className="partRowState">{state}</span>}
      </span>
      {row.more && <span className="partRowText muted">{row.more}</span>}
    </li>
  );
}

export function OutlineKeys({ turns = false }: { turns?: boolean }) {
  return (
    <p className="muted partKeys">
      {turns ? (
        <Trans>Arrows choose; Alt with an arrow moves up, down, in and out; Enter edits, Insert adds, Delete removes. Rows can be dragged, too.</Trans>
      ) : (
        <Trans>Arrows choose; Alt with an arrow moves up and down; Enter edits, Insert adds, Delete removes. Rows can be dragged, too.</Trans>
      )}
    </p>
  );
}
