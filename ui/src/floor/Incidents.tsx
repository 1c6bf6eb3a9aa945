/** Incident switches: who may, diverts all new contacts at once; everybody on the floor sees that it is so. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Siren } from "lucide-react";
import { useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { call } from "@/api/client";
import { can, useMe } from "@/api/session";
import type { FloorIncident } from "@/api/types";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";

export function Incidents({ incidents }: { incidents: FloorIncident[] }) {
  const { t } = useLingui();
  if (incidents.length === 0) return null;
  return (
    <ul className="incidents card" aria-label={t`Incident switches`}>
      {incidents.map((incident) => (
        <Incident key={incident.entry_point ?? ""} incident={incident} />
      ))}
    </ul>
  );
}

function Incident({ incident: { entry_point, name, since } }: { incident: FloorIncident }) {
  const me = useMe();
  const [asking, setAsking] = useState(false);
  const set = useMutation({
    mutationFn: () => call("PUT", "/api/incidents", { on: !since, entry_point }),
    onSuccess: () => setAsking(false),
  });
  const title = name ?? <Trans>Whole contact centre</Trans>;
  const act = since ? <Trans>Switch off</Trans> : <Trans>Switch on</Trans>;
  return (
    <li className={since ? "on" : ""}>
      <Siren size={18} aria-hidden />
      <strong>{title}</strong>
      {since ? (
        <Tag tone="bad" dotted>
          <Trans>Contacts are diverted</Trans>
        </Tag>
      ) : (
        <Tag>
          <Trans>Off</Trans>
        </Tag>
      )}
      {since && <Since at={since} className="muted" />}
      {can(me, "incident.switch") && (
        <Button className="incidentSwitch" onPress={() => setAsking(true)}>
          {act}
        </Button>
      )}
      <ModalOverlay className="veil" isOpen={asking} isDismissable onOpenChange={setAsking}>
        <Modal className="sheet">
          <Dialog role="alertdialog" className="incidentQuestion">
            <Heading slot="title">{title}</Heading>
            <p>
              {since ? <Trans>New contacts will go their usual way again.</Trans> : <Trans>All new contacts will be diverted at once.</Trans>}
            </p>
            <Refusal error={set.error} />
            <div className="incidentAnswers">
              <Button slot="close" autoFocus>
                <Trans>Cancel</Trans>
              </Button>
              <Button kind={since ? "primary" : "end"} isPending={set.isPending} onPress={() => set.mutate()}>
                {act}
              </Button>
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </li>
  );
}
