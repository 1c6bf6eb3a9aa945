/** One agent: state, queues, the live call with what can be done about it, its course and why; status and shift. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, Coffee, LogOut, Megaphone, Phone, PhoneOff, UserCheck, X } from "lucide-react";
import { useEffect, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { Popover } from "react-aria-components/Popover";

import { contactQuery } from "@/api/contacts";
import { can, useMe } from "@/api/session";
import { endShiftOf, setStatus } from "@/api/supervision";
import type { FloorAgent, FloorQueue, Worded } from "@/api/types";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import { DirectionTag } from "@/desk/CallbackTag";
import { Assignment } from "@/floor/Assignment";
import { Confirm } from "@/floor/Confirm";
import { AnswerFor, CallActions, WhoHearsHere } from "@/floor/Supervising";
import { WhyNothing } from "@/floor/WhyNothing";
import { WriteNotice } from "@/floor/WriteNotice";
import { nameOf, phone } from "@/i18n/format";
import { spoken } from "@/i18n/language";
import { agentTone, statusWords, useWords } from "@/i18n/words";
import { Course, Question } from "@/journal/ContactDrawer";
import "@/journal/journal.css";
import { useLive } from "@/live/useLive";

const LIVE = ["talking", "held", "rejoining"];

interface Props {
  agent: FloorAgent;
  queues: FloorQueue[];
  skills: Worded[];
  close: () => void;
}

export function AgentDrawer({ agent, queues, skills, close }: Props) {
  const { t } = useLingui();
  const me = useMe();
  const words = useWords();
  const reasons = useLive(statusWords) ?? [];
  return (
    <ModalOverlay className="veil side" isOpen isDismissable onOpenChange={close}>
      <Modal className="sheet drawer">
        <Dialog>
          <div className="sheetTop drawerTop">
            <div>
              <Heading slot="title">
                <bdi>{agent.name}</bdi>
              </Heading>
              <p className="muted">
                <bdi>{agent.queues.join(", ")}</bdi>
              </p>
            </div>
            <IconButton icon={X} name={t`Close`} onPress={close} />
          </div>
          <div className="agentMeta">
            <Tag tone={agentTone[agent.state]} dotted>
              {words.status(agent.state, agent.reason, reasons)}
            </Tag>
            {agent.state !== "offline" && <Since at={agent.since} className="muted" />}
            {agent.state !== "offline" && <Telephone agent={agent} />}
          </div>
          {can(me, "agents.direct") && agent.state !== "offline" && agent.queues.length > 0 && <Directing agent={agent} />}
          {can(me, "agents.direct") && agent.state !== "offline" && <Assignment agent={agent} queues={queues} skills={skills} />}
          {can(me, "contacts.read_all") && agent.state !== "offline" && <WhyNothing key={agent.id} agent={agent.id} />}
          {agent.contact && <LiveContact agent={agent} contact={agent.contact} mayJoin={can(me, "calls.join")} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Where calls ring, and whether they can. */
function Telephone({ agent }: { agent: FloorAgent }) {
  if (!agent.reachable) {
    return (
      <Tag tone="warn">
        <PhoneOff size={12} aria-hidden />
        {agent.phone === "desk" ? <Trans>Desk telephone is not registered</Trans> : <Trans>The telephone is not connected</Trans>}
      </Tag>
    );
  }
  if (agent.phone === "page") return null;
  return (
    <Tag>
      <Phone size={12} aria-hidden />
      {agent.phone === "desk" ? <Trans>Desk telephone</Trans> : <Trans>Number outside</Trans>}
    </Tag>
  );
}

function LiveContact({ agent, contact, mayJoin }: { agent: FloorAgent; contact: NonNullable<FloorAgent["contact"]>; mayJoin: boolean }) {
  const { t } = useLingui();
  const words = useWords();
  const client = useQueryClient();
  const { data } = useQuery(contactQuery(contact.id));
  // What the floor says of the call has changed: so has its course.
  const now = `${contact.id} ${contact.state} ${contact.since} ${contact.supervisors.map((one) => one.name + one.way).join()}`;
  useEffect(() => void client.invalidateQueries({ queryKey: ["contact", contact.id] }), [client, contact.id, now]);
  return (
    <>
      <section className="agentCall" aria-label={t`Contact now`}>
        <div className="agentMeta">
          <strong>{contact.colleague?.name ?? (contact.ani ? phone(contact.ani) : words.withheld)}</strong>
          <DirectionTag direction={contact.direction} />
          <span className="muted">{nameOf(contact.queue)}</span>
          <Tag tone={agentTone[contact.state]}>{words.agentState(contact.state)}</Tag>
          <Since at={contact.since} className="muted" />
        </div>
        {contact.supervisors.length > 0 && (
          <p className="muted">
            <Trans>With supervisor:</Trans> {contact.supervisors.map((one) => `${one.name} (${words.detail("", one.way)})`).join(", ")}
          </p>
        )}
        <WhoHearsHere contact={contact.id} />
        {mayJoin && contact.state === "offered" && !contact.asked && contact.direction === "in" && <AnswerFor key={contact.id} contact={contact.id} />}
        {mayJoin && LIVE.includes(contact.state) && !contact.asked && contact.direction !== "internal" && agent.id !== "" && <CallActions contact={contact.id} />}
      </section>
      {data && <Course contact={data} />}
      <Question key={contact.id} contact={contact.id} />
    </>
  );
}

function Directing({ agent }: { agent: FloorAgent }) {
  const { t } = useLingui();
  const reasons = useLive((state) => state.reasons) ?? [];
  const set = useMutation({ mutationFn: (reason: string | null) => setStatus(agent.id, reason === null ? "ready" : "not_ready", reason) });
  const [writing, setWriting] = useState(false);
  const end = useMutation({ mutationFn: () => endShiftOf(agent.id) });
  return (
    <div className="callActions" role="group" aria-label={t`Status of the agent`}>
      <Button icon={UserCheck} isDisabled={agent.state === "ready"} onPress={() => set.mutate(null)}>
        <Trans>Make ready</Trans>
      </Button>
      <MenuTrigger>
        <Button icon={Coffee} isDisabled={reasons.length === 0}>
          <Trans>Send on a break</Trans> <ChevronDown size={14} aria-hidden />
        </Button>
        <Popover className="popover" placement="bottom start" offset={6}>
          <Menu className="menu" aria-label={t`Send on a break`} onAction={(key) => set.mutate(String(key))}>
            {reasons.map((reason) => (
              <MenuItem key={reason.id} id={reason.id} textValue={reason[spoken()]}>
                {reason[spoken()]}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      <Button icon={Megaphone} onPress={() => setWriting(true)}>
        <Trans>Write</Trans>
      </Button>
      {writing && <WriteNotice queues={[]} to={agent} close={() => setWriting(false)} />}
      <Confirm
        icon={LogOut}
        name={<Trans>End the agent's shift</Trans>}
        question={<Trans>A call in hand is finished first; then the agent is off shift.</Trans>}
        act={() => end.mutate()}
      />
      <Refusal error={set.error ?? end.error} />
    </div>
  );
}
