/** Incident switches: who may, diverts all new contacts at once and says when it will be mended; everybody on the floor sees that it is so. */
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
import { moment } from "@/i18n/format";

/** In texts of flows. */
const PLACE = "{incident}";

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

function Incident({ incident }: { incident: FloorIncident }) {
  const { name, since, repaired_by } = incident;
  const me = useMe();
  const [asking, setAsking] = useState<"on" | "off">();
  const title = name ?? <Trans>Whole contact centre</Trans>;
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
      {repaired_by && (
        <span className="muted">
          <Trans>mended by {moment(repaired_by)}</Trans>
        </span>
      )}
      {can(me, "incident.switch") && (
        <span className="incidentSwitch">
          {since && (
            <Button onPress={() => setAsking("on")}>
              <Trans>What callers hear</Trans>
            </Button>
          )}
          <Button onPress={() => setAsking(since ? "off" : "on")}>{since ? <Trans>Switch off</Trans> : <Trans>Switch on</Trans>}</Button>
        </span>
      )}
      <ModalOverlay className="veil" isOpen={asking !== undefined} isDismissable onOpenChange={() => setAsking(undefined)}>
        <Modal className="sheet">
          <Dialog role="alertdialog" className="incidentQuestion">
            <Heading slot="title">{title}</Heading>
            {asking && <Question incident={incident} on={asking === "on"} done={() => setAsking(undefined)} />}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </li>
  );
}

function Question({ incident: { entry_point, since, repaired_by, texts }, on, done }: { incident: FloorIncident; on: boolean; done: () => void }) {
  const { t } = useLingui();
  const [before] = useState(repaired_by);
  const [by, setBy] = useState(before ? wall(before) : "");
  const [said, setSaid] = useState(texts);
  const set = useMutation({
    mutationFn: () => call("PUT", "/api/incidents", on ? { on, entry_point, repaired_by: instant(by, before), texts: said } : { on, entry_point }),
    onSuccess: done,
  });
  const text = (language: "ru" | "en", label: string) => (
    <label className="field">
      <span className="label">{label}</span>
      <textarea className="input" rows={2} maxLength={500} value={said[language] ?? ""} onChange={(event) => setSaid({ ...said, [language]: event.target.value })} />
    </label>
  );
  return (
    <>
      {!on && (
        <p>
          <Trans>New contacts will go their usual way again.</Trans>
        </p>
      )}
      {on && !since && (
        <p>
          <Trans>All new contacts will be diverted at once.</Trans>
        </p>
      )}
      {on && (
        <>
          <label className="field">
            <span className="label">
              <Trans>Will be mended by</Trans>
            </span>
            <input className="input" type="datetime-local" min={before && new Date(before) < new Date() ? wall(before) : wall(new Date().toISOString())} value={by} onChange={(event) => setBy(event.target.value)} />
            <span className="muted">
              <Trans>Flows say it where a text has {PLACE}; once it has passed, that it takes longer.</Trans>
            </span>
          </label>
          {text("ru", t`Said in Russian`)}
          {text("en", t`Said in English`)}
        </>
      )}
      <Refusal error={set.error} />
      <div className="incidentAnswers">
        <Button slot="close" autoFocus>
          <Trans>Cancel</Trans>
        </Button>
        <Button kind={on && !since ? "end" : "primary"} isPending={set.isPending} onPress={() => set.mutate()}>
          {!on ? <Trans>Switch off</Trans> : since ? <Trans>Save</Trans> : <Trans>Switch on</Trans>}
        </Button>
      </div>
    </>
  );
}

/** One that was not touched stays what it was, also when it has passed. */
function instant(by: string, before: string | null): string | null {
  if (before && by === wall(before)) return before;
  return by ? new Date(by).toISOString() : null;
}

/** As a field for a date and a time has it: by the clock of whoever sits there. */
function wall(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
