/** One flow being drawn: the list of blocks, the canvas, and what is said of the chosen block, the test call, and versions. */
import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, CircleX, LayoutGrid, Redo2, Save, Send, TriangleAlert, Undo2 } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useReducer, useState } from "react";

import { ApiError } from "@/api/client";
import { checkFlow, courseQuery, flowsKey, keepDraft, openedQuery, publishFlow, throwAway, tryFlow, type CallSettings, type Opened, type Problem, type Problems, type Trial } from "@/api/flows";
import { LeaveGuard } from "@/configuration/LeaveGuard";
import { Button, IconButton } from "@/design/Button";
import { useFocusing } from "@/design/focus";
import { Refusal } from "@/design/Refusal";
import { Tabs } from "@/design/Tabs";
import { Tag } from "@/design/Tag";
import { begin, change, redo, undo, type Story } from "@/design/story";
import { Course } from "@/flows/Course";
import { useEditingKeys } from "@/flows/editingKeys";
import { addBlock, copyBlock, find, freeExit, labelOf, removeBlock, setBlock, setExit, type Flow, type Kind } from "@/flows/flow";
import { FlowSettings, Inspector } from "@/flows/Inspector";
import { DESCRIBED } from "@/flows/kinds";
import { tidyUp } from "@/flows/layout";
import { Outline } from "@/flows/Outline";
import { Publish } from "@/flows/Publish";
import { TestCall, Tests } from "@/flows/TestCall";
import { Versions } from "@/flows/Versions";
import { fullMoment } from "@/i18n/format";

const Canvas = lazy(() => import("@/flows/Canvas").then((module) => ({ default: module.Canvas })));
const ROOM_FOR_CANVAS = "(min-width: 1100px)";
const TYPING_PAUSE_MS = 400;
const FIRST_CALL: CallSettings = { presses: [], ani: "+79160000000", language: "", vip: false, request: null, branches: {}, answers: {} };

type Step = { to: Flow; what: string } | "undo" | "redo";
const walk = (story: Story<Flow>, step: Step): Story<Flow> => (step === "undo" ? undo(story) : step === "redo" ? redo(story) : change(story, step.to, step.what));

export function Editor({ flow, leave }: { flow: string; leave: () => void }) {
  const { data, error } = useQuery(openedQuery(flow));
  // Opened anew after it was published, rolled back or taken over.
  const [mark, setMark] = useState(0);
  if (error) return <Refusal error={error} />;
  return data ? <Drawing key={`${data.id} ${mark}`} opened={data} leave={leave} again={() => setMark(mark + 1)} /> : null;
}

