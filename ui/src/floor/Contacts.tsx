/** Who is here now: in the menu, in a queue, in conversation, put aside; with what a supervisor can do about it. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { PhoneOff } from "lucide-react";

import { call } from "@/api/client";
import { can, useMe } from "@/api/session";
import type { AgentState, Callback, FloorAgent, FloorContact, Parking } from "@/api/types";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag, type Tone } from "@/design/Tag";
import { Since, Until } from "@/design/Timer";
import { CallbackTag, OutgoingTag } from "@/desk/CallbackTag";
import { GiveTo } from "@/floor/GiveTo";
import { LongTable } from "@/floor/LongTable";
import { moment, nameOf, phone } from "@/i18n/format";
import { agentTone, useWords } from "@/i18n/words";

/** Whoever is in one of these can be given to an agent. */
const QUEUED = ["waiting", "queued", "offered"];
const STAGES = ["waiting", "queued", "postponed", "offered", "placed", "dialling", "scenario", "held", "rejoining", "talking", "outside", "wrap_up", "parked"];
/** Before the customer is called a callback can be cancelled. */
const CANCELLABLE = ["waiting", "postponed", "offered"];
const STAGE_TONES: Record<string, Tone> = { postponed: "plain", waiting: "warn", queued: "warn", offered: "accent", placed: "info", outside: "info", scenario: "plain" };

/** `undefined` where the agent's colour is the contact's. */
export const stageTone = (stage: string): Tone | undefined => STAGE_TONES[stage];

export function Contacts({ contacts, agents, show }: { contacts: FloorContact[]; agents: FloorAgent[]; show: (contact: string) => void }) {
  const { t } = useLingui();
  const me = useMe();
  const may = can(me, "contacts.give");
  const acting = useMutation({ mutationFn: ({ path, body }: Act) => call("POST", `/api/contacts/${path}`, body) });
  const act = acting.mutate;
  const sorted = [...contacts].sort((a, b) => STAGES.indexOf(a.state) - STAGES.indexOf(b.state) || a.since.localeCompare(b.since));
  return (
    <section className="card floorCard">
      <h2 className="heading">
        <Trans>Contacts now</Trans>
        <span className="muted figures"> {contacts.length}</span>
      </h2>
      <Refusal error={acting.error} />
      {contacts.length === 0 ? (
        <p className="blank">
          <Trans>Nobody is calling.</Trans>
        </p>
      ) : (
        <LongTable
          name={t`Contacts now`}
          columns={may ? 5 : 4}
          rows={sorted}
          row={(contact) => <ContactRow key={contact.id} contact={contact} agents={may ? agents : null} act={act} show={show} />}
          head={
            <>
              <th>{t`Number`}</th>
              <th>{t`Queue`}</th>
              <th>{t`State`}</th>
              <th className="end">{t`Time in state`}</th>
              {may && (
                <th>
                  <span className="unseen">{t`Give to…`}</span>
                </th>
              )}
            </>
          }
        />
      )}
    </section>
  );
}

interface Act {
  path: string;
  body: { agent?: string };
}

/** `agents` is null for those who may not give contacts to anybody. */
function ContactRow({ contact, agents, act, show }: { contact: FloorContact; agents: FloorAgent[] | null; act: (act: Act) => void; show: (contact: string) => void }) {
  const words = useWords();
  const planned = contact.callback?.due_at != null && contact.callback.due_at === contact.callback.chosen_at;
  return (
    <tr>
      <td className="floorName">
        <Button kind="bare" onPress={() => show(contact.id)}>
          {contact.ani ? phone(contact.ani) : words.withheld}
        </Button>
      </td>
      <td>{nameOf(contact.queue) || <span className="muted">{contact.scenario ?? "–"}</span>}</td>
      <td>
        {!planned && <Tag tone={STAGE_TONES[contact.state] ?? agentTone[contact.state as AgentState]}>{words.stage(contact.state)}</Tag>}
        {contact.direction === "out" && <OutgoingTag />}
        {contact.callback && <CallbackMark callback={contact.callback} />}
        {contact.parked && <ParkedMark parked={contact.parked} />}
      </td>
      <td className="end">
        <Since at={contact.since} />
      </td>
      {agents && (
        <td className="end">
          <Acts contact={contact} agents={agents} act={act} />
        </td>
      )}
    </tr>
  );
}

function Acts({ contact, agents, act }: { contact: FloorContact; agents: FloorAgent[]; act: (act: Act) => void }) {
  const { t } = useLingui();
  const { id } = contact;
  return (
    <>
      {contact.callback && CANCELLABLE.includes(contact.state) && (
        <IconButton icon={PhoneOff} name={t`Cancel callback`} className="cancelBack" onPress={() => act({ path: `${id}/callback/cancel`, body: {} })} />
      )}
      {contact.parked && (
        <>
          <Button kind="bare" className="giveTo" onPress={() => act({ path: `${id}/return`, body: {} })}>
            <Trans>To the queue</Trans>
          </Button>
          <GiveTo agents={agents} give={(agent) => act({ path: `${id}/return`, body: { agent } })} />
        </>
      )}
      {QUEUED.includes(contact.state) && <GiveTo agents={agents} give={(agent) => act({ path: `${id}/push`, body: { agent } })} />}
    </>
  );
}

/** Who keeps it, and until when. */
function ParkedMark({ parked }: { parked: Parking }) {
  const agent = parked.agent?.name ?? "";
  const at = moment(parked.returns_at);
  return (
    <span className="caption">
      {" "}
      {parked.until_written ? <Trans>{agent}, until they write</Trans> : <Trans>{agent}, until {at}</Trans>}
    </span>
  );
}

function CallbackMark({ callback }: { callback: Callback }) {
  const { attempts } = callback;
  return (
    <CallbackTag callback={callback}>
      {attempts > 0 && <Plural value={attempts} one=" · # attempt" other=" · # attempts" />}
      {callback.due_at && (
        <>
          {" · "}
          {callback.due_at === callback.chosen_at ? moment(callback.due_at) : <Until at={callback.due_at} />}
        </>
      )}
    </CallbackTag>
  );
}
