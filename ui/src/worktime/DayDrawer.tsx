/** One agent's day: its ribbon, its sums, and every stretch of it with the contact that it was spent on. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { dayAfter, dayOf, dayQuery, type DayTold } from "@/api/workforce";
import "@/design/drawer.css";
import { IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { LongTable } from "@/floor/LongTable";
import { clockSeconds, duration, fullDate } from "@/i18n/format";
import "@/journal/journal.css";
import { serverNow, useServerClock } from "@/live/useLive";
import { Ribbon, Sums, useSpentWords } from "@/worktime/Ribbon";
import { kindOf, type Piece, pieces, sums } from "@/worktime/spent";
import "@/worktime/worktime.css";

interface Props {
  /** Null: one's own. */
  agent: string | null;
  name: string;
  day: string;
  turn: (day: string) => void;
  close: () => void;
}

export function DayDrawer({ agent, name, day, turn, close }: Props) {
  const { t } = useLingui();
  const { data, error } = useQuery(dayQuery(agent, day));
  const last = day >= dayOf(new Date(serverNow()));
  return (
    <ModalOverlay className="veil side" isOpen isDismissable onOpenChange={close}>
      <Modal className="sheet drawer">
        <Dialog>
          <div className="sheetTop drawerTop">
            <div>
              <Heading slot="title">
                <bdi>{name}</bdi>
              </Heading>
              <p className="dayTurn">
                <IconButton icon={ChevronLeft} name={t`Day before`} onPress={() => turn(dayAfter(day, -1))} />
                <span className="figures" aria-live="polite">
                  {fullDate(day)}
                </span>
                <IconButton icon={ChevronRight} name={t`Day after`} isDisabled={last} onPress={() => turn(dayAfter(day, 1))} />
              </p>
            </div>
            <IconButton icon={X} name={t`Close`} onPress={close} />
          </div>
          {error && <Refusal error={error} />}
          {data && <Told told={data} own={agent === null} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Told({ told, own }: { told: DayTold; own: boolean }) {
  const of = pieces(told, useServerClock());
  const [first, last] = [of[0], of.at(-1)];
  if (!first || !last) {
    return (
      <p className="blank">
        <Trans>No shift on this day.</Trans>
      </p>
    );
  }
  const spent = sums(of);
  const milliseconds = spent.reduce((sum, one) => sum + one.milliseconds, 0);
  const length = duration(milliseconds / 1000);
  const [from, to] = [clockSeconds(first.began_at), last.ended_at === null ? null : clockSeconds(last.ended_at)];
  return (
    <>
      <p>
        <strong className="figures">{length}</strong>{" "}
        <span className="muted">{to === null ? <Trans>on shift since {from}</Trans> : <Trans>on shift, {from} – {to}</Trans>}</span>
      </p>
      <Ribbon of={of} />
      <Sums spent={spent} milliseconds={milliseconds} />
      <Stretches of={of} own={own} />
    </>
  );
}

function Stretches({ of, own }: { of: readonly Piece[]; own: boolean }) {
  const { t } = useLingui();
  const named = useSpentWords();
  return (
    <section className="drawerCourse">
      <h3 className="heading">
        <Trans>Course of the day</Trans>
      </h3>
      <LongTable
        name={t`Course of the day`}
        columns={3}
        rows={[...of].reverse()}
        row={(one) => (
          <tr key={one.began_at}>
            <td className="figures muted">{clockSeconds(one.began_at)}</td>
            <td>
              <span className="swatch spent" data-spent={kindOf(one.state, one.reason)} aria-hidden />{" "}
              {one.contact ? (
                <Link to={own ? "/history" : "/contacts"} search={{ contact: one.contact }}>
                  {named(one)}
                </Link>
              ) : (
                named(one)
              )}
            </td>
            <td className="end figures">{duration((one.ends - one.begins) / 1000)}</td>
          </tr>
        )}
        head={
          <>
            <th>{t`Begin`}</th>
            <th>{t`What`}</th>
            <th className="end">{t`How long`}</th>
          </>
        }
      />
    </section>
  );
}
