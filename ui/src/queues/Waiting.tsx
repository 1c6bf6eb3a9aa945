/** What those who wait hear, how many may wait, and where the others go. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";

import { Button, IconButton } from "@/design/Button";
import { MailboxFields, OutsideFields } from "@/queues/Beyond";
import { Check, Group, type FormProps } from "@/queues/Form";
import { Leading, others } from "@/queues/Leading";
import { Music } from "@/queues/Music";
import { put, without } from "@/queues/order";
import { helpedBy, helpsOf, withText, type Helps, type Overflow, type Presence } from "@/queues/queue";
import { OVERFLOW, PRESENCE } from "@/queues/words";
import { Figure, Line, Pick } from "@/setup/Fields";
import { Told } from "@/setup/Told";

const LANGUAGES = ["ru", "en"];

export function Heard(props: FormProps) {
  const { queue, at, set, figure } = props;
  const { t } = useLingui();
  return (
    <Group title={t`What they hear while they wait`}>
      <div className="partPair">
        <Figure label={t`The place is said every, seconds (0: never)`} {...figure("announce_every_seconds")} />
      </div>
      <Music {...props} />
      <Check label={t`After the place the expected wait is said`} value={queue.announce_wait} change={(announce_wait) => set({ announce_wait })} />
      <ul className="queueRows" aria-label={t`Messages`}>
        {queue.messages.map((texts, number) => (
          <li key={number} className="queueRow" data-place={`messages[${number}]`}>
            <div className="partPair">
              {[...new Set([...LANGUAGES, ...Object.keys(texts)])].map((language) => (
                <Line
                  key={language}
                  label={t`Message ${number + 1}, ${language}`}
                  lang={language}
                  rows={2}
                  value={texts[language] ?? ""}
                  change={(text) => set({ messages: put(queue.messages, number, withText(texts, language, text)) }, `messages[${number}].${language}`)}
                />
              ))}
            </div>
            <IconButton icon={X} name={t`Take message ${number + 1} out`} onPress={() => set({ messages: without(queue.messages, number) })} />
            <Told id={`message${number}told`} problems={at(`messages[${number}]`)} />
          </li>
        ))}
      </ul>
      <Told id="messagestold" problems={at("messages").filter(({ place }) => place.endsWith("messages"))} />
      <Button kind="bare" className="partAdd" icon={Plus} onPress={() => set({ messages: [...queue.messages, {}] })}>
        <Trans>Add a message between the music</Trans>
      </Button>
    </Group>
  );
}

export function Limits(props: FormProps) {
  const { queue, at, set, figure } = props;
  const { t, i18n } = useLingui();
  const presence = (Object.keys(PRESENCE) as Presence[]).map((id) => ({ id, name: i18n._(PRESENCE[id]) }));
  return (
    <Group title={t`Limits and overflow`}>
      <div className="partPair">
        <Figure label={t`So many may wait (0: any number)`} {...figure("max_waiting")} />
        <Figure label={t`Longest wait, seconds (0: any)`} {...figure("max_wait_seconds")} />
        <Pick label={t`To come in`} value={queue.join_empty} options={presence} change={(join_empty) => set({ join_empty: join_empty as Presence })} />
        <Pick label={t`To go on waiting`} value={queue.leave_empty} options={presence} change={(leave_empty) => set({ leave_empty: leave_empty as Presence })} />
      </div>
      <Otherwise {...props} />
      <fieldset className="queueRings">
        <legend className="label">
          <Trans>Help from elsewhere</Trans>
        </legend>
        <ul className="queueRows">
          {queue.overflow.map((overflow, number) => (
            <Helping key={number} {...props} overflow={overflow} number={number} />
          ))}
        </ul>
        <AddHelp {...props} />
        <Told id="overflowtold" problems={at("overflow").filter(({ place }) => place.endsWith("overflow"))} />
      </fieldset>
    </Group>
  );
}

function Otherwise({ queue, at, names, set }: FormProps) {
  const { t } = useLingui();
  const problems = at("otherwise");
  return (
    <Leading
      label={t`Who exceeds a limit goes`}
      to={queue.otherwise}
      allowed={["nowhere", "queue", "scenario", "callback", "outside", "mailbox", "reject"]}
      names={names}
      without={queue.id}
      problems={problems}
      change={(otherwise, what) => set({ otherwise }, what && `otherwise.${what}`)}
    />
  );
}

function Helping({ queue, at, names, set, overflow, number }: FormProps & { overflow: Overflow; number: number }) {
  const { t, i18n } = useLingui();
  const change = (next: Partial<Overflow>, what = "") => set({ overflow: put(queue.overflow, number, { ...overflow, ...next }) }, what && `overflow[${number}].${what}`);
  const kind = helpsOf(overflow);
  const queues = others(names["queues"], queue.id);
  const words: Record<Helps, string> = { queue: t`The agents of another queue`, outside: t`A number outside`, mailbox: t`A mailbox` };
  const kinds = (Object.keys(words) as Helps[]).filter((each) => each !== "queue" || queues.length > 0 || kind === "queue").map((id) => ({ id, name: words[id] }));
  const problems = at(`overflow[${number}]`);
  const whole = problems.filter(({ place }) => !/\.(outside|mailbox)\.|\.(at|to)$/.test(place));
  return (
    <li className="queueRow" data-place={`overflow[${number}]`}>
      <div className="partPair">
        <Pick label={t`When`} value={overflow.when} options={(Object.keys(OVERFLOW) as Overflow["when"][]).map((id) => ({ id, name: i18n._(OVERFLOW[id]) }))} change={(when) => change({ when: when as Overflow["when"] })} />
        <Figure label={t`How much`} value={overflow.at} problems={at(`overflow[${number}].at`)} change={(value) => change({ at: value as number }, "at")} />
        <Pick label={t`Who helps`} value={kind} options={kinds} problems={whole} change={(next) => change(helpedBy(overflow, next as Helps, queues[0]?.id))} />
        {kind === "queue" && <Pick label={t`The agents of`} value={overflow.to ?? ""} options={queues} problems={at(`overflow[${number}].to`)} change={(to) => change({ to })} />}
        {overflow.outside && <OutsideFields to={overflow.outside} names={names} problems={problems} change={(outside, what) => change({ outside }, what && `outside.${what}`)} />}
        {overflow.mailbox && <MailboxFields to={overflow.mailbox} names={names} problems={problems} change={(mailbox, what) => change({ mailbox }, what && `mailbox.${what}`)} />}
      </div>
      <IconButton icon={X} name={t`Take help ${number + 1} out`} onPress={() => set({ overflow: without(queue.overflow, number) })} />
      {overflow.to && <Check label={t`Keeps waiting here, too`} value={overflow.keep ?? false} change={(keep) => change({ keep })} />}
    </li>
  );
}

function AddHelp({ queue, names, set }: FormProps) {
  const first = others(names["queues"], queue.id)[0];
  const fresh: Overflow = { when: "wait", at: 60 };
  return (
    <Button kind="bare" className="partAdd" icon={Plus} onPress={() => set({ overflow: [...queue.overflow, helpedBy(fresh, first ? "queue" : "mailbox", first?.id)] })}>
      <Trans>Add help from elsewhere</Trans>
    </Button>
  );
}
