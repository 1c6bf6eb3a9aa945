/** One day that is not as others: which, what it is called, when it is open all the same. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useId, useState } from "react";

import { Button } from "@/design/Button";
import { inYear, type DaysOf, type SpecialDay, type Typed } from "@/hours/calendar";
import { Periods } from "@/hours/Periods";
import { monthName } from "@/hours/words";

interface Props {
  kind: DaysOf;
  /** Null: a new one. */
  day: SpecialDay | null;
  /** The others of the list. */
  taken: readonly SpecialDay[];
  keep: (day: SpecialDay) => void;
  close: () => void;
  typed: Typed;
}

const MONTHS = Array.from({ length: 12 }, (_, number) => number + 1);
const two = (number: number) => String(number).padStart(2, "0");

export function DayForm({ kind, day, taken, keep, close, typed: { tell } }: Props) {
  const { t } = useLingui();
  const id = useId();
  const [date, setDate] = useState(day?.date ?? "");
  const [name, setName] = useState(day?.name ?? "");
  const [hours, setHours] = useState<string[]>(day?.hours ?? []);
  const yearly = date.length === 5;
  const twice = taken.some((each) => each.date === date);
  const typed = date !== (day?.date ?? "") || name !== (day?.name ?? "") || hours.join() !== (day?.hours ?? []).join();
  useEffect(() => {
    if (!typed) return;
    tell((before) => [...before, kind]);
    return () => tell((before) => before.filter((each) => each !== kind));
  }, [typed, kind, tell]);
  return (
    <form
      className="hoursDayForm"
      aria-label={day ? t`Change the day` : t`New day`}
      onSubmit={(event) => {
        event.preventDefault();
        if (date !== "" && !twice) keep({ date, name: name.trim(), hours });
      }}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <div className="hoursWhen">
        {yearly ? (
          <YearlyDate date={date} set={setDate} />
        ) : (
          <div className="field">
            <label htmlFor={`${id}date`}>
              <Trans>Date</Trans>
            </label>
            <input id={`${id}date`} className="input figures" type="date" required autoFocus value={date} onChange={(event) => setDate(event.target.value)} />
          </div>
        )}
        {kind === "holidays" && (
          <label className="hoursYearly">
            <input type="checkbox" checked={yearly} onChange={(event) => setDate(event.target.checked ? date.slice(5) || "01-01" : inYear(date, new Date().getFullYear()))} />
            <Trans>Every year</Trans>
          </label>
        )}
        <div className="field hoursCalled">
          <label htmlFor={`${id}name`}>
            <Trans>What the day is called</Trans>
          </label>
          <input id={`${id}name`} className="input" maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        </div>
      </div>
      <div className="field">
        <span className="label">
          <Trans>Open all the same</Trans>
        </span>
        <Periods of={t`This day`} periods={hours} wrong={false} change={setHours} />
      </div>
      {twice && (
        <p role="alert" className="partFault">
          <Trans>This date is in the list already.</Trans>
        </p>
      )}
      <div className="partTools">
        <Button kind="primary" type="submit" isDisabled={date === "" || twice}>
          {day ? <Trans>Done</Trans> : <Trans>Add</Trans>}
        </Button>
        <Button onPress={close}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}

function YearlyDate({ date, set }: { date: string; set: (date: string) => void }) {
  const id = useId();
  const [month, day] = [Number(date.slice(0, 2)), Number(date.slice(3))];
  const longest = new Date(Date.UTC(2024, month, 0)).getUTCDate();
  return (
    <div className="hoursYearlyDate">
      <div className="field">
        <label htmlFor={`${id}day`}>
          <Trans>Day</Trans>
        </label>
        <select id={`${id}day`} className="input" value={day} onChange={(event) => set(`${two(month)}-${two(Number(event.target.value))}`)}>
          {Array.from({ length: longest }, (_, number) => (
            <option key={number} value={number + 1}>
              {number + 1}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}month`}>
          <Trans>Month</Trans>
        </label>
        <select id={`${id}month`} className="input" value={month} onChange={(event) => set(`${two(Number(event.target.value))}-${two(Math.min(day, new Date(Date.UTC(2024, Number(event.target.value), 0)).getUTCDate()))}`)}>
          {MONTHS.map((number) => (
            <option key={number} value={number}>
              {monthName(number)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
