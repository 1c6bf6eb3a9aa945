/** Holidays out of an iCalendar file: read, shown against what is there, and taken only then. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { CalendarPlus } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { readHolidays } from "@/api/calendars";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { coming, withHolidays, type Arrival, type Coming, type SpecialDay } from "@/hours/calendar";
import { dateInWords } from "@/hours/words";

interface Props {
  days: readonly SpecialDay[];
  today: string;
  take: (days: SpecialDay[]) => void;
}

export function useHolidaysFile() {
  const input = useRef<HTMLInputElement>(null);
  const read = useMutation({ mutationFn: async (file: File) => ({ name: file.name, ...(await readHolidays(file)) }) });
  return { input, read };
}

type HolidaysFile = ReturnType<typeof useHolidaysFile>;

export function ImportButton({ file: { input, read } }: { file: HolidaysFile }) {
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".ics,text/calendar"
        hidden
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen) read.mutate(chosen);
          event.target.value = "";
        }}
      />
      <Button icon={CalendarPlus} isPending={read.isPending} onPress={() => input.current?.click()}>
        <Trans>Take from a file (iCal)</Trans>
      </Button>
    </>
  );
}

export function Import({ file: { read }, days, today, take }: Props & { file: HolidaysFile }) {
  if (read.error) return <Refusal error={read.error} />;
  if (!read.data) return null;
  return <Preview key={read.submittedAt} name={read.data.name} found={coming(days, read.data.holidays, today)} days={days} take={take} close={read.reset} />;
}

interface PreviewProps {
  name: string;
  found: Coming[];
  days: readonly SpecialDay[];
  take: (days: SpecialDay[]) => void;
  close: () => void;
}

function Preview({ name, found, days, take, close }: PreviewProps) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(found.filter(({ arrival }) => arrival === "new").map(({ date }) => date)));
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  const known = found.filter(({ arrival }) => arrival === "known").length;
  const shown = found.filter(({ arrival }) => arrival !== "known");
  const count = chosen.size;
  const toggle = (date: string, on: boolean) => setChosen(new Set(on ? [...chosen, date] : [...chosen].filter((each) => each !== date)));
  return (
    <section className="hoursImport" aria-label={t`Days of the file`}>
      <h3 ref={head} tabIndex={-1} className="heading">
        <Trans>What comes from {name}</Trans>
      </h3>
      {known > 0 && (
        <p className="muted">
          <Plural value={known} one="# day is in the calendar already." other="# days are in the calendar already." />
        </p>
      )}
      {shown.length === 0 && (
        <p className="muted">
          <Trans>The file has no other days without a time of day.</Trans>
        </p>
      )}
      <ul className="hoursComing">
        {shown.map((day) => (
          <li key={day.date}>
            <label>
              <input type="checkbox" checked={chosen.has(day.date)} onChange={(event) => toggle(day.date, event.target.checked)} />
              <span className="hoursDate">{dateInWords(day.date)}</span>
              <span className="hoursName">{day.name}</span>
              <ArrivalTag arrival={day.arrival} called={day.called} yearly={day.date.length === 5} />
            </label>
          </li>
        ))}
      </ul>
      <div className="partTools">
        <Button
          kind="primary"
          isDisabled={count === 0}
          onPress={() => {
            take(withHolidays(days, found.filter(({ date }) => chosen.has(date))));
            close();
          }}
        >
          <Plural value={count} one="Take # day" other="Take # days" />
        </Button>
        <Button onPress={close}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </section>
  );
}

function ArrivalTag({ arrival, called, yearly }: { arrival: Arrival; called: string | null; yearly: boolean }) {
  const { t } = useLingui();
  if (arrival === "past") return <Tag>{t`has passed`}</Tag>;
  if (arrival === "renamed") return <Tag tone="warn">{called ? t`now “${called}”` : t`has no name now`}</Tag>;
  return yearly ? <Tag tone="info">{t`every year`}</Tag> : null;
}
