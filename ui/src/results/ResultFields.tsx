/** One result: what it is called, what it stands under, and what follows from it. */
import { Trans, useLingui } from "@lingui/react/macro";

import type { Asked, Disposition } from "@/api/disposition";
import { spoken } from "@/i18n/language";
import type { ResultsEditing } from "@/results/Results";
import { branch, isHeading, rename, rows } from "@/results/tree";
import { Figure, Line, NameInFile, Pick } from "@/setup/Fields";

interface Props {
  editing: ResultsEditing;
  one: Disposition;
  renamed: (id: string) => void;
}

const LONGEST = 100;
const HOUR = 3600;

export function ResultFields({ editing, one, renamed }: Props) {
  const { t } = useLingui();
  const all = editing.value.dispositions;
  const place = `dispositions[${all.indexOf(one)}]`;
  const at = (field: string) => editing.at(`${place}.${field}`);
  const set = (more: Partial<Disposition>) => editing.change({ value: { dispositions: all.map((each) => (each.id === one.id ? { ...one, ...more } : each)) } }, `${one.id} ${Object.keys(more).join()}`);
  const own = branch(all, one.id);
  const headings = rows(all)
    .filter(({ one: { id } }) => !own.has(id))
    .map(({ one: each, depth }) => ({ id: each.id, name: `${"\u2003".repeat(depth)}${each[spoken()] || each.id}` }));
  return (
    <div className="partFields">
      <div className="partPair">
        <Line label={t`In Russian`} lang="ru" value={one.ru} longest={LONGEST} problems={at("ru")} change={(ru) => set({ ru })} />
        <Line label={t`In English`} lang="en" value={one.en} longest={LONGEST} problems={at("en")} change={(en) => set({ en })} />
      </div>
      <Pick label={t`Stands under`} value={one.under ?? ""} options={[{ id: "", name: t`Nothing: it is at the top` }, ...headings]} problems={at("under")} change={(under) => set({ under: under || null })} />
      {isHeading(all, one.id) ? (
        <p className="muted">
          <Trans>Others stand under it: agents open it and choose one of those. Nothing follows from a heading.</Trans>
        </p>
      ) : (
        <Follows editing={editing} one={one} place={place} set={set} />
      )}
      <NameInFile
        id={one.id}
        others={all.filter((each) => each !== one).map(({ id }) => id)}
        published={editing.opened.value.dispositions.some(({ id }) => id === one.id)}
        rename={(to) => {
          const next = rename(all, editing.queues, one.id, to);
          editing.change({ value: { dispositions: next.dispositions }, queues: next.queues });
          renamed(to);
        }}
      />
    </div>
  );
}

interface FollowsProps extends Omit<Props, "renamed"> {
  place: string;
  set: (more: Partial<Disposition>) => void;
}

function Follows(props: FollowsProps) {
  const { t } = useLingui();
  const { editing, one, place, set } = props;
  const asked = useAsked();
  const at = (field: string) => editing.at(`${place}.${field}`);
  return (
    <fieldset className="field partGroup">
      <legend className="label">
        <Trans>What follows from it</Trans>
      </legend>
      <div className="resultFollows">
        <Pick label={t`A task`} value={one.task} options={asked} problems={at("task")} change={(task) => set({ task: task as Asked })} />
        {one.task !== "never" && <OfTask {...props} />}
      </div>
      <div className="resultFollows">
        <Pick label={t`A planned call to the customer`} value={one.call} options={asked} problems={at("call")} change={(call) => set({ call: call as Asked })} />
        {one.call !== "never" && <OfCall {...props} />}
      </div>
      <div className="resultFollows">
        <Pick label={t`A mail to the customer`} value={one.mail} options={asked} problems={at("mail")} change={(mail) => set({ mail: mail as Asked })} />
        {one.mail !== "never" && <OfMail {...props} />}
      </div>
    </fieldset>
  );
}

function useAsked() {
  const { t } = useLingui();
  return [
    { id: "never", name: t`Is not asked for` },
    { id: "optional", name: t`Is offered` },
    { id: "required", name: t`Has to be said` },
  ];
}

const hours = (seconds: number) => Math.round((seconds / HOUR) * 100) / 100;

function OfTask({ editing, one, place, set }: FollowsProps) {
  const { t } = useLingui();
  const queues = editing.queues.map(({ id, name }) => ({ id, name: t`Whoever of “${name}” takes it` }));
  return (
    <div className="partPair">
      <Pick label={t`Usually for`} value={one.task_queue ?? ""} options={[{ id: "", name: t`The agent` }, ...queues]} problems={editing.at(`${place}.task_queue`)} change={(queue) => set({ task_queue: queue || null })} />
      <Figure label={t`Usually within hours`} help={t`0: no time is proposed`} least={0} emptied={0} value={hours(one.task_seconds)} problems={editing.at(`${place}.task_seconds`)} change={(value) => set({ task_seconds: (value ?? 0) * HOUR })} />
    </div>
  );
}

function OfCall({ editing, one, place, set }: FollowsProps) {
  const { t } = useLingui();
  return (
    <>
      <Figure label={t`Usually after hours`} help={t`At the first free time after so long`} least={0} emptied={0} value={hours(one.call_seconds)} problems={editing.at(`${place}.call_seconds`)} change={(value) => set({ call_seconds: (value ?? 0) * HOUR })} />
      <label className="partCheck">
        <input type="checkbox" checked={one.call_own} onChange={(event) => set({ call_own: event.target.checked })} />
        <Trans>The agent is usually tried first, before the queue</Trans>
      </label>
    </>
  );
}

function OfMail({ editing, one, place, set }: FollowsProps) {
  const { t } = useLingui();
  const replies = (editing.opened.names["canned_replies"] ?? []).map(({ id }) => ({ id, name: id }));
  const subject = (language: string, text: string) => {
    const others = Object.entries(one.mail_subject).filter(([each]) => each !== language);
    set({ mail_subject: Object.fromEntries(text ? [...others, [language, text]] : others) });
  };
  return (
    <>
      <Pick label={t`Begins with the canned reply`} value={one.mail_reply ?? ""} options={[{ id: "", name: t`None` }, ...replies]} problems={editing.at(`${place}.mail_reply`)} change={(reply) => set({ mail_reply: reply || null })} />
      <div className="partPair">
        <Line label={t`Subject in Russian`} lang="ru" value={one.mail_subject["ru"] ?? ""} problems={editing.at(`${place}.mail_subject`)} change={(text) => subject("ru", text)} />
        <Line label={t`Subject in English`} lang="en" value={one.mail_subject["en"] ?? ""} change={(text) => subject("en", text)} />
      </div>
    </>
  );
}
