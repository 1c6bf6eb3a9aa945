/** News that everybody on the page must know, one line each, under the header; they never cover anything. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { CircleAlert, FlaskConical, LoaderCircle, MicOff, MonitorSmartphone, Volume2, type LucideIcon } from "lucide-react";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";

import { call } from "@/api/client";
import { can } from "@/api/session";
import type { Me } from "@/api/types";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { spoken, withWords } from "@/i18n/language";
import { useLink } from "@/live/connection";
import { useLive } from "@/live/useLive";
import { deskPhone } from "@/phone/deskPhone";
import { usePhone, type MicrophoneState } from "@/phone/state";

const SupervisingBar = lazy(() => withWords(import("@/floor/Supervising")).then((module) => ({ default: module.SupervisingBar })));

const LineTrouble = lazy(() => withWords(import("@/hearing/LineTrouble")).then((module) => ({ default: module.LineTrouble })));

const NoticeBar = lazy(() => import("@/desk/NoticeBar").then((module) => ({ default: module.NoticeBar })));

function Banner(props: { tone: "bad" | "warn" | "info"; icon: LucideIcon; busy?: boolean; children: ReactNode }) {
  const { tone, icon: Icon, busy, children } = props;
  return (
    <div className={`banner ${tone}`} role="status">
      <Icon size={18} aria-hidden className={busy ? "spin" : ""} />
      <div className="bannerText">{children}</div>
    </div>
  );
}

/** A loss shorter than this is not worth a word: `condition` once it has lasted so long, null before. */
function useLasting<What>(condition: What, milliseconds: number): What | null {
  const [lasted, setLasted] = useState(false);
  useEffect(() => {
    if (!condition) return;
    const timer = setTimeout(() => setLasted(true), milliseconds);
    return () => {
      clearTimeout(timer);
      setLasted(false);
    };
  }, [condition, milliseconds]);
  return lasted ? condition : null;
}

export function Banners({ me }: { me: Me }) {
  return (
    <div className="banners">
      <LinkBanner />
      <SwitchboardBanner />
      <TelephonyBanner />
      {me.agent_id && <PhoneBanners />}
      {me.agent_id && <LineBanner />}
      {me.agent_id && <NoticeBanner />}
      {can(me, "calls.join") && <JoinedBanner />}
      <DemoBanner control={can(me, "demo.control")} />
    </div>
  );
}

/** Its place is always there, so that what comes into it is read out. */
function NoticeBanner() {
  const notices = useLive((state) => state.notices) ?? [];
  return (
    <div aria-live="polite">
      {notices.length > 0 && (
        <Suspense>
          <NoticeBar notices={notices} />
        </Suspense>
      )}
    </div>
  );
}

function LineBanner() {
  const own = usePhone((state) => state.heard !== null);
  const customers = useLive((state) => state.contacts.some((one) => one.customer_line === "poor" || one.customer_line === "bad")) ?? false;
  return (
    <div aria-live="polite">
      {(own || customers) && (
        <Suspense>
          <LineTrouble />
        </Suspense>
      )}
    </div>
  );
}

function JoinedBanner() {
  const joined = useLive((state) => state.supervision !== null) ?? false;
  return joined ? (
    <Suspense>
      <SupervisingBar />
    </Suspense>
  ) : null;
}

function LinkBanner() {
  const lost = useLasting(
    useLink((link) => link.state === "lost"),
    1_200,
  );
  if (!lost) return null;
  return (
    <Banner tone="warn" icon={LoaderCircle} busy>
      <strong>
        <Trans>Reconnecting…</Trans>
      </strong>{" "}
      <Trans>What you see may be out of date. A call in progress goes on.</Trans>
    </Banner>
  );
}

/** Pages and switchboard may be processes of their own; the link to the page is then well although nothing moves. */
function SwitchboardBanner() {
  const reason = useLasting(useLive((state) => state.switchboard.reason) ?? null, 1_200);
  if (!reason) return null;
  return (
    <Banner tone="warn" icon={LoaderCircle} busy>
      <strong>{reason === "away" ? <Trans>The switchboard is restarting.</Trans> : <Trans>This page is behind.</Trans>}</strong>{" "}
      {reason === "away" ? (
        <Trans>Calls in progress go on. What you press here works again in a few seconds.</Trans>
      ) : (
        <Trans>There is more going on than it can show; what you see may be out of date.</Trans>
      )}
    </Banner>
  );
}

