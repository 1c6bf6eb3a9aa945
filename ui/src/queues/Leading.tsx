/** Where somebody goes: to a queue, to a flow, outside, to a mailbox, away with some words. What the form does not know is kept. */
import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { Problem, Thing } from "@/api/parts";
import { spoken } from "@/i18n/language";
import { MailboxFields, OutsideFields } from "@/queues/Beyond";
import { leadingTo, leadsOf, type Destination, type Leads } from "@/queues/queue";
import { Line, Pick } from "@/setup/Fields";

interface Props {
  label: ReactNode;
  to: Destination | null;
  allowed: readonly Leads[];
  names: Record<string, Thing[]>;
  /** The queue that is no destination: it is the one it leads out of. */
  without?: string;
  problems: Problem[];
  /** `what` names the place, so that typing on there is one step of undo. */
  change: (to: Destination | null, what: string) => void;
}

export const others = (things: Thing[] | undefined, own = "") => (things ?? []).filter(({ id }) => id !== own).map((each) => ({ id: each.id, name: each[spoken()] }));

export function Leading({ label, to, allowed, names, without, problems, change }: Props) {
  const { t } = useLingui();
  const kind = leadsOf(to);
  const queues = others(names["queues"], without);
  const scenarios = others(names["scenarios"]);
  const words: Record<Leads, string> = {
    nowhere: t`Nowhere: no limit holds`,
    queue: t`To a queue`,
    scenario: t`To a flow`,
    callback: t`Called back`,
    reject: t`Turned away with some words`,
    outside: t`To a number outside`,
    mailbox: t`To a mailbox`,
    other: t`As the file says`,
  };
  const there = { queue: queues.length > 0, scenario: scenarios.length > 0 } as Partial<Record<Leads, boolean>>;
  const kinds = [...allowed.filter((each) => each === kind || there[each] !== false), ...(kind === "other" ? ["other" as const] : [])].map((id) => ({ id, name: words[id] }));
  const choose = (next: string) => next !== "other" && change(leadingTo(next as Leads, { queue: queues[0]?.id ?? "", scenario: scenarios[0]?.id ?? "", language: spoken() }), "");
  const reject = to?.reject;
  const inside = problems.filter(({ place }) => /\.(outside|mailbox)\./.test(place));
  return (
    <div className="partPair queueLeads">
      <Pick label={label} value={kind} options={kinds} problems={problems.filter((each) => !inside.includes(each))} change={choose} />
      {kind === "queue" && <Pick label={t`To the queue`} value={to?.queue ?? ""} options={queues} change={(queue) => change({ ...to, queue }, "")} />}
      {kind === "scenario" && <Pick label={t`To the flow`} value={to?.scenario ?? ""} options={scenarios} change={(scenario) => change({ ...to, scenario }, "")} />}
      {to?.outside && <OutsideFields to={to.outside} names={names} problems={inside} change={(outside, what) => change({ ...to, outside }, what && `outside.${what}`)} />}
      {to?.mailbox && <MailboxFields to={to.mailbox} names={names} problems={inside} change={(mailbox, what) => change({ ...to, mailbox }, what && `mailbox.${what}`)} />}
      {reject && <Line label={t`What is said (${reject.language})`} lang={reject.language} rows={2} value={reject.text} change={(text) => change({ ...to, reject: { ...reject, text } }, "reject")} />}
    </div>
  );
}