/** The value after it has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function useRoom(): boolean {
  const [room, setRoom] = useState(() => matchMedia(ROOM_FOR_CANVAS).matches);
  useEffect(() => {
    const media = matchMedia(ROOM_FOR_CANVAS);
    const changed = () => setRoom(media.matches);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, []);
  return room;
}

/** Problems and the test call of what stands on the screen, asked for when the typing pauses; keys of the call at once. */
function useServer(now: Flow, opened: Opened, settings: CallSettings, calling: boolean) {
  const settled = useSettled(now);
  const tried = { ...useSettled(settings), presses: settings.presses };
  const check = useQuery({
    queryKey: [...flowsKey, "checked", settled],
    queryFn: ({ signal }): Promise<Problems> => checkFlow(settled, signal),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const trial = useQuery({
    queryKey: [...flowsKey, "tried", settled, tried],
    queryFn: async ({ signal }) => ({ ...(await tryFlow(settled, tried, signal)), of: tried }),
    enabled: calling,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  return { problems: check.data?.problems ?? opened.problems, uncovered: check.data?.uncovered ?? opened.uncovered, trial, error: check.error };
}

function useKeeping(now: Flow, opened: Opened) {
  const server = useQueryClient();
  const [kept, setKept] = useState<{ flow: Flow | null; revision: number }>(() => ({ flow: opened.draft?.body ?? opened.published, revision: opened.draft?.revision ?? 0 }));
  const keep = useMutation({
    mutationFn: (over?: number) => keepDraft(now, opened.version, over ?? kept.revision),
    onSuccess: ({ revision }) => {
      setKept({ flow: now, revision });
      void server.invalidateQueries({ queryKey: flowsKey, exact: true });
    },
  });
  return { kept, keep, unsaved: now !== kept.flow };
}

function Drawing({ opened, leave, again }: { opened: Opened; leave: () => void; again: () => void }) {
  const { t, i18n } = useLingui();
  const [story, step] = useReducer(walk, (opened.draft?.body ?? opened.published) as Flow, begin);
  const { now } = story;
  const [chosen, setChosen] = useState<string | null>(now.blocks[0]?.id ?? null);
  const [tab, setTab] = useState(now.blocks.length > 0 ? "block" : "flow");
  const [sought, seek] = useState("");
  const [said, say] = useState("");
  const [settings, set] = useState(FIRST_CALL);
  const { kept, keep, unsaved } = useKeeping(now, opened);
  const { problems, uncovered, trial, error } = useServer(now, opened, settings, tab === "test");
  const course = useQuery({ ...courseQuery(now.id), enabled: tab === "course" });
  const room = useRoom();
  const focus = useFocusing();
  const block = find(now, chosen);
  const write = (to: Flow, what = "") => step({ to, what });
  const choose = (id: string | null) => {
    setChosen(id);
    if (id && tab !== "test" && tab !== "course") setTab("block");
  };
  const edit = () => {
    setTab("block");
    focus(() => document.querySelector<HTMLElement>(".flowInspector input, .flowInspector textarea, .flowInspector select"));
  };
  const add = (kind: Kind, exit?: string) => {
    const from = block && (exit ?? freeExit(block));
    const made = addBlock(now, kind, freshBody(kind, now), from !== undefined && block ? { block: block.id, exit: from } : undefined);
    write(made.flow);
    choose(made.id);
    const name = i18n._(DESCRIBED[kind].label);
    say(from !== undefined && block ? t`Added: ${name}, after ${labelOf(block)}` : t`Added: ${name}`);
    edit();
  };
  const remove = (id: string) => {
    const gone = find(now, id);
    const at = now.blocks.findIndex((each) => each.id === id);
    const left = removeBlock(now, id);
    write(left);
    const next = left.blocks[Math.min(at, left.blocks.length - 1)]?.id ?? null;
    choose(next);
    if (gone) say(t`Removed: ${labelOf(gone)}`);
    if (next) focus(() => document.querySelector<HTMLElement>(`[data-block="${CSS.escape(next)}"]`));
  };
  const copy = (id: string) => {
    const made = copyBlock(now, id);
    write(made.flow);
    choose(made.id);
    say(t`Copied: ${labelOf(find(now, id) ?? { id })}`);
  };
  const jump = (id: string | null) => {
    if (id === null) setTab("flow");
    else {
      choose(id);
      edit();
    }
  };
  const back = (which: "undo" | "redo") => {
    step(which);
    say(which === "undo" ? t`Undone` : t`Done again`);
  };
  const save = () => unsaved && !keep.isPending && keep.mutate(undefined, { onSuccess: () => say(t`Saved`) });
  useEditingKeys({ "ctrl+Z": () => back("undo"), "ctrl+shift+Z": () => back("redo"), "ctrl+Y": () => back("redo"), "ctrl+S": () => void save() });
  const way = useMemo(() => wayOf(now, tab === "test" ? trial.data : undefined), [now, tab, trial.data]);
  const steps = tab === "course" ? course.data?.steps : undefined;
  const shown = { flow: now, chosen, problems, sought, passed: way.passed, at: way.at, steps };
  return (
    <div className="page flowEditor">
      <Top opened={opened} now={now} story={story} unsaved={unsaved} revision={kept.revision} keep={keep} save={save} back={back} leave={leave} again={again} error={error} tidy={() => write(tidyUp(now))} />
      <div className="flowColumns">
        <Outline {...shown} seek={seek} choose={choose} add={add} remove={remove} copy={copy} edit={edit} />
        {room && (
          <section className="flowCanvas" aria-label={t`Canvas`}>
            <Suspense>
              <Canvas {...shown} ways={way.ways} choose={choose} connect={(from, exit, to) => write(setExit(now, from, exit, to))} move={(id, to) => write(setBlock(now, id, { at: [to.x, to.y] }))} />
            </Suspense>
          </section>
        )}
        <aside className="flowSide" aria-label={t`Details`}>
          <Tabs
            label={t`Details`}
            chosen={tab}
            choose={setTab}
            pages={[
              {
                id: "block",
                name: t`Block`,
                content: block ? <Inspector key={block.id} flow={now} block={block} choices={opened.choices} languages={now.languages} change={write} connectNew={(exit, kind) => add(kind, exit)} /> : <p className="flowPanel muted">{t`Choose a block.`}</p>,
              },
              { id: "test", name: t`Test call`, content: <Trying opened={opened} now={now} settings={settings} set={set} trial={trial} problems={problems} uncovered={uncovered} write={write} choose={choose} /> },
              { id: "problems", name: <ProblemCount problems={problems} />, content: <ProblemList now={now} problems={problems} jump={jump} /> },
              { id: "flow", name: t`Flow`, content: <FlowSettings flow={now} choices={opened.choices} languages={now.languages} change={write} /> },
              ...(opened.published ? [{ id: "course", name: t`Course`, content: <Course flow={opened.published} course={course.data} choose={setChosen} /> }] : []),
              { id: "versions", name: t`Versions`, content: <Versions flow={now.id} version={opened.version} revision={kept.revision || null} published={again} /> },
            ]}
          />
        </aside>
      </div>
      <p className="unseen" role="status">
        {said}
      </p>
      <LeaveGuard unsaved={unsaved}>
      <Trans>The draft has changes that are not saved.</Trans>
    </LeaveGuard>
    </div>
  );
}

/** Texts begin empty in each language, an end begins with the flow's own queue. */
function freshBody(kind: Kind, flow: Flow) {
  const fresh = structuredClone(DESCRIBED[kind].fresh);
  return "queue" in fresh ? { ...fresh, queue: flow.otherwise } : fresh;
}

function wayOf(flow: Flow, trial: Trial | undefined) {
  const turns = (trial?.turns ?? []).filter((turn) => turn.kind === "passed" && turn.flow === flow.id && turn.block !== null);
  const ways = turns.map(({ block, text }) => `${block} ${find(flow, block)?.exits?.[text] ? text : "otherwise"}`);
  return { passed: new Set(turns.map(({ block }) => block as string)), ways: new Set(ways), at: trial?.at ?? null };
}

interface TopProps {
  opened: Opened;
  now: Flow;
  story: Story<Flow>;
  unsaved: boolean;
  revision: number;
  keep: ReturnType<typeof useKeeping>["keep"];
  save: () => void;
  back: (which: "undo" | "redo") => void;
  leave: () => void;
  again: () => void;
  /** Why the flow could not be checked. */
  error: Error | null;
  tidy: () => void;
}

function Top({ opened, now, story, unsaved, revision, keep, save, back, leave, again, error, tidy }: TopProps) {
  const { t } = useLingui();
  const server = useQueryClient();
  const [asking, setAsking] = useState(false);
  const refresh = async () => {
    await server.invalidateQueries({ queryKey: flowsKey });
    again();
  };
  const publish = useMutation({
    mutationFn: async ({ comment, leading }: { comment: string; leading: string[] }) => {
      const at = unsaved || revision === 0 ? (await keep.mutateAsync(undefined)).revision : revision;
      return publishFlow(now.id, at, comment, leading);
    },
    onSuccess: () => {
      setAsking(false);
      return refresh();
    },
  });
  const drop = useMutation({
    mutationFn: () => throwAway(now.id, revision),
    onSuccess: async () => {
      if (opened.published) return refresh();
      leave();
      await server.invalidateQueries({ queryKey: flowsKey, exact: true });
    },
  });
  const conflict = keep.error instanceof ApiError && keep.error.code === "flow_draft_conflict" ? Number(keep.error.more["revision"]) : null;
  return (
    <header className="flowTop">
      <IconButton icon={ArrowLeft} name={t`All flows`} onPress={leave} />
      <h1>{now.name || now.id}</h1>
      {unsaved ? <Tag tone="warn">{t`Not saved`}</Tag> : revision > 0 ? <Tag tone="info">{t`Draft saved`}</Tag> : opened.published && <Tag tone="ok">{t`Published`}</Tag>}
      <span className="shellSpace" />
      <IconButton icon={Undo2} name={t`Undo`} isDisabled={story.past.length === 0} onPress={() => back("undo")} />
      <IconButton icon={Redo2} name={t`Redo`} isDisabled={story.future.length === 0} onPress={() => back("redo")} />
      <IconButton icon={LayoutGrid} name={t`Tidy up the canvas`} className="flowTidy" onPress={tidy} />
      {revision > 0 && !unsaved && (
        <Button kind="bare" isPending={drop.isPending} onPress={() => drop.mutate()}>
          <Trans>Throw the draft away</Trans>
        </Button>
      )}
      <Button icon={Save} isDisabled={!unsaved} isPending={keep.isPending} onPress={save}>
        <Trans>Save</Trans>
      </Button>
      <Button kind="primary" icon={Send} isDisabled={!unsaved && revision === 0} onPress={() => setAsking(true)}>
        <Trans>Publish</Trans>
      </Button>
      <div className="flowTold">
        <Refusal error={keep.error ?? drop.error ?? error} />
        {conflict !== null && (
          <Button onPress={() => keep.mutate(conflict)}>
            <Trans>Save mine over it</Trans>
          </Button>
        )}
        {opened.draft && !unsaved && (
          <p className="muted">
            <Trans>The draft was saved by {opened.draft.by ?? "–"} on {fullMoment(opened.draft.saved_at)}.</Trans>
          </p>
        )}
      </div>
      {asking && <Publish flow={now.id} entryPoints={opened.choices.entry_points} pending={publish.isPending} error={publish.error} publish={(comment, leading) => publish.mutate({ comment, leading })} close={() => setAsking(false)} />}
    </header>
  );
}

interface TryingProps {
  opened: Opened;
  now: Flow;
  settings: CallSettings;
  set: (settings: CallSettings) => void;
  trial: ReturnType<typeof useServer>["trial"];
  problems: Problem[];
  uncovered: Problems["uncovered"];
  write: (flow: Flow) => void;
  choose: (id: string) => void;
}

function Trying({ opened, now, settings, set, trial, problems, uncovered, write, choose }: TryingProps) {
  const wrong = new Map(
    problems.flatMap(({ place, code, message }) => {
      const found = code === "config_flow_test" ? /^tests\[(\d+)\]/.exec(place) : null;
      return found ? [[Number(found[1]), message] as const] : [];
    }),
  );
  return (
    <>
      <TestCall flow={now} choices={opened.choices} settings={settings} set={set} trial={trial.data} error={trial.error} keep={(test) => write({ ...now, tests: [...(now.tests ?? []), test] })} />
      <Tests flow={now} wrong={wrong} remove={(number) => write({ ...now, tests: (now.tests ?? []).filter((_, n) => n !== number) })} />
      {uncovered.length > 0 && (
        <div className="flowUncovered">
          <h3>
            <Trans>Exits that no test takes</Trans>
          </h3>
          <ul>
            {uncovered.map(({ block, exit }) => (
              <li key={`${block} ${exit}`}>
                <Button kind="bare" className="flowJump" onPress={() => choose(block)}>
                  {labelOf(find(now, block) ?? { id: block })}: {exit}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function ProblemCount({ problems }: { problems: Problem[] }) {
  const count = problems.length;
  return (
    <>
      <Trans>Problems</Trans> {count > 0 && <span className={`flowCount ${problems.some(({ warning }) => !warning) ? "bad" : "warn"}`}>{count}</span>}
    </>
  );
}

function ProblemList({ now, problems, jump }: { now: Flow; problems: Problem[]; jump: (block: string | null) => void }) {
  const { t } = useLingui();
  if (problems.length === 0) return <p className="flowPanel muted">{t`Nothing stands against publishing.`}</p>;
  return (
    <ul className="flowPanel flowProblems">
      {problems.map(({ place, block, warning, elsewhere, message }, number) => (
        <li key={number} className={warning ? "warning" : "fault"}>
          {warning ? <TriangleAlert size={16} aria-label={t`Warning`} /> : <CircleX size={16} aria-label={t`Fault`} />}
          <Button kind="bare" className="flowJump" isDisabled={elsewhere} onPress={() => jump(block)}>
            {block ? labelOf(find(now, block) ?? { id: block }) : elsewhere ? place : t`Flow`}
          </Button>
          <span>{message}</span>
        </li>
      ))}
    </ul>
  );
}
