/** A talk script as it is edited. Pure. */
import type { FormField } from "@/api/customers";
import type { QueueOf } from "@/api/parts";
import type { Branch, Step } from "@/api/talk";
import { namesIn } from "@/talk/way";

export interface Script {
  id: string;
  name: string;
  steps: Step[];
}

export interface Scripts {
  talk_scripts: Script[];
}

export interface ScriptQueue extends QueueOf {
  talk_script: string | null;
}

export const emptyStep = (id: string, say = ""): Step => ({ id, say, hint: "", answers: [], field: null, label: "", prefill: "", required: false, pattern: "", least: null, most: null, branches: [], then: null });

/** "step-3": the next one that nobody has. */
export function freeName(base: string, taken: string[]): string {
  for (let number = taken.length + 1; ; number++) if (!taken.includes(`${base}-${number}`)) return `${base}-${number}`;
}

/** By the name, as far as ids can say it. */
export function scriptId(name: string, taken: string[]): string {
  const base = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 50);
  return base && !taken.includes(base) ? base : freeName(base || "script", taken);
}

/** The smallest number that no answer of the step has. */
export function freeAnswer(step: Step): string {
  for (let number = 1; ; number++) if (!step.answers.some(({ id }) => id === `${number}`)) return `${number}`;
}

export const withStep = (script: Script, id: string, change: (step: Step) => Step): Script => ({ ...script, steps: script.steps.map((step) => (step.id === id ? change(step) : step)) });

/** After `at`; at the end where there is none. */
export function insert(script: Script, step: Step, at: string | null): Script {
  const index = script.steps.findIndex(({ id }) => id === at);
  const place = index < 0 ? script.steps.length : index + 1;
  return { ...script, steps: [...script.steps.slice(0, place), step, ...script.steps.slice(place)] };
}

export function move(script: Script, id: string, by: -1 | 1): Script {
  const from = script.steps.findIndex((step) => step.id === id);
  const to = from + by;
  const steps = [...script.steps];
  const [step] = from < 0 || to < 0 || to >= steps.length ? [] : steps.splice(from, 1);
  if (!step) return script;
  steps.splice(to, 0, step);
  return { ...script, steps };
}

/** What led to it ends the script from now on. */
export function remove(script: Script, id: string): Script {
  return leading({ ...script, steps: script.steps.filter((step) => step.id !== id) }, (then) => (then === id ? null : then));
}

/** Under another name, wherever it is named. */
export function rename(script: Script, from: string, to: string): Script {
  const named = (name: string) => name.replace(/^(chosen|written)\.(.*)$/, (whole, kind: string, step: string) => (step === from ? `${kind}.${to}` : whole));
  const text = (words: string) => words.replaceAll(`{chosen.${from}}`, `{chosen.${to}}`).replaceAll(`{written.${from}}`, `{written.${to}}`);
  const renamed = script.steps.map((step) => ({
    ...step,
    id: step.id === from ? to : step.id,
    say: text(step.say),
    hint: text(step.hint),
    prefill: text(step.prefill),
    branches: step.branches.map((branch) => ({ ...branch, of: named(branch.of) })),
  }));
  return leading({ ...script, steps: renamed }, (then) => (then === from ? to : then));
}

const leading = (script: Script, then: (before: string | null) => string | null): Script => ({
  ...script,
  steps: script.steps.map((step) => ({
    ...step,
    then: then(step.then),
    answers: step.answers.map((answer) => ({ ...answer, then: then(answer.then) })),
    branches: step.branches.map((branch) => ({ ...branch, then: then(branch.then) })),
  })),
});

/** The ways out of a step, in the order they are tried; null: it ends the script. */
export const waysOut = (step: Step): (string | null)[] => [...step.branches.map(({ then }) => then), ...(step.answers.length ? step.answers.map(({ then }) => then) : [step.then])];

/** A copy that nothing leads to yet. */
export function copyOf(script: Script, step: Step): Step {
  return { ...step, id: freeName("step", script.steps.map(({ id }) => id)) };
}

const PLAIN = ["customer", "company", "number", "agent", "queue"];

/** What texts may name. */
export const namesForTexts = (script: Script, fields: FormField[], attributes: { id: string }[], but: string): string[] => [
  ...PLAIN,
  ...fields.map(({ id }) => `card.${id}`),
  ...attributes.map(({ id }) => `contact.${id}`),
  ...answered(script, but),
];

/** What conditions may look at; of the own step, too: it has been answered by then. */
export const namesForConditions = (script: Script, fields: FormField[], attributes: { id: string }[]): string[] => ["vip", "language", ...namesForTexts(script, fields, attributes, "")];

const answered = (script: Script, but: string): string[] =>
  script.steps.filter(({ id }) => id !== but).flatMap((step) => [...(step.answers.length ? [`chosen.${step.id}`] : []), ...(step.field ? [`written.${step.id}`] : [])]);

/** What the script names of the customer and the contact: a sample is asked for these. */
export function sampled(script: Script): string[] {
  const found = script.steps.flatMap((step) => [...[step.say, step.hint, step.prefill].flatMap(namesIn), ...step.branches.map(({ of }) => of)]);
  const known = (name: string) => PLAIN.includes(name) || name === "vip" || name === "language" || /^(card|contact)\./.test(name);
  return [...new Set(found.filter(known))];
}

export const emptyBranch = (of: string): Branch => ({ of, test: "is", value: "", then: null });

/** Where in the script a place of the whole set-up is: "talk_scripts[1].steps[2].say". */
export function placed(place: string): { script: number | null; step: number | null } {
  const [, script, , step] = /^talk_scripts\[(\d+)\](\.steps\[(\d+)\])?/.exec(place) ?? [];
  return { script: script === undefined ? null : Number(script), step: step === undefined ? null : Number(step) };
}
