/** From when to when, as often a day as wanted. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";
import { useRef, useState, type ReactNode } from "react";

import { IconButton } from "@/design/Button";
import { useFocusing } from "@/design/focus";
import { endsOf, nextPeriod, timeOf } from "@/hours/calendar";

interface Props {
  /** Whose hours these are, to be read out with each field. */
  of: string;
  periods: readonly string[];
  wrong: boolean;
  /** What is said where there is none; else that it is closed. */
  none?: ReactNode;
  change: (periods: string[]) => void;
}

export function Periods({ of, periods, wrong, none, change }: Props) {
  const { t } = useLingui();
  const box = useRef<HTMLDivElement>(null);
  const focus = useFocusing();
  const put = (at: number, period: string) => change(periods.map((each, number) => (number === at ? period : each)));
  const add = () => {
    change([...periods, nextPeriod(periods)]);
    focus(() => [...(box.current?.querySelectorAll<HTMLElement>("input") ?? [])].at(-2));
  };
  const take = (at: number) => {
    change(periods.filter((_, number) => number !== at));
    focus(() => box.current?.querySelector<HTMLElement>(".hoursAdd"));
  };
  return (
    <div ref={box} className="hoursPeriods" role="group" aria-label={of}>
      {periods.length === 0 && (
        <span className="muted hoursClosed">
          {none ?? <Trans>Closed</Trans>}
        </span>
      )}
      {periods.map((period, at) => {
        const [from, to] = endsOf(period);
        return (
          <span key={at} className="hoursPeriod">
            <Time label={t`${of}: from`} value={from} wrong={wrong} change={(typed) => put(at, `${typed}-${to}`)} />
            <span aria-hidden>–</span>
            <Time label={t`${of}: to`} value={to} wrong={wrong} change={(typed) => put(at, `${from}-${typed}`)} />
            <Over from={from} to={to} />
            <IconButton icon={X} name={t`Take out ${period}: ${of}`} onPress={() => take(at)} />
          </span>
        );
      })}
      <IconButton className="hoursAdd" icon={Plus} name={t`Add a period: ${of}`} onPress={add} />
    </div>
  );
}

/** An end that is not after the beginning is on the next day. */
function Over({ from, to }: { from: string; to: string }) {
  if (!/^\d\d:\d\d$/.test(from) || !/^\d\d:\d\d$/.test(to) || to > from) return from === "00:00" && to === "24:00" ? <WholeDay /> : null;
  if (from === "00:00" && to === "00:00") return <WholeDay />;
  if (to === "00:00") return null;
  return (
    <span className="caption">
      <Trans>next day</Trans>
    </span>
  );
}

const WholeDay = () => (
  <span className="caption">
    <Trans>whole day</Trans>
  </span>
);

/** Never by the browser's own clock field: it shows twelve hours where the browser is set so. */
function Time({ label, value, wrong, change }: { label: string; value: string; wrong: boolean; change: (time: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const keep = () => {
    if (typed !== null) change(timeOf(typed).replaceAll("-", ""));
    setTyped(null);
  };
  return (
    <input
      className="input figures hoursTime"
      inputMode="numeric"
      autoComplete="off"
      maxLength={8}
      aria-label={label}
      aria-invalid={wrong || undefined}
      value={typed ?? value}
      onChange={(event) => setTyped(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        keep();
      }}
    />
  );
}
