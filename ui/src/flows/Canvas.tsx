/** The flow as a picture: blocks that can be moved and joined with the mouse. Loaded where the screen has room for it; keys and
 *  screen readers have the list, in which everything can be done. */
import { useLingui } from "@lingui/react/macro";
import { Background, Controls, Handle, Position, ReactFlow, ReactFlowProvider, useReactFlow, useStore, type Edge, type Node, type NodeProps } from "@xyflow/react";
import { memo, useEffect, useMemo, useState } from "react";

import "@/flows/canvas.css";
import type { CourseOfFlow, Problem } from "@/api/flows";
import { excerpt, find, kindOf, labelOf, matches, OTHERWISE, type Block, type Flow } from "@/flows/flow";
import { KindIcon } from "@/flows/KindIcon";
import { heightOf, places, shownExits, WIDTH, type Place } from "@/flows/layout";
import { exitName, kindName } from "@/flows/words";

interface Props {
  flow: Flow;
  chosen: string | null;
  problems: Problem[];
  passed: ReadonlySet<string>;
  /** "block exit" of what the test call has taken. */
  ways: ReadonlySet<string>;
  at: string | null;
  steps: CourseOfFlow["steps"] | undefined;
  sought: string;
  choose: (id: string | null) => void;
  connect: (block: string, exit: string, to: string) => void;
  move: (id: string, to: Place) => void;
}

interface Shown extends Record<string, unknown> {
  block: Block;
  language: string;
  look: string;
  first: boolean;
  step: CourseOfFlow["steps"][string] | undefined;
}

type BlockNode = Node<Shown, "block">;

const BlockCard = memo(function BlockCard({ data: { block, language, look, first, step } }: NodeProps<BlockNode>) {
  const { t, i18n } = useLingui();
  const text = excerpt(block, language);
  return (
    <div className={`flowCard ${look}`}>
      <Handle type="target" position={Position.Left} className="flowHandle" />
      <div className="flowCardHead">
        <KindIcon kind={kindOf(block)} size={15} />
        <strong>{labelOf(block)}</strong>
        {step && <span className="flowFirst">{step.now > 0 ? t`${step.came}, now ${step.now}` : step.came}</span>}
        {first && !step && <span className="flowFirst">{t`start`}</span>}
      </div>
      <div className="flowCardText">{text || kindName(i18n, block)}</div>
      {shownExits(block).map(({ name }) => (
        <div key={name} className={`flowCardExit ${block.exits?.[name] || block.exits?.[OTHERWISE] ? "" : "loose"}`}>
          <span>{exitName(i18n, block, name)}</span>
          <Handle type="source" id={name} position={Position.Right} className="flowHandle" />
        </div>
      ))}
    </div>
  );
});

const NODES = { block: BlockCard };
const FIT = { maxZoom: 1, minZoom: 0.6, padding: 0.12 };
const MARGIN = 24;

export function Canvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Picture {...props} />
    </ReactFlowProvider>
  );
}

function look(block: Block, { problems, passed, at, sought }: Props): string {
  const own = problems.filter((problem) => problem.block === block.id);
  const wrong = own.some((problem) => !problem.warning);
  return [wrong ? "wrong" : own.length > 0 ? "doubtful" : "", at === block.id ? "here" : passed.has(block.id) ? "passed" : "", matches(block, sought) ? "sought" : ""].filter(Boolean).join(" ");
}

function Picture(props: Props) {
  const { t, i18n } = useLingui();
  const { flow, chosen, ways, choose, connect, move } = props;
  const [dragged, setDragged] = useState<{ id: string; to: Place }>();
  const spots = useMemo(() => places(flow), [flow]);
  const nodes: BlockNode[] = flow.blocks.map((block, number) => ({
    id: block.id,
    type: "block",
    position: dragged?.id === block.id ? dragged.to : (spots.get(block.id) ?? { x: 0, y: 0 }),
    width: WIDTH,
    height: heightOf(block),
    selected: block.id === chosen,
    data: { block, language: flow.languages[0] ?? "", look: look(block, props), first: number === 0, step: props.steps?.[block.id] },
  }));
  const edges: Edge[] = flow.blocks.flatMap((block) =>
    shownExits(block).flatMap(({ name }) => {
      const to = block.exits?.[name];
      const goal = find(flow, to);
      if (!to || !goal) return [];
      const taken = ways.has(`${block.id} ${name}`);
      return [{ id: `${block.id} ${name}`, source: block.id, sourceHandle: name, target: to, ariaLabel: `${labelOf(block)}, ${exitName(i18n, block, name)} → ${labelOf(goal)}`, className: taken ? "taken" : "", zIndex: taken ? 1 : 0 }];
    }),
  );
  useShown(chosen, spots, flow);
  useBegun(spots, flow);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODES}
      aria-label={t`Picture of the flow. Everything in it is in the list of blocks, too.`}
      nodesFocusable={false}
      edgesFocusable={false}
      disableKeyboardA11y
      deleteKeyCode={null}
      fitViewOptions={FIT}
      minZoom={0.15}
      maxZoom={1.6}
      onNodeClick={(_, node) => choose(node.id)}
      onPaneClick={() => choose(null)}
      onConnect={({ source, sourceHandle, target }) => connect(source, sourceHandle ?? OTHERWISE, target)}
      onNodeDrag={(_, node) => setDragged({ id: node.id, to: node.position })}
      onNodeDragStop={(_, node) => {
        setDragged(undefined);
        move(node.id, { x: Math.round(node.position.x), y: Math.round(node.position.y) });
      }}
      ariaLabelConfig={{ "controls.ariaLabel": t`Canvas`, "controls.zoomIn.ariaLabel": t`Zoom in`, "controls.zoomOut.ariaLabel": t`Zoom out`, "controls.fitView.ariaLabel": t`Show all` }}
    >
      <Background gap={20} size={1} />
      <Controls showInteractive={false} />
    </ReactFlow>
  );
}

/** All of it, as far as it can be read then; of a wide flow its beginning, not its middle. */
function useBegun(spots: Map<string, Place>, flow: Flow): void {
  const { fitView, getViewport, setViewport } = useReactFlow();
  const width = useStore((state) => state.width);
  useEffect(() => {
    if (width === 0) return;
    void fitView(FIT).then(() => {
      const first = spots.get(flow.blocks[0]?.id ?? "");
      const { x, y, zoom } = getViewport();
      if (first && first.x * zoom + x < 0) void setViewport({ x: MARGIN - first.x * zoom, y, zoom });
    });
    // Once: what is drawn later moves nothing that somebody looks at.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- all else is read as it stands then
  }, [width > 0]);
}

/** A block chosen elsewhere is brought into view. */
function useShown(chosen: string | null, spots: Map<string, Place>, flow: Flow): void {
  const { getViewport, setCenter } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(() => {
    const spot = chosen ? spots.get(chosen) : undefined;
    const block = find(flow, chosen);
    if (!spot || !block || width === 0) return;
    const { x, y, zoom } = getViewport();
    const [left, top] = [spot.x * zoom + x, spot.y * zoom + y];
    const tall = heightOf(block);
    const seen = left >= 0 && top >= 0 && left + WIDTH * zoom <= width && top + Math.min(tall * zoom, height) <= height;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!seen) void setCenter(spot.x + WIDTH / 2, spot.y + tall / 2, { zoom, duration: still ? 0 : 160 });
    // Only when another one is chosen: who moves the canvas by hand is not pulled back.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- all else is read as it stands then
  }, [chosen, width > 0]);
}
