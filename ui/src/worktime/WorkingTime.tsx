/** How agents' shifts were spent, for supervisors: a table by agent, one day in a drawer, and all of it as a file. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Download, LoaderCircle } from "lucide-react";
import { lazy, Suspense } from "react";

import { dayOf, dayAfter, workingTimeQuery, type WorkedDay } from "@/api/workforce";
import type { TimeSearch } from "@/app/router";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { SearchField } from "@/design/SearchField";
import { LongTable } from "@/floor/LongTable";
import { clock, duration } from "@/i18n/format";
import { spoken } from "@/i18n/language";
import "@/journal/journal.css";
import { serverNow } from "@/live/useLive";
import { useSpentWords } from "@/worktime/Ribbon";
import { byAgent, csv, keyOf, kindOf, occupancy, spentIn, type Worked } from "@/worktime/spent";
import "@/worktime/worktime.css";

const DayDrawer = lazy(() => import("@/worktime/DayDrawer").then((module) => ({ default: module.DayDrawer })));

type Change = { [K in keyof TimeSearch]?: TimeSearch[K] | undefined };
const clean = (search: Change): TimeSearch => Object.fromEntries(Object.entries(search).filter(([, value]) => value));

export function WorkingTime() {
  const search = useSearch({ from: "/inside/working-time" });
  const navigate = useNavigate({ from: "/working-time" });
  const change = (part: Change) => void navigate({ search: (old) => clean({ ...old, ...part }), replace: !("agent" in part) });
  const today = dayOf(new Date(serverNow()));
  const [from, to] = [search.from ?? search.to ?? today, search.to ?? search.from ?? today];
  const { data, error, isPending } = useQuery(workingTimeQuery(from, to));
  const wanted = (search.q ?? "").toLocaleLowerCase();
  const days = (data ?? []).filter((day) => day.name.toLocaleLowerCase().includes(wanted));
  const rows = byAgent(days);
  const open = rows.find((one) => one.agent === search.agent);
  return (
    <section className="page journal" tabIndex={0} aria-labelledby="worktime">
      <div className="pageTop">
        <h1 id="worktime">
          <Trans>Working time</Trans>
        </h1>
        <Period from={from} to={to} today={today} q={search.q ?? ""} change={change}>
          <Save days={days} from={from} to={to} />
        </Period>
      </div>
      {error ? <Refusal error={error} /> : isPending ? <Loading /> : <Table rows={rows} show={(one) => change({ agent: one.agent, day: one.days.at(-1)?.day })} />}
      {search.agent && (
        <Suspense>
          <DayDrawer
            agent={search.agent}
            name={open?.name ?? ""}
            day={search.day ?? to}
            turn={(day) => void navigate({ search: (old) => ({ ...old, day }), replace: true })}
            close={() => change({ agent: undefined, day: undefined })}
          />
        </Suspense>
      )}
    </section>
  );
}

function Loading() {
  return (
    <p className="blank" role="status">
      <LoaderCircle className="spin" aria-hidden />
      <Trans>Loading…</Trans>
    </p>
  );
}

interface PeriodProps {
  from: string;
  to: string;
  today: string;
  q: string;
  change: (part: Change) => void;
  children: React.ReactNode;
}

/** A month at most: a day that is further away takes the other one with it. */
function Period({ from, to, today, q, change, children }: PeriodProps) {
  const { t } = useLingui();
  const begin = (day: string) => change({ from: day, to: to < day ? day : to > dayAfter(day, 30) ? dayAfter(day, 30) : to });
  const end = (day: string) => change({ to: day, from: from > day ? day : from < dayAfter(day, -30) ? dayAfter(day, -30) : from });
  return (
    <div className="filters timeFilters" role="search" aria-label={t`Filters`}>
      <SearchField placeholder={t`Name of an agent`} value={q} change={(text) => change({ q: text })} />
      <label>
        <Trans>From</Trans>
        <input className="input figures" type="date" value={from} max={today} onChange={(event) => event.target.value && begin(event.target.value)} />
      </label>
      <label>
        <Trans>To</Trans>
        <input className="input figures" type="date" value={to} max={today} onChange={(event) => event.target.value && end(event.target.value)} />
      </label>
      {children}
    </div>
  );
}

