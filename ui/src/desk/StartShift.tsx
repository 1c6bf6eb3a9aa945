import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Bell, CircleAlert, Headphones, Mic, Phone, type LucideIcon } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";

import type { LiveAgent } from "@/api/types";
import { useActions } from "@/app/actions";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import "@/desk/idle.css";
import { deskPhone } from "@/phone/deskPhone";
import { usePhone, type MicrophoneState } from "@/phone/state";

const PhoneChoice = lazy(() => import("@/desk/PhoneChoice").then((module) => ({ default: module.PhoneChoice })));

function Item({ icon: Icon, children }: { icon: LucideIcon; children: ReactNode }) {
  return (
    <li>
      <Icon size={18} aria-hidden />
      <span>{children}</span>
    </li>
  );
}

/** One click that makes the place ready for calls: sound, microphone, notifications, line. */
export function StartShift({ agent }: { agent: LiveAgent }) {
  const microphone = usePhone((state) => state.microphone);
  const [at, setAt] = useState(agent.phone);
  const start = useMutation({ mutationFn: () => deskPhone.startShift(at) });
  useActions({ startShift: start.isPending ? undefined : () => start.mutate() });
  const here = at === "page";
  const inTheWay = here && (microphone === "refused" || microphone === "missing" || microphone === "busy" || microphone === "insecure");

  return (
    <section className="idle">
      <div className="idleHero">
        <h1>
          <Trans>Start of the shift</Trans>
        </h1>
        {agent.phones.length > 1 && (
          <Suspense>
            <PhoneChoice agent={agent} value={at} choose={setAt} />
          </Suspense>
        )}
        {here && <Checklist />}
        {inTheWay && !start.isPending && <MicrophoneAdvice state={microphone} />}
        <Refusal error={start.error} />
        <div>
          <Button kind="primary" large onPress={() => start.mutate()} isPending={start.isPending}>
            {start.isPending ? (
              microphone === "asking" ? (
                <Trans>Waiting for your permission…</Trans>
              ) : (
                <Trans>Starting…</Trans>
              )
            ) : inTheWay ? (
              <Trans>Check again</Trans>
            ) : (
              <Trans>Start the shift</Trans>
            )}
          </Button>
        </div>
      </div>
    </section>
  );
}

function Checklist() {
  const { t } = useLingui();
  const notifications = usePhone((state) => state.notifications);
  return (
    <>
      <p className="idleLead">
        <Trans>One click checks everything a call needs. The browser will ask for the microphone and for notifications: allow both.</Trans>
      </p>
      <ul className="checklist" aria-label={t`What is checked`}>
        <Item icon={Mic}>
          <Trans>Microphone: the customer hears you</Trans>
        </Item>
        <Item icon={Headphones}>
          <Trans>Sound: you will hear the ring once now</Trans>
        </Item>
        <Item icon={Bell}>
          {notifications === "denied" ? (
            <Trans>Notifications are blocked in the browser: with this tab hidden you will only hear the ring</Trans>
          ) : (
            <Trans>Notifications: you see a call in another window too</Trans>
          )}
        </Item>
        <Item icon={Phone}>
          <Trans>Line: the phone in this page connects</Trans>
        </Item>
      </ul>
    </>
  );
}

function MicrophoneAdvice({ state }: { state: MicrophoneState }) {
  return (
    <div className="advice" role="alert">
      <CircleAlert size={18} aria-hidden />
      <div>
        {state === "refused" && (
          <>
            <strong>
              <Trans>The browser does not let this page use the microphone</Trans>
            </strong>
            <ol>
              <li>
                <Trans>Click the icon on the left of the address, at the top of the browser.</Trans>
              </li>
              <li>
                <Trans>Switch “Microphone” to “Allow”.</Trans>
              </li>
              <li>
                <Trans>Press “Check again” here.</Trans>
              </li>
            </ol>
          </>
        )}
        {state === "missing" && (
          <>
            <strong>
              <Trans>No microphone was found</Trans>
            </strong>
            <p>
              <Trans>Plug in the headset, or turn it on if it is wireless, and check again.</Trans>
            </p>
          </>
        )}
        {state === "busy" && (
          <>
            <strong>
              <Trans>The microphone is taken by another program</Trans>
            </strong>
            <p>
              <Trans>Close other programs with calls or recording, and check again.</Trans>
            </p>
          </>
        )}
        {state === "insecure" && (
          <>
            <strong>
              <Trans>Browsers give the microphone only to secure addresses</Trans>
            </strong>
            <p>
              <Trans>Open this page by https:// or on localhost. The administrator knows the address.</Trans>
            </p>
          </>
        )}
      </div>
    </div>
  );
}
