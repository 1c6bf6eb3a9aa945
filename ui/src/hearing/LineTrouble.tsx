/** Somebody does not hear well: who, and what helps. */
import { Trans } from "@lingui/react/macro";
import { AudioLines } from "lucide-react";

import { useLive } from "@/live/useLive";
import { usePhone } from "@/phone/state";

export function LineTrouble() {
  const own = usePhone((state) => state.heard);
  const customer = useLive((state) => state.contacts.find((one) => one.customer_line === "bad" || one.customer_line === "poor")?.customer_line) ?? null;
  const bad = own?.now === "bad" || customer === "bad";
  return (
    <div className={`banner ${bad ? "bad" : "warn"}`}>
      <AudioLines size={18} aria-hidden />
      <div className="bannerText">
        {own ? <OwnLine bad={own.now === "bad"} out={own.way === "out"} /> : <CustomersLine bad={bad} />}
      </div>
    </div>
  );
}

function OwnLine({ bad, out }: { bad: boolean; out: boolean }) {
  return (
    <>
      <strong>{bad ? <Trans>Your connection is bad.</Trans> : <Trans>Your connection is poor.</Trans>}</strong>{" "}
      {out ? <Trans>The customer may not hear you.</Trans> : <Trans>You may not hear the customer well.</Trans>}{" "}
      <Trans>Use a cable in place of Wi-Fi, close what loads the network, or offer to call back.</Trans>
    </>
  );
}

function CustomersLine({ bad }: { bad: boolean }) {
  return (
    <>
      <strong>{bad ? <Trans>The customer's line is bad.</Trans> : <Trans>The customer's line is poor.</Trans>}</strong>{" "}
      <Trans>Speak slowly, have numbers repeated, or offer to call back.</Trans>
    </>
  );
}
