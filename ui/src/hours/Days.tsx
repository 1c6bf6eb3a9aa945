/** Holidays, or exceptions: days that are not as others of their weekday. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useId, useRef, useState, type ReactNode } from "react";

import type { Problem } from "@/api/parts";
import { Button, IconButton } from "@/design/Button";
import { useFocusing } from "@/design/focus";
import { Tag } from "@/design/Tag";
import { withDay, type DaysOf, type SpecialDay, type Typed } from "@/hours/calendar";
import { DayForm } from "@/hours/DayForm";
import { Told } from "@/setup/Told";
import { dateInWords } from "@/hours/words";

interface Props {
  kind: DaysOf;
  title: ReactNode;
  about: ReactNode;
  days: readonly SpecialDay[];
  /** "2026-11-29" */
  today: string;
  at: (place: string) => Problem[];
  change: (days: SpecialDay[]) => void;
  typed: Typed;
  /** What else can be done with these days. */
  children?: ReactNode;
}

export function Days({ kind, title, about, days, today, at, change, typed, children }: Props) {
  const { t } = useLingui();
  /** By its date: undoing and taking days from a file make the day another object. */
  const [edited, setEdited] = useState<string | null>(null);
  const box = useRef<HTMLElement>(null);
  const focus = useFocusing();
  const close = () => {
    setEdited(null);
    focus(() => box.current?.querySelector<HTMLElement>(".hoursNewDay"));
  };
  const gone = (day: SpecialDay) => day.date.length > 5 && day.date < today;
  const row = (day: SpecialDay) => (
    <Row
      key={day.date}
      day={day}
      problems={at(`${kind}[${days.indexOf(day)}]`)}
      edit={() => setEdited(day.date)}
      take={() => {
        change(days.filter((each) => each !== day));
        close();
      }}
    />
  );
  const keep = (before: SpecialDay | null, day: SpecialDay) => {
    change(withDay(days, before, day));
    close();
  };
  const form = (day: SpecialDay) => (
    <li key={day.date}>
      <DayForm kind={kind} day={day} taken={days.filter((each) => each !== day)} keep={(next) => keep(day, next)} close={close} typed={typed} />
    </li>
  );
  const ahead = days.filter((day) => !gone(day));
  const past = days.filter(gone);
  const gonePast = past.length;
  return (
    <section ref={box} className="card hoursCard" id={`hours-${kind}`} tabIndex={-1} aria-labelledby={`hours-${kind}-title`}>
      <div className="hoursTop">
        <h2 id={`hours-${kind}-title`} className="heading">
          {title}
        </h2>
        <span className="partTools">
          {children}
          <Button className="hoursNewDay" icon={Plus} aria-expanded={edited === "new"} onPress={() => setEdited(edited === "new" ? null : "new")}>
            {kind === "holidays" ? t`Add a holiday` : t`Add an exception`}
          </Button>
        </span>
      </div>
      <p className="caption">{about}</p>
      {edited === "new" && <DayForm kind={kind} day={null} taken={days} keep={(day) => keep(null, day)} close={close} typed={typed} />}
      {days.length === 0 && edited !== "new" && (
        <p className="muted">
          <Trans>None yet.</Trans>
        </p>
      )}
      <ul className="hoursDays">
        {ahead.map((day) => (day.date === edited ? form(day) : row(day)))}
      </ul>
      {past.length > 0 && (
        <details>
          <summary>
            <Trans>Days that have passed: {gonePast}</Trans>
          </summary>
          <ul className="hoursDays">{past.map((day) => (day.date === edited ? form(day) : row(day)))}</ul>
        </details>
      )}
    </section>
  );
}

function Row({ day, problems, edit, take }: { day: SpecialDay; problems: Problem[]; edit: () => void; take: () => void }) {
  const { t } = useLingui();
  const id = useId();
  const date = dateInWords(day.date);
  return (
    <li className="hoursSpecial">
      <span className="hoursDate">
        <span>{date}</span>
        {day.date.length === 5 && (
          <span className="caption">
            <Trans>every year</Trans>
          </span>
        )}
      </span>
      <span className="hoursName">{day.name}</span>
      <span className="hoursState">{day.hours.length > 0 ? <span className="figures">{day.hours.map((each) => each.replace("-", "–")).join(", ")}</span> : <Tag>{t`Closed`}</Tag>}</span>
      <span className="hoursTools">
        <IconButton icon={Pencil} name={t`Change ${date}`} onPress={edit} />
        <IconButton icon={Trash2} name={t`Remove ${date}`} onPress={take} />
      </span>
      <Told id={id} problems={problems} />
    </li>
  );
}