function Table({ rows, show }: { rows: Worked[]; show: (one: Worked) => void }) {
  const { t } = useLingui();
  if (rows.length === 0) {
    return (
      <div className="card blank">
        <strong>
          <Trans>Nobody was on shift</Trans>
        </strong>
        <Trans>Choose another day, or another name.</Trans>
      </div>
    );
  }
  return (
    <div className="card timeTable">
      <LongTable
        name={t`Working time`}
        columns={9}
        rows={rows}
        row={(one) => <Row key={one.agent} worked={one} show={show} />}
        head={
          <>
            <th>{t`Agent`}</th>
            <th>{t`Shift`}</th>
            <th className="end">{t`On shift`}</th>
            <th className="timeBar">{t`How it was spent`}</th>
            <th className="end">{t`Ready`}</th>
            <th className="end">{t`Talking`}</th>
            <th className="end">{t`Wrap-up`}</th>
            <th className="end">{t`Pauses`}</th>
            <th className="end">{t`Occupancy`}</th>
          </>
        }
      />
    </div>
  );
}

function Row({ worked, show }: { worked: Worked; show: (one: Worked) => void }) {
  const busy = occupancy(worked);
  const time = (...kinds: Parameters<typeof spentIn>[1][]) => duration(spentIn(worked.spent, ...kinds) / 1000);
  return (
    <tr>
      <td className="floorName">
        <Button kind="bare" onPress={() => show(worked)}>
          {worked.name}
        </Button>
      </td>
      <td className="figures">
        <Shift days={worked.days} />
      </td>
      <td className="end figures">{duration(worked.milliseconds / 1000)}</td>
      <td className="timeBar">
        <Bar worked={worked} />
      </td>
      <td className="end figures">{time("ready")}</td>
      <td className="end figures">{time("talking", "held")}</td>
      <td className="end figures">{time("wrap_up")}</td>
      <td className="end figures">{time("pause", "missed")}</td>
      <td className="end figures">{busy === null ? "–" : `${Math.round(busy * 100)}\u202f%`}</td>
    </tr>
  );
}

function Shift({ days }: { days: WorkedDay[] }) {
  const [only] = days;
  const { length } = days;
  if (length !== 1 || !only) return <Plural value={length} one="# day" other="# days" />;
  return (
    <>
      {clock(only.began_at)} – {only.ended_at === null ? "…" : clock(only.ended_at)}
    </>
  );
}

/** Shares, side by side; the same in words. */
function Bar({ worked }: { worked: Worked }) {
  const named = useSpentWords();
  const words = worked.spent.map((one) => `${named(one)} ${duration(one.milliseconds / 1000)}`).join(", ");
  return (
    <div className="spentBar" role="img" aria-label={words} title={words}>
      {worked.spent.map((one) => (
        <span key={keyOf(one.state, one.reason)} className={`spent ${kindOf(one.state, one.reason)}`} style={{ flexGrow: one.milliseconds }} />
      ))}
    </div>
  );
}

function Save({ days, from, to }: { days: WorkedDay[]; from: string; to: string }) {
  const { t } = useLingui();
  const named = useSpentWords();
  const save = () => {
    const columns = [...new Map(days.flatMap((day) => day.spent).map((one) => [keyOf(one.state, one.reason), one])).entries()];
    const head = [t`Agent`, t`Day`, t`Begin`, t`End`, t`On shift, s`, ...columns.map(([, one]) => `${named(one)}, ${t`s`}`)];
    const rows = days.map((day) => {
      const of = new Map(day.spent.map((one) => [keyOf(one.state, one.reason), one.milliseconds]));
      return [day.name, day.day, day.began_at, day.ended_at ?? "", day.milliseconds / 1000, ...columns.map(([key]) => (of.get(key) ?? 0) / 1000)];
    });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv([head, ...rows], spoken() === "ru")], { type: "text/csv;charset=utf-8" }));
    link.download = `${t`working-time`}-${from === to ? from : `${from}-${to}`}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Button icon={Download} isDisabled={days.length === 0} onPress={save}>
      <Trans>Save as CSV</Trans>
    </Button>
  );
}