function TelephonyBanner() {
  const telephony = useLive((state) => state.telephony);
  const led = useLive((state) => state.switchboard.up);
  if (!telephony || telephony.up || !led) return null;
  return (
    <Banner tone="bad" icon={CircleAlert}>
      <strong>
        <Trans>Telephony is down.</Trans>
      </strong>{" "}
      {telephony.advice ? telephony.advice[spoken()] : <Trans>New calls cannot come in. The administrator sees why under “System”.</Trans>}
    </Banner>
  );
}

function PhoneBanners() {
  const place = usePhone((state) => state.place);
  const sound = usePhone((state) => state.sound);
  const microphone = usePhone((state) => state.microphone);
  const onShift = useLive((state) => state.agent !== null && state.agent.state !== "offline") ?? false;
  if (!onShift) return null;
  if (place === "elsewhere") {
    return (
      <Banner tone="info" icon={MonitorSmartphone}>
        <Trans>The phone is in another tab: the sound is there, the buttons work here too.</Trans>
        <Button onPress={() => deskPhone.takeHere()}>
          <Trans>Bring the phone here</Trans>
        </Button>
      </Banner>
    );
  }
  if (place !== "here") return null;
  if (microphone !== "on" && microphone !== "asking" && microphone !== "off") {
    return (
      <Banner tone="bad" icon={MicOff}>
        <strong>
          <Trans>The microphone is not available.</Trans>
        </strong>{" "}
        <Trans>The customer will not hear you.</Trans> <MicrophoneWay state={microphone} />
        <Button onPress={() => void deskPhone.reopenMicrophone()}>
          <Trans>Try again</Trans>
        </Button>
      </Banner>
    );
  }
  if (sound === "locked") {
    return (
      <Banner tone="warn" icon={Volume2}>
        <Trans>The browser keeps this page silent until you click on it once.</Trans>
        <Button onPress={() => void deskPhone.unlock()}>
          <Trans>Turn the sound on</Trans>
        </Button>
      </Banner>
    );
  }
  return null;
}

/** What to do so that the microphone is there again. */
function MicrophoneWay({ state }: { state: MicrophoneState }) {
  if (state === "refused") {
    return (
      <>
        <Trans>Click the icon on the left of the address, at the top of the browser.</Trans> <Trans>Switch “Microphone” to “Allow”.</Trans>
      </>
    );
  }
  if (state === "busy") return <Trans>Close other programs with calls or recording, and check again.</Trans>;
  if (state === "insecure") return <Trans>Open this page by https:// or on localhost. The administrator knows the address.</Trans>;
  return <Trans>Plug in the headset, or turn it on if it is wireless, and check again.</Trans>;
}

const RATES = [0, 1, 2, 4, 6, 10, 20, 30, 60];

function DemoBanner({ control }: { control: boolean }) {
  const demo = useLive((state) => state.demo);
  if (!demo) return null;
  const rate = demo.calls_per_minute;
  return (
    <Banner tone="info" icon={FlaskConical}>
      <span>
        <strong>
          <Trans>Demo.</Trans>
        </strong>{" "}
        {control ? (
          <Trans>Simulated customers are calling; how often:</Trans>
        ) : rate > 0 ? (
          <Trans>
            Simulated customers are calling: <Plural value={rate} one="# call a minute" other="# calls a minute" />.
          </Trans>
        ) : (
          <Trans>The simulated customers are resting.</Trans>
        )}
      </span>
      {control && <DemoRate rate={rate} />}
    </Banner>
  );
}

function DemoRate({ rate }: { rate: number }) {
  const { t } = useLingui();
  const change = useMutation({ mutationFn: (calls_per_minute: number) => call("PUT", "/api/demo", { calls_per_minute }) });
  const shown = change.isPending ? change.variables : rate;
  const options = RATES.includes(shown) ? RATES : [...RATES, shown].sort((a, b) => a - b);
  return (
    <>
      <select
        className="input bannerRate"
        aria-label={t`Simulated calls a minute`}
        value={shown}
        onChange={(event) => change.mutate(Number(event.target.value))}
      >
        {options.map((one) => (
          <option key={one} value={one}>
            {one === 0 ? t`Pause` : t`${one} a minute`}
          </option>
        ))}
      </select>
      <Refusal error={change.error} />
    </>
  );
}
