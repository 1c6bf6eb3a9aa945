/** What supervisors write, under the header: it takes no focus and makes no sound, and goes when it is put away or over. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Megaphone } from "lucide-react";
import { useEffect, useRef } from "react";

import { seeNotice, writtenQuery, type DeskNotice, type WrittenNotice } from "@/api/notices";
import { useActions } from "@/app/actions";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import "@/desk/notices.css";
import { clock } from "@/i18n/format";
import { useServerClock } from "@/live/useLive";

/** A text this long may scroll, and must then take the keyboard. */
const LONG = 200;
/** So many at once; the others come as these are put away. */
const SHOWN = 3;

export function NoticeBar({ notices }: { notices: readonly DeskNotice[] }) {
  const now = useServerClock();
  const standing = notices.filter((one) => Date.parse(one.expires_at) > now).sort((a, b) => Number(b.urgent) - Number(a.urgent) || a.at.localeCompare(b.at));
  const { data } = useQuery(writtenQuery(standing.map((one) => one.id).sort()));
  const see = useMutation({ mutationFn: seeNotice });
  const shown = standing.flatMap((notice) => {
    const written = data?.find((one) => one.id === notice.id);
    return written ? [{ notice, written }] : [];
  });
  const first = shown[0]?.notice.id;
  useActions({ noticeSeen: first === undefined ? undefined : () => see.mutate(first) });
  useNotification(shown);
  const bar = useFocusBack();
  return (
    <div ref={bar}>
      {shown.slice(0, SHOWN).map(({ notice, written }) => (
        <OneNotice key={notice.id} notice={notice} written={written} pending={see.isPending && see.variables === notice.id} put={() => see.mutate(notice.id)} />
      ))}
      <Refusal error={see.error} />
    </div>
  );
}

function OneNotice({ notice, written: { text, by }, pending, put }: { notice: DeskNotice; written: WrittenNotice; pending: boolean; put: () => void }) {
  return (
    <div className={`banner notice ${notice.urgent ? "bad" : "info"}`}>
      <Megaphone size={18} aria-hidden />
      <div className="bannerText">
        <span className="noticeFrom">
          {notice.urgent && (
            <strong>
              <Trans>Urgent.</Trans>
            </strong>
          )}{" "}
          <bdi>{by}</bdi>, <span className="figures">{clock(notice.at)}</span>
        </span>
        <p className="noticeWords" dir="auto" tabIndex={text.length > LONG ? 0 : undefined}>
          {text}
        </p>
      </div>
      <Button isPending={pending} onPress={put}>
        <Trans>Got it</Trans>
      </Button>
    </div>
  );
}

/** Whoever came here from a field by the keyboard goes on there once the message is away. */
function useFocusBack() {
  const bar = useRef<HTMLDivElement>(null);
  const from = useRef<Element | null>(null);
  useEffect(() => {
    const place = bar.current;
    if (!place) return;
    const came = (event: FocusEvent) => {
      const before = event.relatedTarget;
      if (before instanceof Element && !place.contains(before)) from.current = before;
    };
    place.addEventListener("focusin", came);
    const watch = new MutationObserver(() => {
      if (document.activeElement !== document.body || !from.current?.isConnected) return;
      (place.querySelector("button") ?? (from.current as HTMLElement)).focus();
    });
    watch.observe(place, { childList: true });
    return () => {
      watch.disconnect();
      place.removeEventListener("focusin", came);
      if (document.activeElement === document.body && from.current?.isConnected) (from.current as HTMLElement).focus();
    };
  }, []);
  return bar;
}

/** An urgent one is told by the browser too, while the page is not looked at. */
function useNotification(shown: readonly { notice: DeskNotice; written: WrittenNotice }[]): void {
  const { t } = useLingui();
  const told = useRef(new Set<string>());
  useEffect(() => {
    for (const { notice, written } of shown) {
      if (told.current.has(notice.id)) continue;
      told.current.add(notice.id);
      if (!notice.urgent || !document.hidden || !("Notification" in window) || Notification.permission !== "granted") continue;
      const by = written.by;
      new Notification(t`Message from ${by}`, { body: written.text, tag: notice.id });
    }
  });
}
