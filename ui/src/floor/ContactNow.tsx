/** A contact of the floor: who it is, where it is, what has happened so far and why. Once it is over, its account. */
import { Trans, useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { can, useMe } from "@/api/session";
import { type AgentState, type FloorContact, onLine } from "@/api/types";
import "@/design/drawer.css";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import { DirectionTag } from "@/desk/CallbackTag";
import { Found } from "@/desk/Found";
import { stageTone } from "@/floor/Contacts";
import { useLiveContact } from "@/floor/LiveCourse";
import { CallActions, WhoHearsHere } from "@/floor/Supervising";
import { clockSeconds, nameOf, phone } from "@/i18n/format";
import { agentTone, useWords } from "@/i18n/words";
import { Course, Detail, Question } from "@/journal/ContactDrawer";
import "@/journal/journal.css";

const TALKS = ["talking", "held", "rejoining"];

interface Props {
  id: string;
  /** Null: it is not there any more. */
  contact: FloorContact | null;
  showAgent: (agent: string) => void;
  close: () => void;
}

export function ContactNow({ id, contact, showAgent, close }: Props) {
  const { t } = useLingui();
  const me = useMe();
  // The row is another object with each of its changes.
  const { data, error } = useLiveContact(id, contact ? JSON.stringify(contact) : "over");
  return (
    <ModalOverlay className="veil side" isOpen isDismissable onOpenChange={close}>
      <Modal className="sheet drawer">
        <Dialog aria-label={t`Contact`}>
          {contact ? (
            <>
              <Top contact={contact} name={data?.customer?.name} close={close} />
              <Place contact={contact} showAgent={showAgent} />
              {can(me, "calls.join") && TALKS.includes(contact.state) && onLine(contact) && (
                <section className="agentCall" aria-label={t`Contact now`}>
                  <WhoHearsHere contact={id} />
                  <CallActions contact={id} />
                </section>
              )}
              {data && <Found found={data.found} />}
              {data && <Course contact={data} />}
              <Question key={id} contact={id} now={JSON.stringify(contact)} />
            </>
          ) : data ? (
            <Detail contact={data} mayPlay={can(me, "recordings.play_all")} mayAsk close={close} />
          ) : (
            <>
              <div className="sheetTop">
                <Heading slot="title">
                  <Trans>Contact</Trans>
                </Heading>
                <IconButton icon={X} name={t`Close`} onPress={close} />
              </div>
              {error && <Refusal error={error} />}
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Top({ contact, name, close }: { contact: FloorContact; name: string | undefined; close: () => void }) {
  const { t } = useLingui();
  const words = useWords();
  const number = contact.ani ? phone(contact.ani) : words.withheld;
  return (
    <div className="sheetTop drawerTop">
      <div>
        <Heading slot="title">
          <bdi>{name ?? number}</bdi>
        </Heading>
        <p className="muted">{name && number}</p>
      </div>
      <IconButton icon={X} name={t`Close`} onPress={close} />
    </div>
  );
}

/** Where it is: the scenario, the queue, the agent; and since when. */
function Place({ contact, showAgent }: { contact: FloorContact; showAgent: (agent: string) => void }) {
  const { t } = useLingui();
  const words = useWords();
  const { agent } = contact;
  const since = clockSeconds(contact.since);
  return (
    <>
      <div className="drawerTags">
        <Tag tone={stageTone(contact.state) ?? agentTone[contact.state as AgentState]}>{words.stage(contact.state)}</Tag>
        <Since at={contact.since} className="muted" />
        <span className="muted figures">
          <Trans>since {since}</Trans>
        </span>
        <DirectionTag direction={contact.direction} />
        {!onLine(contact) && <Tag>{words.channel(contact.channel)}</Tag>}
        {contact.muted && <Tag tone="warn">{t`Microphone off`}</Tag>}
        {contact.recording === "paused" && <Tag tone="warn">{t`Recording paused`}</Tag>}
      </div>
      <dl className="pairs">
        {contact.scenario && (
          <div>
            <dt>{t`Scenario`}</dt>
            <dd>{contact.scenario}</dd>
          </div>
        )}
        {contact.queue && (
          <div>
            <dt>{t`Queue`}</dt>
            <dd>{nameOf(contact.queue)}</dd>
          </div>
        )}
        {agent && (
          <div>
            <dt>{t`Agent`}</dt>
            <dd>
              <Button kind="bare" className="inText" onPress={() => showAgent(agent.id)}>
                {agent.name}
              </Button>
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}
