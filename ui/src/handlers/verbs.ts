/** What the steps of code are called on the screen, and how a step that asks somebody outside may turn out. */
import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

const VERBS: Record<string, MessageDescriptor> = {
  say: msg`Say`,
  ask: msg`Ask`,
  takemessage: msg`Take a message`,
  transferoutside: msg`Call outside`,
  pause: msg`Wait`,
  choose: msg`Branch`,
  look: msg`State of a queue`,
  tries: msg`Lock-out`,
  maycallback: msg`Can there be a callback?`,
  freetimes: msg`Free times`,
  leavevoicemail: msg`Leave the message`,
  lookup: msg`Ask a database`,
  fetch: msg`Ask a service`,
  sendmessage: msg`Write`,
  enqueue: msg`To a queue`,
  finish: msg`Hang up`,
};

const OUTCOMES: Record<string, [string, MessageDescriptor][]> = {
  transferoutside: [
    ["", msg`Somebody answers`],
    ["busy", msg`Busy`],
    ["no_answer", msg`Nobody answers`],
    ["failed", msg`Failed`],
    ["impossible", msg`Must not be called`],
  ],
  tries: [
    ["", msg`May be tried`],
    ["locked", msg`Locked`],
  ],
  maycallback: [
    ["", msg`Yes`],
    ["impossible", msg`Not possible`],
  ],
};

export const verbName = (i18n: I18n, verb: string): string => (VERBS[verb] ? i18n._(VERBS[verb]) : verb);
export const outcomesOf = (i18n: I18n, verb: string): [string, string][] => (OUTCOMES[verb] ?? []).map(([came, said]) => [came, i18n._(said)]);
