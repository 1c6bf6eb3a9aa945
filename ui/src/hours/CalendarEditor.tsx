/** One calendar: its name and clock, the usual week, holidays and exceptions; beside it whether it is open, problems, versions. */
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft } from "lucide-react";
import { useId, useState } from "react";

import type { Problem } from "@/api/parts";
import { IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tabs } from "@/design/Tabs";
import { AtMoment } from "@/hours/AtMoment";
import type { Calendar, Typed } from "@/hours/calendar";
import { Days } from "@/hours/Days";
import { Import, ImportButton, useHolidaysFile } from "@/hours/Import";
import { Told } from "@/setup/Told";
import { Week } from "@/hours/Week";
import { PartVersions } from "@/setup/PartVersions";
import { ProblemCount, Problems } from "@/setup/Problems";
import { PartActions } from "@/setup/Publish";
import type { Editing } from "@/setup/useSetupPart";

export type HoursEditing = Editing<Calendar[]>;

export function PublishedHours() {
  return <Trans>Whoever calls from now on meets these hours. Whoever waits already goes on waiting.</Trans>;
}

const day = (at: Date) => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;

interface Props {
  editing: HoursEditing;
  number: number;
  typed: Typed;
  leave: () => void;
}

export function CalendarEditor({ editing, number, typed, leave }: Props) {
  const { t, i18n } = useLingui();
  const calendar = editing.value[number] as Calendar;
  const [today] = useState(() => day(new Date()));
  const place = `calendars[${number}]`;
  const open = typed.lists.map((list) => ({ place: `${place}.${list}`, code: "typed", warning: false, message: t`A day is being typed: add it, or cancel.` }));
  const own = [...open, ...editing.problems.filter((problem) => !problem.place.startsWith("calendars[") || editing.at(place).includes(problem))];
  const at = (inside: string) => editing.at(`${place}.${inside}`);
  const write = (next: Calendar, what = "") => editing.change({ value: editing.value.map((each, n) => (n === number ? next : each)) }, what && `${calendar.id} ${what}`);
  const file = useHolidaysFile();
  const days = { today, at, typed };
  return (
    <div className="page partEditor">
      <header className="partTop">
        <IconButton icon={ArrowLeft} name={t`All calendars`} onPress={leave} />
        <h1>{calendar.name || calendar.id}</h1>
        <span className="shellSpace" />
        <PartActions part="calendars" editing={{ ...editing, problems: [...open, ...editing.problems] }}>
          <PublishedHours />
        </PartActions>
      </header>
      <Refusal error={editing.error} />
      <div className="partBeside">
        <div className="partStack">
          <Head calendar={calendar} at={at} change={write} />
          <Week calendar={calendar} at={at} change={write} />
          <Days
            {...days}
            kind="holidays"
            title={<Trans>Holidays</Trans>}
            about={<Trans>Closed, or open in hours of their own; of one year or of every year.</Trans>}
            days={calendar.holidays}
            change={(holidays) => write({ ...calendar, holidays })}
          >
            <ImportButton file={file} />
          </Days>
          <Import file={file} days={calendar.holidays} today={today} take={(holidays) => write({ ...calendar, holidays })} />
          <Days
            {...days}
            kind="exceptions"
            title={<Trans>Exceptions</Trans>}
            about={<Trans>Go before holidays and the usual week: a short day, a working Saturday, a move.</Trans>}
            days={calendar.exceptions}
            change={(exceptions) => write({ ...calendar, exceptions })}
          />
        </div>
        <aside className="partStack" aria-label={t`About the calendar`}>
          <AtMoment calendar={calendar} />
          <div className="card">
            <Tabs
              label={t`About the calendar`}
              pages={[
                { id: "problems", name: <ProblemCount problems={own} />, content: <Problems problems={own} where={(problem) => whereOf(problem, i18n)} jump={jump} /> },
                {
                  id: "versions",
                  name: <Trans>Versions</Trans>,
                  content: <PartVersions part="calendars" item={calendar.id} editing={editing} with={(earlier) => editing.value.map((each) => (each.id === calendar.id ? (earlier.find(({ id }) => id === calendar.id) ?? each) : each))} />,
                },
              ]}
            />
          </div>
        </aside>
      </div>
    </div>
  );
}

const sectionOf = ({ place }: Problem) => /^calendars\[\d+\]\.(\w+)/.exec(place)?.[1] ?? "";

function whereOf(problem: Problem, i18n: I18n): string {
  const words: Record<string, string> = { weekly: i18n._(msg`The usual week`), holidays: i18n._(msg`Holidays`), exceptions: i18n._(msg`Exceptions`), time_zone: i18n._(msg`Time zone`), name: i18n._(msg`Name`) };
  return words[sectionOf(problem)] ?? (problem.place || "–");
}

function jump(problem: Problem): void {
  const section = document.getElementById(`hours-${sectionOf(problem)}`);
  section?.scrollIntoView({ block: "nearest" });
  section?.focus();
}

function Head({ calendar, at, change }: { calendar: Calendar; at: (place: string) => Problem[]; change: (calendar: Calendar, what: string) => void }) {
  const id = useId();
  const zones = at("time_zone");
  return (
    <section className="card hoursCard hoursHead">
      <div className="field">
        <label htmlFor="hours-name">
          <Trans>Name</Trans>
        </label>
        <input id="hours-name" className="input" maxLength={100} value={calendar.name} onChange={(event) => change({ ...calendar, name: event.target.value }, "name")} />
        <Told id={`${id}name`} problems={at("name")} />
      </div>
      <div className="field">
        <label htmlFor="hours-time_zone">
          <Trans>Time zone</Trans>
        </label>
        <input
          id="hours-time_zone"
          className="input"
          list={`${id}zones`}
          spellCheck={false}
          aria-invalid={zones.length > 0 || undefined}
          value={calendar.time_zone}
          onChange={(event) => change({ ...calendar, time_zone: event.target.value.trim() }, "time_zone")}
        />
        <datalist id={`${id}zones`}>
          {Intl.supportedValuesOf("timeZone").map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <Told id={`${id}zone`} problems={zones} />
      </div>
    </section>
  );
}
