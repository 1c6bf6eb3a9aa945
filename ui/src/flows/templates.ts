/** Flows to begin with: what most centres need first. Each is complete but for what only the centre knows. */
import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { Block, Flow } from "@/flows/flow";

interface Material {
  id: string;
  name: string;
  language: string;
  /** The queues there are; at least one. */
  queues: [string, ...string[]];
  say: (text: MessageDescriptor) => Record<string, string>;
  word: (text: MessageDescriptor) => string;
}

export interface Template {
  id: string;
  name: MessageDescriptor;
  help: MessageDescriptor;
  blocks: (of: Material) => Block[];
}

const to = (id: string, queue: string): Block => ({ id, queue: { queue } });

export const TEMPLATES: Template[] = [
  { id: "empty", name: msg`Empty`, help: msg`Draw everything yourself.`, blocks: () => [] },
  {
    id: "menu",
    name: msg`Menu`,
    help: msg`Two keys, two queues; silence is helped by a person.`,
    blocks: ({ queues, say, word }) => [
      {
        id: "menu",
        name: word(msg`Menu`),
        ask: { opening: say(msg`Hello!`), text: say(msg`Sales: press 1. Support: press 2.`), wrong: say(msg`There is no such choice.`), keys: { "1": word(msg`Sales`), "2": word(msg`Support`) } },
        exits: { "1": "first", "2": "second" },
      },
      { ...to("first", queues[0]), name: word(msg`Sales`) },
      { ...to("second", queues[1] ?? queues[0]), name: word(msg`Support`) },
    ],
  },
  {
    id: "survey",
    name: msg`Survey`,
    help: msg`Two questions; whoever is unhappy is brought to a person, before others.`,
    blocks: ({ queues, say, word }) => [
      { id: "mark", name: word(msg`Mark`), ask: { text: say(msg`How did we do, from 1 to 5?`), keys: { "1": "1", "2": "2", "3": "3", "4": "4", "5": "5" }, into: "mark" }, exits: { otherwise: "again" } },
      { id: "again", name: word(msg`Come again`), ask: { text: say(msg`Will you come to us again? Yes: 1, no: 2.`), keys: { "1": word(msg`Yes`), "2": word(msg`No`) }, into: "again" }, exits: { otherwise: "unhappy" } },
      { id: "unhappy", name: word(msg`Unhappy`), branch: { cases: [{ exit: "unhappy", attributes: [{ attribute: "mark", at_most: 2 }] }] }, exits: { unhappy: "before", otherwise: "thanks" } },
      { id: "before", name: word(msg`Before others`), set: { priority: 3 }, exits: { done: "person" } },
      to("person", queues[0]),
      { id: "thanks", name: word(msg`Thanks`), hang_up: { text: say(msg`Thank you for your answer. Goodbye.`) } },
    ],
  },
  {
    id: "hours",
    name: msg`Out of hours`,
    help: msg`The hours are said; urgent callers are let through, others may leave a message. Choose the calendar in the condition.`,
    blocks: ({ queues, say, word }) => [
      { id: "hours", name: word(msg`Hours`), branch: { cases: [{ exit: "open", when: { open: "" } }] }, exits: { open: "day", otherwise: "closed" } },
      { ...to("day", queues[0]), name: word(msg`By day`) },
      { id: "closed", name: word(msg`Closed`), ask: { text: say(msg`We work on weekdays from nine to six. If it is urgent, press 1. To leave a message, press 2.`), keys: { "1": word(msg`Urgent`), "2": word(msg`Message`) }, attempts: 1 }, exits: { "1": "urgent", "2": "message", otherwise: "bye" } },
      { id: "message", name: word(msg`Message`), voicemail: { queue: queues[0], text: say(msg`Speak after the tone. When you have done, press hash or hang up.`) }, exits: { done: "thanks", otherwise: "bye" } },
      { id: "thanks", name: word(msg`Thanks`), hang_up: { text: say(msg`Thank you, we will call you back.`) } },
      { ...to("urgent", queues[0]), name: word(msg`Urgent`) },
      { id: "bye", name: word(msg`Goodbye`), hang_up: { text: say(msg`Goodbye.`) } },
    ],
  },
  {
    id: "callback",
    name: msg`Callback`,
    help: msg`A long queue is told of; the key that asks to be called back is the queue's own.`,
    blocks: ({ queues, say, word }) => [
      { id: "long", name: word(msg`A long queue`), branch: { cases: [{ exit: "long", state: [{ queue: queues[0], wait_at_least: 120 }] }] }, exits: { long: "tell", otherwise: "person" } },
      { id: "tell", name: word(msg`Warning`), say: { text: say(msg`You would wait for more than two minutes. Press the key for a callback at any moment, and we will call you.`) }, exits: { done: "person" } },
      to("person", queues[0]),
    ],
  },
  {
    id: "incident",
    name: msg`Incident`,
    help: msg`While the incident switch is on, all are told of it; who wants a person gets one.`,
    blocks: ({ queues, say, word }) => [
      { id: "incident", name: word(msg`Incident`), branch: { cases: [{ exit: "incident", when: { incident: true } }] }, exits: { incident: "tell", otherwise: "person" } },
      { id: "tell", name: word(msg`Told of it`), ask: { text: say(msg`There is a fault on the line, and we are mending it. If you call about something else, press 1.`), keys: { "1": word(msg`Something else`) }, attempts: 1 }, exits: { "1": "person", otherwise: "bye" } },
      to("person", queues[0]),
      { id: "bye", name: word(msg`Goodbye`), hang_up: { text: say(msg`Thank you for your patience. Goodbye.`) } },
    ],
  },
];

/** The template in the person's own language, which is then the flow's. */
export function flowOf(i18n: I18n, template: Template, id: string, name: string, queues: string[]): Flow {
  const language = i18n.locale;
  const word = (text: MessageDescriptor) => i18n._(text);
  const known: [string, ...string[]] = [queues[0] ?? "", ...queues.slice(1)];
  return {
    id,
    name,
    languages: [language],
    otherwise: known[0],
    blocks: template.blocks({ id, name, language, queues: known, word, say: (text) => ({ [language]: word(text) }) }),
  };
}

/** A free id, made of the name as far as it is Latin. */
export function freeId(name: string, taken: string[]): string {
  const base = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "flow";
  if (!taken.includes(base)) return base;
  for (let number = 2; ; number++) if (!taken.includes(`${base}-${number}`)) return `${base}-${number}`;
}
