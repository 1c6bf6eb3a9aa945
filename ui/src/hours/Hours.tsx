/** Opening hours: all calendars, and one while it is edited. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CalendarDays, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { LeaveGuard } from "@/configuration/LeaveGuard";
import { SetupNav } from "@/configuration/SetupNav";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { OpenTag, useMoment } from "@/hours/AtMoment";
import { emptyCalendar, groups, type Calendar, type DaysOf } from "@/hours/calendar";
import { CalendarEditor, PublishedHours, type HoursEditing } from "@/hours/CalendarEditor";
import "@/hours/hours.css";
import { weekdayShort } from "@/hours/words";
import { freshIdOf } from "@/setup/freshId";
import { NewNamed } from "@/setup/NewNamed";
import { Problems } from "@/setup/Problems";
import { ProblemsTag } from "@/setup/ProblemsTag";
import { PartActions } from "@/setup/Publish";
import "@/setup/setup.css";
import { useSetupPart } from "@/setup/useSetupPart";

export function Hours() {
  const search = useSearch({ from: "/inside/configuration/hours" });
  const navigate = useNavigate({ from: "/configuration/hours" });
  const { editing, error } = useSetupPart<Calendar[]>("calendars");
  const open = (calendar: string | undefined) => void navigate({ search: calendar === undefined ? {} : { calendar } });
  const [typed, tell] = useState<readonly DaysOf[]>([]);
  const typing = typed.length > 0;
  const number = editing?.value.findIndex(({ id }) => id === search.calendar) ?? -1;
  return (
    <>
      {!editing ? (
        <div className="page partList">
          <SetupNav />
          <h1>
            <Trans>Opening hours</Trans>
          </h1>
          <Refusal error={error} />
        </div>
      ) : number < 0 ? (
        <All editing={editing} open={open} />
      ) : (
        <CalendarEditor key={search.calendar} editing={editing} number={number} typed={{ lists: typed, tell }} leave={() => open(undefined)} />
      )}
      {/* A day that is being typed is lost by going to the list, too. */}
      <LeaveGuard unsaved={typing || (editing?.unsaved ?? false)} within={typing ? "" : "/configuration/hours"}>
        {typing ? <Trans>The day that is being typed is not in the list yet.</Trans> : <Trans>What was changed in the opening hours is not published.</Trans>}
      </LeaveGuard>
    </>
  );
}

function All({ editing, open }: { editing: HoursEditing; open: (calendar: string) => void }) {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  const calendars = editing.value;
  const elsewhere = editing.problems.filter(({ place }) => !place.startsWith("calendars["));
  return (
    <div className="page partList">
      <SetupNav />
      <div className="pageTop">
        <h1>
          <Trans>Opening hours</Trans>
        </h1>
        <span className="partTools">
          <PartActions part="calendars" editing={editing}>
            <PublishedHours />
          </PartActions>
          <Button icon={Plus} aria-expanded={adding} onPress={() => setAdding(!adding)}>
            <Trans>New calendar</Trans>
          </Button>
        </span>
      </div>
      <p className="muted">
        <Trans>When you are there. Entry rules, callbacks and flows ask these calendars whether it is open.</Trans>
      </p>
      <Refusal error={editing.error} />
      {elsewhere.length > 0 && <Problems problems={elsewhere} where={({ place }) => place || "–"} jump={() => undefined} />}
      {adding && (
        <NewNamed
          usual={t`Office`}
          submit={t`Create`}
          add={(name) => {
            const id = freshIdOf(name, "hours", calendars.map((each) => each.id));
            editing.change({ value: [...calendars, emptyCalendar(id, name, Intl.DateTimeFormat().resolvedOptions().timeZone)] });
            open(id);
          }}
        />
      )}
      {calendars.length === 0 && !adding && (
        <div className="blank card">
          <CalendarDays size={28} aria-hidden />
          <strong>
            <Trans>No calendars yet.</Trans>
          </strong>
          <Trans>Without one it is always open.</Trans>
        </div>
      )}
      {calendars.length > 0 && (
        <ul className="card setupList partTable hoursList" aria-label={t`Opening hours`}>
          {calendars.map((calendar, number) => (
            <Row key={calendar.id} calendar={calendar} number={number} editing={editing} open={open} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Row({ calendar, number, editing, open }: { calendar: Calendar; number: number; editing: HoursEditing; open: (calendar: string) => void }) {
  const { t } = useLingui();
  const now = useMoment(calendar);
  const own = editing.at(`calendars[${number}]`);
  const special = calendar.holidays.length + calendar.exceptions.length;
  const name = calendar.name || calendar.id;
  return (
    <li>
      <Button kind="bare" className="setupOpen" onPress={() => open(calendar.id)}>
        {name}
      </Button>
      <span className="hoursSummary">
        {groups(calendar.weekly).map(({ from, to, periods }) => (
          <span key={from} className="figures">
            {from === to ? weekdayShort(from) : `${weekdayShort(from)}–${weekdayShort(to)}`} {periods.map((each) => each.replace("-", "–")).join(", ")}
          </span>
        ))}
        <span className="caption">
          {calendar.time_zone}
          {special > 0 && (
            <>
              {" · "}
              <Plural value={special} one="# special day" other="# special days" />
            </>
          )}
        </span>
      </span>
      <span className="setupMarks">
        {now.data && <OpenTag open={now.data.open} />}
        <ProblemsTag problems={own} />
      </span>
      <IconButton icon={Trash2} name={t`Delete ${name}`} onPress={() => editing.change({ value: editing.value.filter((each) => each !== calendar) })} />
    </li>
  );
}
