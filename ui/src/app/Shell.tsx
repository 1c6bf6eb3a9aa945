/** The frame of every signed-in page: status and name on top, places on the left, news under the header, rings beside. */
import { useLingui } from "@lingui/react/macro";
import { Outlet, useMatchRoute } from "@tanstack/react-router";
import { useEffect } from "react";

import { can, useMe } from "@/api/session";
import { Banners } from "@/app/Banners";
import { Commands } from "@/app/Commands";
import { PersonMenu } from "@/app/PersonMenu";
import { Rail } from "@/app/Rail";
import "@/app/shell.css";
import { DialButton } from "@/calling/DialButton";
import { Devices } from "@/desk/Devices";
import { PhoneChip } from "@/desk/PhoneChip";
import { QueuePulse } from "@/desk/QueuePulse";
import { RingingCard } from "@/desk/RingingCard";
import { StatusMenu } from "@/desk/StatusMenu";
import { connection } from "@/live/connection";
import { useAlert, useOffer, type Offer } from "@/phone/alert";
import { deskPhone } from "@/phone/deskPhone";

export function Shell() {
  const { t } = useLingui();
  const me = useMe();
  const works = me.agent_id !== null && can(me, "desk.use");
  const oversees = can(me, "calls.join");

  useEffect(() => {
    connection.start();
    if (works || oversees) deskPhone.attach(oversees);
    return () => {
      deskPhone.detach();
      connection.stop();
    };
  }, [works, oversees]);

  return (
    <div className="shell">
      <a className="skip button" href="#main">{t`To the content`}</a>
      <Rail me={me} />
      <header className="shellHeader">
        {works ? <StatusMenu /> : <span className="shellTenant clip">{me.tenant.name}</span>}
        <QueuePulse />
        <span className="shellSpace" />
        <Commands me={me} />
        {works && <DialButton />}
        {works && <PhoneChip />}
        {works && <Devices />}
        <PersonMenu me={me} />
      </header>
      <Banners me={me} />
      {works ? <AgentMain /> : <Main offer={null} />}
    </div>
  );
}

function AgentMain() {
  const offer = useOffer();
  useAlert(offer);
  return <Main offer={offer} />;
}

/** The desk shows the ringing card in its own column; other pages make room for it on the right. */
function Main({ offer }: { offer: Offer | null }) {
  const onDesk = useMatchRoute()({ to: "/desk" }) !== false;
  return (
    <div className={`shellMain ${offer && !onDesk ? "withDock" : ""}`}>
      {offer && !onDesk && (
        <aside className="shellDock">
          <RingingCard offer={offer} />
        </aside>
      )}
      <main id="main">
        <Outlet />
      </main>
    </div>
  );
}
