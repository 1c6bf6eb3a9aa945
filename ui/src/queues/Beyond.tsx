/** Where no agent of ours is reached: a number outside, and a mailbox. */
import { useLingui } from "@lingui/react/macro";

import type { Problem, Thing } from "@/api/parts";
import { spoken } from "@/i18n/language";
import { Check } from "@/queues/Form";
import { USUAL_MAILBOX, USUAL_OUTSIDE, withText, type Mailbox, type Outside } from "@/queues/queue";
import { Figure, Line, Pick } from "@/setup/Fields";

interface Props<To> {
  to: To;
  names: Record<string, Thing[]>;
  /** Of all that stands here and inside it. */
  problems: Problem[];
  /** `what` names the place, so that typing on there is one step of undo. */
  change: (to: To, what: string) => void;
}

const LANGUAGES = ["ru", "en"];
const of = (problems: Problem[], field: string) => problems.filter(({ place }) => place.endsWith(field));
const named = (things: Thing[] | undefined) => (things ?? []).map((each) => ({ id: each.id, name: each[spoken()] }));

/** Set up here, a number may be called by whoever comes this way: only people who may change the set-up see this. */
export function OutsideFields({ to, names, problems, change }: Props<Outside>) {
  const { t } = useLingui();
  const own = [{ id: "", name: t`The one that the customer has called` }, ...named(names["entry_points"])];
  return (
    <div className="queueBeyond">
      <div className="partPair">
        <Line label={t`Number outside`} code longest={40} value={to.dial} problems={of(problems, ".dial")} help={t`As +44…, or one of the short numbers.`} change={(dial) => change({ ...to, dial }, "dial")} />
        <Pick label={t`Whose number is shown there`} value={to.entry_point ?? ""} options={own} problems={of(problems, ".entry_point")} change={(point) => change({ ...to, entry_point: point || null }, "")} />
        <Figure
          label={t`Seconds that it rings`}
          value={to.ring_seconds ?? USUAL_OUTSIDE.ring_seconds}
          emptied={USUAL_OUTSIDE.ring_seconds}
          problems={of(problems, ".ring_seconds")}
          change={(seconds) => change({ ...to, ring_seconds: seconds ?? USUAL_OUTSIDE.ring_seconds }, "ring_seconds")}
        />
        <Figure
          label={t`The longest conversation, in seconds`}
          value={to.longest_seconds ?? USUAL_OUTSIDE.longest_seconds}
          emptied={USUAL_OUTSIDE.longest_seconds}
          problems={of(problems, ".longest_seconds")}
          change={(seconds) => change({ ...to, longest_seconds: seconds ?? USUAL_OUTSIDE.longest_seconds }, "longest_seconds")}
        />
      </div>
      <div className="partPair">
        <Check label={t`Music while it rings`} value={to.music ?? false} change={(music) => change({ ...to, music }, "")} />
        <Check label={t`The customer's own number is shown`} value={to.shows_customer ?? false} change={(shows) => change({ ...to, shows_customer: shows }, "")} />
      </div>
    </div>
  );
}

export function MailboxFields({ to, names, problems, change }: Props<Mailbox>) {
  const { t } = useLingui();
  const said = (which: "text" | "thanks", language: string, text: string) => change({ ...to, [which]: withText(to[which] ?? {}, language, text) }, `${which}.${language}`);
  const languages = (texts: Mailbox["text"]) => [...new Set([...LANGUAGES, ...Object.keys(texts ?? {})])];
  return (
    <div className="queueBeyond">
      <div className="partPair">
        <Pick label={t`The message waits in`} value={to.queue ?? ""} options={[{ id: "", name: t`This queue` }, ...named(names["queues"])]} problems={of(problems, ".queue")} change={(queue) => change({ ...to, queue: queue || null }, "")} />
        <Figure
          label={t`The longest message, in seconds`}
          value={to.max_seconds ?? USUAL_MAILBOX.max_seconds}
          emptied={USUAL_MAILBOX.max_seconds}
          problems={of(problems, ".max_seconds")}
          change={(seconds) => change({ ...to, max_seconds: seconds ?? USUAL_MAILBOX.max_seconds }, "max_seconds")}
        />
      </div>
      <div className="partPair">
        {languages(to.text).map((language) => (
          <Line key={`text ${language}`} label={t`Said before the tone, ${language}`} lang={language} rows={2} value={to.text?.[language] ?? ""} help={t`Empty: words of the program.`} change={(text) => said("text", language, text)} />
        ))}
      </div>
      <div className="partPair">
        {languages(to.thanks).map((language) => (
          <Line key={`thanks ${language}`} label={t`Said after the message, ${language}`} lang={language} rows={2} value={to.thanks?.[language] ?? ""} help={t`Empty: words of the program.`} change={(text) => said("thanks", language, text)} />
        ))}
      </div>
    </div>
  );
}
