/** The usual week: a line for each day. */
import { Trans, useLingui } from "@lingui/react/macro";
import { CopyPlus } from "lucide-react";
import { useId } from "react";

import type { Problem } from "@/api/parts";
import { IconButton } from "@/design/Button";
import { asOn, WEEKDAYS, withWeekday, type Calendar, type Weekday } from "@/hours/calendar";
import { Periods } from "@/hours/Periods";
import { Told } from "@/setup/Told";
import { weekdayName } from "@/hours/words";

interface Props {
  calendar: Calendar;
  at: (place: string) => Problem[];
  change: (calendar: Calendar, what: string) => void;
}

const WORKDAYS = WEEKDAYS.slice(0, 5);
const WEEKEND = WEEKDAYS.slice(5);

export function Week({ calendar, at, change }: Props) {
  return (
    <section className="card hoursCard" id="hours-weekly" tabIndex={-1} aria-labelledby="hoursWeek">
      <h2 id="hoursWeek" className="heading">
        <Trans>The usual week</Trans>
      </h2>
      <ul className="hoursWeek">
        {WEEKDAYS.map((day) => (
          <Day key={day} day={day} calendar={calendar} problems={at(`weekly.${day}`)} change={change} />
        ))}
      </ul>
      <p className="caption">
        <Trans>A period that ends before it begins runs into the next day.</Trans>
      </p>
    </section>
  );
}

function Day({ day, calendar, problems, change }: { day: Weekday; calendar: Calendar; problems: Problem[]; change: Props["change"] }) {
  const { t } = useLingui();
  const id = useId();
  const name = weekdayName(day);
  const periods = calendar.weekly[day] ?? [];
  const alike = WORKDAYS.includes(day) ? WORKDAYS : WEEKEND;
  const different = alike.some((other) => (calendar.weekly[other] ?? []).join() !== periods.join());
  return (
    <li>
      <span className="hoursDay">{name}</span>
      <Periods of={name} periods={periods} wrong={problems.some(({ warning }) => !warning)} change={(next) => change(withWeekday(calendar, day, next), `weekly.${day}`)} />
      {different && (
        <IconButton
          className="hoursAlike"
          icon={CopyPlus}
          name={alike === WORKDAYS ? t`${name}: the same from Monday to Friday` : t`${name}: the same on both days of the weekend`}
          onPress={() => change(asOn(calendar, day, alike), "")}
        />
      )}
      <Told id={id} problems={problems} />
    </li>
  );
}
