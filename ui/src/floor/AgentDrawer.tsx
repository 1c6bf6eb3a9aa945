/** One agent: state, queues, the live call with what can be done about it, its course and why; status and shift. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Check, ChevronDown, CircleCheck, CircleDot, Coffee, LogOut, type LucideIcon, Megaphone, Phone, PhoneOff, UserCheck, X } from "lucide-react";
import { useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Header } from "react-aria-components/Header";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { Popover } from "react-aria-components/Popover";

import type { Status } from "@/api/desk";
import { can, useMe } from "@/api/session";
import { endShiftOf, setStatus } from "@/api/supervision";
import type { FloorAgent, FloorHand, FloorQueue, Worded } from "@/api/types";
import "@/design/drawer.css";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { Since } from "@/design/Timer";
import { DirectionTag } from "@/desk/CallbackTag";
import { Assignment } from "@/floor/Assignment";
import { Confirm } from "@/floor/Confirm";
import { ForwardTo } from "@/forwarding/ForwardTo";
import { LiveCourse } from "@/floor/LiveCourse";
import { AnswerFor, CallActions, WhoHearsHere } from "@/floor/Supervising";
import { WhyNothing } from "@/floor/WhyNothing";
import { WriteNotice } from "@/floor/WriteNotice";
import { nameOf, phone } from "@/i18n/format";
import { spoken } from "@/i18n/language";
import { agentTone, statusWords, useWords } from "@/i18n/words";
import { useCourseWords } from "@/journal/courseWords";
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
  const colleagues = (useLive((state) => state.floor?.agents) ?? []).filter((one) => one.id !== agent.id);
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
          {can(me, "agents.direct") && (
            <section className="forwardOf" aria-label={t`While the agent is away`}>
              <ForwardTo key={agent.id} agent={agent.id} now={agent.forward} colleagues={colleagues} queues={queues} />
            </section>
          )}
          {can(me, "contacts.read_all") && agent.state !== "offline" && <WhyNothing key={agent.id} agent={agent.id} />}
          {[...(agent.contact ? [agent.contact] : []), ...agent.others].map((hand) => (
            <InHand key={hand.id} hand={hand} mayJoin={can(me, "calls.join")} />
          ))}
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

function InHand({ hand, mayJoin }: { hand: FloorHand; mayJoin: boolean }) {
  const { t } = useLingui();
  const words = useWords();
  const { detail } = useCourseWords();
  const joined = hand.supervisors.map((one) => `${one.name} (${detail(one.way)})`).join(", ");
  return (
    <>
      <section className="agentCall" aria-label={t`Contact now`}>
        <div className="agentMeta">
          <strong>{hand.colleague?.name ?? (hand.ani ? phone(hand.ani) : words.withheld)}</strong>
          <DirectionTag direction={hand.direction} />
          <span className="muted">{nameOf(hand.queue)}</span>
          <Tag tone={agentTone[hand.state]}>{words.agentState(hand.state)}</Tag>
          <Since at={hand.since} className="muted" />
        </div>
        {joined && (
          <p className="muted">
            <Trans>With supervisor:</Trans> {joined}
          </p>
        )}
        <WhoHearsHere contact={hand.id} />
        {mayJoin && hand.state === "offered" && !hand.asked && hand.direction === "in" && <AnswerFor key={hand.id} contact={hand.id} />}
        {mayJoin && LIVE.includes(hand.state) && !hand.asked && hand.direction !== "internal" && <CallActions contact={hand.id} />}
      </section>
      <LiveCourse contact={hand.id} now={`${hand.state} ${hand.since} ${joined}`} />
    </>
  );
}

function Directing({ agent }: { agent: FloorAgent }) {
  const { t } = useLingui();
  const set = useMutation({ mutationFn: ({ status, reason }: Status) => setStatus(agent.id, status, reason) });
  const [writing, setWriting] = useState(false);
  const end = useMutation({ mutationFn: () => endShiftOf(agent.id) });
  return (
    <div className="callActions" role="group" aria-label={t`Status of the agent`}>
      <Statuses agent={agent} set={set.mutate} />
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

/** All that the tenant has; during a contact it comes after it. */
function Statuses({ agent, set }: { agent: FloorAgent; set: (status: Status) => void }) {
  const { t } = useLingui();
  const reasons = useLive((state) => state.reasons) ?? [];
  const statuses = useLive((state) => state.statuses) ?? [];
  const pauses: [string, string | null, string][] = reasons.length > 0 ? reasons.map((one) => [`pause ${one.id}`, one.id, one[spoken()]]) : [["pause", null, t`Not ready`]];
  const readies: [string, string | null, string][] = [["ready", null, t`Ready`], ...statuses.map((one): [string, string, string] => [`ready ${one.id}`, one.id, one[spoken()]])];
  const now = agent.contact ? null : `${agent.state} ${agent.reason ?? ""}`;
  const line = (status: Status["status"], [key, reason, name]: [string, string | null, string], Icon: LucideIcon) => (
    <MenuItem key={key} id={key} textValue={name} onAction={() => set({ status, reason })}>
      <Icon size={16} aria-hidden />
      {name}
      {now === `${status} ${reason ?? ""}` && <Check size={16} className="mark" aria-hidden />}
    </MenuItem>
  );
  return (
    <MenuTrigger>
      <Button icon={UserCheck}>
        <Trans>Set the status</Trans>
        <ChevronDown size={14} className="opensMenu" aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom start" offset={6}>
        <Menu className="menu" aria-label={t`Set the status`}>
          <MenuSection>
            <Header>{agent.contact ? <Trans>After this contact</Trans> : <Trans>Status</Trans>}</Header>
            {readies.map((one) => line("ready", one, one[1] === null ? CircleCheck : CircleDot))}
            {pauses.map((one) => line("not_ready", one, Coffee))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
