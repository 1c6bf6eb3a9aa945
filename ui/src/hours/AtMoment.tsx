/** Is it open at a chosen instant, by which day, and until when? Of the calendar as it is being edited. */
import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";

import { lookAt, type AtMoment as Found } from "@/api/calendars";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { WEEKDAYS, type Calendar } from "@/hours/calendar";
import { dateInWords, wallMoment, weekdayName } from "@/hours/words";

/** `at` empty: now. */
export function useMoment(calendar: Calendar, at = "") {
  const asked = { ...calendar, name: "" };
  return useQuery({
    queryKey: ["calendars", "moment", asked, at],
    queryFn: () => lookAt(asked, at || new Date().toISOString()),
    placeholderData: keepPreviousData,
    refetchInterval: at === "" ? 60_000 : false,
    retry: false,
    gcTime: 0,
  });
}

export function AtMoment({ calendar }: { calendar: Calendar }) {
  const [at, setAt] = useState("");
  const id = useId();
  const found = useMoment(calendar, at);
  return (
    <section className="card hoursCard" aria-labelledby={`${id}title`}>
      <h2 id={`${id}title`} className="heading">
        <Trans>Is it open?</Trans>
      </h2>
      <div className="hoursAsk">
        <div className="field">
          <label htmlFor={id}>
            <Trans>At this time there</Trans>
          </label>
          <input id={id} className="input figures" type="datetime-local" value={at || (found.data?.at ?? "")} onChange={(event) => setAt(event.target.value)} />
        </div>
        <Button onPress={() => setAt("")}>
          <Trans>Now</Trans>
        </Button>
      </div>
      <div role="status" className="hoursAnswer">
        {found.data && !found.error && <Answer found={found.data} />}
      </div>
      <Refusal error={found.error} />
    </section>
  );
}

export function OpenTag({ open }: { open: boolean }) {
  const { t } = useLingui();
  return (
    <Tag tone={open ? "ok" : "plain"} dotted>
      {open ? t`Open` : t`Closed`}
    </Tag>
  );
}

function Answer({ found: { open, until, by } }: { found: Found }) {
  const { t } = useLingui();
  const when = until === null ? "" : wallMoment(until);
  const day = new Date(`${by.day}T00:00Z`);
  const weekday = weekdayName(WEEKDAYS[(day.getUTCDay() + 6) % 7] ?? "mon");
  const name = by.name || dateInWords(by.day);
  const reason = { exception: t`By the exception: ${name}`, holiday: t`By the holiday: ${name}`, weekday: t`By the usual hours of the day: ${weekday}` }[by.kind];
  return (
    <>
      <p className="hoursVerdict">
        <OpenTag open={open} />
        <span>{until === null ? <Trans>for years to come</Trans> : open ? <Trans>closes {when}</Trans> : <Trans>opens {when}</Trans>}</span>
      </p>
      <p className="muted">{reason}</p>
    </>
  );
}
