/** The free times of a queue, by days: one is chosen as in any list. */
import { Trans, useLingui } from "@lingui/react/macro";

import { clock, day } from "@/i18n/format";

export function TimeChoice({ times, at, choose }: { times: readonly string[] | undefined; at: string; choose: (at: string) => void }) {
  const { t } = useLingui();
  const days = new Map<string, string[]>();
  for (const one of times ?? []) days.set(day(one), [...(days.get(day(one)) ?? []), one]);
  return (
    <label>
      <span className="caption">
        <Trans>When</Trans>
      </span>
      <select className="input" value={at} disabled={!times?.length} onChange={(event) => choose(event.target.value)}>
        <option value="">{times && !times.length ? t`No free time` : t`Choose a time…`}</option>
        {[...days].map(([name, ofDay]) => (
          <optgroup key={name} label={name}>
            {ofDay.map((one) => (
              <option key={one} value={one}>
                {clock(one)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
