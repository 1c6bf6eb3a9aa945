/** The flow as a list: everything that the canvas does is done here by keys, too, and said to whoever does not see it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Copy, Plus, Search, Trash2 } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, type KeyboardEvent } from "react";

import type { CourseOfFlow, Problem } from "@/api/flows";
import { Button, IconButton } from "@/design/Button";
import { useOpening } from "@/design/opening";
import { excerpt, exitsOf, find, kindOf, labelOf, matches, type Block, type Flow, type Kind } from "@/flows/flow";
import { KindIcon } from "@/flows/KindIcon";
import { neighbour, order, shownExits } from "@/flows/layout";
import { exitName, kindName } from "@/flows/words";

const load = () => import("@/flows/Palette");
const Palette = lazy(() => load().then((module) => ({ default: module.Palette })));

export interface OutlineProps {
  flow: Flow;
  chosen: string | null;
  problems: Problem[];
  /** Blocks that the test call has passed, and where it stands. */
  passed: ReadonlySet<string>;
  at: string | null;
  /** How many contacts are at a block now, while the course is looked at. */
  steps: CourseOfFlow["steps"] | undefined;
  sought: string;
  seek: (words: string) => void;
  choose: (id: string) => void;
  add: (kind: Kind) => void;
  remove: (id: string) => void;
  copy: (id: string) => void;
  /** To the form of the chosen block. */
  edit: () => void;
}

export function Outline(props: OutlineProps) {
  const { t } = useLingui();
  const { flow, chosen, sought } = props;
  const rows = order(flow);
  const found = rows.filter((block) => matches(block, sought));
  const list = useRef<HTMLUListElement>(null);
  const held = chosen ?? rows[0]?.id;
  const go = (id: string | undefined) => {
    if (id === undefined) return;
    props.choose(id);
    list.current?.querySelector<HTMLElement>(`[data-block="${CSS.escape(id)}"]`)?.focus();
  };
  const seekOn = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || found.length === 0) return;
    event.preventDefault();
    const at = found.findIndex((block) => block.id === chosen);
    props.choose(found[(at + 1) % found.length]?.id ?? "");
  };
  return (
    <section className="flowOutline" aria-label={t`Blocks`}>
      <OutlineTools {...props} />
      <div className="flowSearch" role="search">
        <Search size={14} aria-hidden />
        <input type="search" className="input" aria-label={t`Find a block`} placeholder={t`Find a block`} value={sought} onChange={(event) => props.seek(event.target.value)} onKeyDown={seekOn} />
      </div>
      {rows.length === 0 ? (
        <p className="muted flowNothing">
          <Trans>No blocks yet. Add the first one: a menu is a good beginning.</Trans>
        </p>
      ) : (
        <ul ref={list} role="listbox" aria-label={t`Blocks in the order of a call`} className="flowRows" onKeyDown={(event) => keys(event, props, held, go)}>
          {rows.map((block) => (
            <Row key={block.id} block={block} stop={block.id === held} {...props} />
          ))}
        </ul>
      )}
      <p className="muted flowKeys">
        <Trans>Arrows move: up and down by the list, right along an exit, left back. Enter edits, Insert adds, Delete removes.</Trans>
      </p>
    </section>
  );
}

function OutlineTools({ chosen, add, remove, copy, flow }: OutlineProps) {
  const { t } = useLingui();
  const { open, opened, button } = useOpening("menu", load);
  return (
    <div className="flowTools" role="toolbar" aria-label={t`Blocks`}>
      <Button icon={Plus} {...button} className="flowAddBlock">
        <Trans>Add a block</Trans>
      </Button>
      <IconButton icon={Copy} name={t`Copy the block`} isDisabled={!chosen || !find(flow, chosen)} onPress={() => chosen && copy(chosen)} />
      <IconButton icon={Trash2} name={t`Remove the block`} isDisabled={!chosen || !find(flow, chosen)} onPress={() => chosen && remove(chosen)} />
      {open && (
        <Suspense>
          <Palette opened={opened} add={add} />
        </Suspense>
      )}
    </div>
  );
}

const DIRECTIONS: Record<string, "up" | "down" | "left" | "right"> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

function keys(event: KeyboardEvent, props: OutlineProps, at: string | undefined, go: (id: string | undefined) => void): void {
  if (at === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const direction = DIRECTIONS[event.key];
  const rows = order(props.flow);
  const actions: Record<string, () => void> = {
    Home: () => go(rows[0]?.id),
    End: () => go(rows.at(-1)?.id),
    Enter: props.edit,
    " ": props.edit,
    Delete: () => props.remove(at),
    Insert: () => document.querySelector<HTMLElement>(".flowAddBlock")?.click(),
  };
  const act = direction ? () => go(neighbour(props.flow, at, direction)) : actions[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function Row({ block, stop, steps, flow, chosen, problems, passed, at, sought, choose, edit }: OutlineProps & { block: Block; stop: boolean }) {
  const { t, i18n } = useLingui();
  const row = useRef<HTMLLIElement>(null);
  const kind = kindOf(block);
  const own = problems.filter((problem) => problem.block === block.id);
  const wrong = own.some((problem) => !problem.warning);
  const isChosen = block.id === chosen;
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  const state = [
    flow.blocks[0] === block ? t`start` : "",
    at === block.id ? t`the test call is here` : passed.has(block.id) ? t`passed by the test call` : "",
    steps?.[block.id]?.now ? t`now: ${steps[block.id]?.now ?? 0}` : "",
  ].filter(Boolean);
  const classes = ["flowRow", isChosen && "chosen", wrong && "wrong", own.length > 0 && !wrong && "doubtful", passed.has(block.id) && "passed", at === block.id && "here", matches(block, sought) && "sought"];
  return (
    <li
      ref={row}
      role="option"
      data-block={block.id}
      aria-selected={isChosen}
      tabIndex={stop ? 0 : -1}
      className={classes.filter(Boolean).join(" ")}
      onClick={() => choose(block.id)}
      onDoubleClick={edit}
    >
      <KindIcon kind={kind} />
      <span className="flowRowName">
        {labelOf(block)} <span className="muted">{kindName(i18n, block)}</span>
        {own.length > 0 && <span className={wrong ? "flowRowWrong" : "flowRowDoubtful"}> {wrong ? t`fault` : t`warning`}</span>}
        {state.length > 0 && <span className="flowRowState"> {state.join(", ")}</span>}
      </span>
      <span className="flowRowText muted">{excerpt(block, flow.languages[0] ?? "")}</span>
      <span className="flowRowExits">
        {shownExits(block).map(({ name }) => {
          const to = find(flow, block.exits?.[name] ?? block.exits?.["otherwise"]);
          return (
            <span key={name} className={to ? "" : "loose"}>
              {exitName(i18n, block, name)} → {to ? labelOf(to) : t`nowhere`}
            </span>
          );
        })}
        {exitsOf(block).length === 0 && kind !== "flow" && <span className="muted">{t`The flow ends here`}</span>}
      </span>
    </li>
  );
}
