/** Whom to call, in whose name and from which number; below, the colleagues and whom one called lately. Loaded when it is opened. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { CalendarClock, Phone, TriangleAlert } from "lucide-react";
import { lazy, type SubmitEvent, Suspense, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";

import { type Called, placeCall, recentQuery } from "@/api/calls";
import type { Calling } from "@/api/types";
import "@/calling/calling.css";
import { Colleagues } from "@/calling/Colleagues";
import { Button } from "@/design/Button";
import type { Opened } from "@/design/opening";
import { Refusal } from "@/design/Refusal";
import { moment, phone } from "@/i18n/format";
import { withWords } from "@/i18n/language";
import { useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";

const Plan = lazy(() => withWords(import("@/planned/Plan")).then((module) => ({ default: module.Plan })));

const KEPT = "otklik.calling.queue";

/** With a `number` it is only asked in whose name; without, it is typed. */
export function Dial({ opened, number }: { opened: Opened; number?: string }) {
  const { t } = useLingui();
  const calling = useLive((state) => state.calling);
  const shown = phone(number ?? "");
  const outside = calling !== undefined && calling !== null && calling.queues.length > 0;
  const title = number ? t`Call ${shown}` : outside ? t`Call a number` : t`Call a colleague`;
  return (
    <Popover className="popover" placement="bottom end" offset={6} triggerRef={opened.at} isOpen onOpenChange={opened.close}>
      <Dialog className="dial" aria-label={title}>
        <h2 className="heading figures">{title}</h2>
        {outside && !calling.trunk && (
          <p className="dialNoTrunk" role="status">
            <TriangleAlert size={16} aria-hidden />
            <Trans>There is no line for calls out. The administrator sees what to do under “System”.</Trans>
          </p>
        )}
        {outside && <Wished calling={calling} number={number} done={opened.close} />}
        {!outside && <Inside done={opened.close} />}
      </Dialog>
    </Popover>
  );
}

/** Where nobody calls out. */
function Inside({ done }: { done: () => void }) {
  const { t } = useLingui();
  const [typed, type] = useState("");
  return (
    <>
      <input className="input" autoFocus autoComplete="off" aria-label={t`Name or internal number`} placeholder={t`Name or internal number`} maxLength={40} value={typed} onChange={(event) => type(event.target.value)} />
      <Colleagues typed={typed} done={done} />
    </>
  );
}

/** The queue chosen last, if it still calls out. */
function useQueue(calling: Calling) {
  const [chosen, choose] = useState(() => localStorage.getItem(KEPT) ?? "");
  const queue = calling.queues.find((one) => one.id === chosen) ?? calling.queues[0];
  return {
    queue,
    choose: (id: string) => {
      localStorage.setItem(KEPT, id);
      choose(id);
    },
  };
}

function Wished({ calling, number, done }: { calling: Calling; number: string | undefined; done: () => void }) {
  const { t } = useLingui();
  const [typed, type] = useState(number ?? "");
  const { queue, choose } = useQueue(calling);
  const [caller, setCaller] = useState<string>();
  const [later, setLater] = useState(false);
  const callers = queue?.callers ?? [];
  const named = /\p{L}/u.test(typed);
  const shown = callers.find((one) => one.id === caller) ?? callers[0];
  const placing = useMutation({ mutationFn: (to: string) => placeCall({ number: to, queue: queue?.id, entry_point: shown?.id }), onSuccess: done });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (typed.trim() && !named) placing.mutate(typed);
  };
  return (
    <>
      <form className="dialForm" onSubmit={submit}>
        {!number && (
          <input
            className="input dialNumber figures"
            autoComplete="off"
            autoFocus
            aria-label={t`Number or name`}
            placeholder={t`+7 916 123-45-67 or a name`}
            maxLength={40}
            value={typed}
            onChange={(event) => type(event.target.value)}
          />
        )}
        <label>
          <span className="caption">
            <Trans>In the name of</Trans>
          </span>
          <select className="input" value={queue?.id} onChange={(event) => choose(event.target.value)}>
            {calling.queues.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="caption">
            <Trans>The customer sees</Trans>
          </span>
          <select className="input" value={shown?.id} onChange={(event) => setCaller(event.target.value)}>
            {callers.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name === one.number ? phone(one.number) : `${phone(one.number)} · ${one.name}`}
              </option>
            ))}
          </select>
        </label>
        <Button type="submit" kind="accept" icon={Phone} autoFocus={Boolean(number)} isPending={placing.isPending} isDisabled={!typed.trim() || named}>
          <Trans>Place the call</Trans>
        </Button>
        <Refusal error={placing.error} />
      </form>
      {queue && !later && (
        <Button kind="bare" icon={CalendarClock} onPress={() => setLater(true)}>
          <Trans>Call later…</Trans>
        </Button>
      )}
      {queue && later && (
        <Suspense>
          <Plan number={typed.trim()} queue={queue.id} entryPoint={shown?.id} done={done} />
        </Suspense>
      )}
      {!number && <Colleagues typed={typed} done={done} />}
      {!number && !named && <Recent again={type} />}
    </>
  );
}

/** A press writes the number into the field above; Enter or “Call” then calls it. */
function Recent({ again }: { again: (number: string) => void }) {
  const { t } = useLingui();
  const words = useWords();
  const { data: calls } = useQuery(recentQuery);
  if (!calls?.length) return null;
  const how = (one: Called) => words.ended({ ...one, direction: "out" });
  return (
    <section className="dialRecent" aria-label={t`Called lately`}>
      <h3 className="caption">
        <Trans>Called lately</Trans>
      </h3>
      <ul>
        {calls.map((one) => (
          <li key={one.contact}>
            <button type="button" onClick={() => again(one.number)}>
              <bdi className="clip">{one.customer ?? phone(one.number)}</bdi>
              <span className="caption figures">{moment(one.at)}</span>
              <span className="caption clip">
                {one.customer && `${phone(one.number)} · `}
                {how(one)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
