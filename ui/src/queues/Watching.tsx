/** What is kept of a queue's conversations, and from where on supervisors see it marked. */
import { Trans, useLingui } from "@lingui/react/macro";

import { figuresOf, Group, type FormProps } from "@/queues/Form";
import type { Recording as Policy } from "@/queues/queue";
import { Figure, Pick } from "@/setup/Fields";

export function Recording({ queue, at, set, figure }: FormProps) {
  const { t } = useLingui();
  const policies: { id: Policy; name: string }[] = [
    { id: "always", name: t`Always` },
    { id: "on_demand", name: t`When the agent asks for it` },
    { id: "never", name: t`Never` },
  ];
  const about: Record<Policy, string> = {
    always: t`From the first sound to the last; an agent may pause.`,
    on_demand: t`From when the agent asks for it; what was said before is silence.`,
    never: t`Nothing is kept, and no agent can change it.`,
  };
  return (
    <Group title={t`Recording`}>
      <div className="partPair">
        <Pick label={t`Conversations are recorded`} value={queue.recording} options={policies} problems={at("recording")} help={about[queue.recording]} change={(recording) => set({ recording: recording as Policy })} />
        {queue.recording !== "never" && (
          <Figure label={t`Longest pause, seconds`} {...figure("recording_pause_seconds")} help={<Trans>Then it is recorded again, also where the agent has forgotten.</Trans>} />
        )}
      </div>
    </Group>
  );
}

export function Marks(props: FormProps) {
  const { t } = useLingui();
  const figure = figuresOf(props, "thresholds");
  return (
    <Group title={t`Marks on the floor and the wallboard`}>
      <p className="caption">
        <Trans>First a warning, then an alarm, each with a word and a sign. 0: never.</Trans>
      </p>
      <div className="partPair">
        <Figure label={t`Warning: longest wait, seconds`} {...figure("wait_warning_seconds")} />
        <Figure label={t`Alarm: longest wait, seconds`} {...figure("wait_alarm_seconds")} />
        <Figure label={t`Warning: how many wait`} {...figure("waiting_warning")} />
        <Figure label={t`Alarm: how many wait`} {...figure("waiting_alarm")} />
      </div>
      <fieldset className="queueRings">
        <legend className="label">
          <Trans>Service level</Trans>
        </legend>
        <div className="partPair">
          <Figure label={t`Answered in time: within, seconds`} {...figure("level_within_seconds")} />
          <Figure label={t`Warning below, percent`} {...figure("level_warning")} />
          <Figure label={t`Alarm below, percent`} {...figure("level_alarm")} />
        </div>
        <p className="caption">
          <Trans>The share of those answered in time among all who were answered or gave up today, from ten contacts on.</Trans>
        </p>
      </fieldset>
    </Group>
  );
}
