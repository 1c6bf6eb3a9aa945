/** What an agent decides alone: to pass the caller on, to have more time after the call. Loaded when there is a contact. */
import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { MessagesSquare, Phone, PhoneForwarded, Timer, UserPlus, type LucideIcon } from "lucide-react";
import { Suspense, useState } from "react";
import { Autocomplete, useFilter } from "react-aria-components/Autocomplete";
import { Input } from "react-aria-components/Input";
import { Header } from "react-aria-components/Header";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { TextField } from "react-aria-components/TextField";

import { call } from "@/api/client";
import { consult, type Target, transfer } from "@/api/desk";
import { type Colleague, type DeskContact, onLine } from "@/api/types";
import { useActions } from "@/app/actions";
import { useKeyOf } from "@/app/keys";
import { Button } from "@/design/Button";
import { ornament } from "@/design/ornament";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import "@/desk/byHand.css";
import { withWords } from "@/i18n/language";
import { agentTone, statusWords, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";

const ForwardTag = ornament(() => withWords(import("@/forwarding/ForwardTag")).then((module) => module.ForwardTag));

const colleagues = () => call<{ agents: Colleague[] }>("GET", "/api/desk/colleagues");
const target = (key: string): Target => {
  const [kind, id] = [key.slice(0, key.indexOf(" ")), key.slice(key.indexOf(" ") + 1)];
  if (kind === "number") return { number: id };
  return kind === "queue" ? { queue: id } : { agent: id };
};
/** What may be a number, as people write it: two digits at least, and no letters. */
const NUMBER = /^\+?[\d\s().\u2010-\u2015-]*$/;
/** The same whatever was typed: an item keeps its id. */
const NUMBER_ITEM = "number";
const numberIn = (typed: string) => (NUMBER.test(typed.trim()) && typed.replace(/\D/g, "").length > 1 ? typed.trim() : null);

/** One menu for both: with "Ask first" whoever is chosen is talked to before the customer is passed on. `adding`: to a conference. */
export function Transfer({ contact, adding = false }: { contact: DeskContact; adding?: boolean }) {
  const { t } = useLingui();
  const [open, setOpen] = useState<"transfer" | "ask" | null>(null);
  const passing = useMutation({
    mutationFn: ({ key, ask }: { key: string; ask: boolean }) => (ask ? consult : transfer)(contact.id, target(key)),
  });
  const connected = contact.state !== "rejoining";
  useActions({ transfer: connected && !adding ? () => show("transfer") : undefined, ask: connected ? () => show("ask") : undefined });
  const keyOf = useKeyOf();
  const { contains } = useFilter({ sensitivity: "base" });
  const [typed, type] = useState("");
  const show = (kind: "transfer" | "ask" | null) => {
    type("");
    setOpen(kind);
  };
  const calls = onLine(contact);
  const number = calls ? numberIn(typed) : null;
  const asked = calls ? t`Queue, colleague or number` : t`Queue or colleague`;
  const menu = (kind: "transfer" | "ask", icon: LucideIcon, name: string) => (
    <MenuTrigger isOpen={open === kind} onOpenChange={(opened) => show(opened ? kind : null)}>
      <Button icon={icon} keys={keyOf(kind)} isDisabled={!connected} isPending={passing.isPending && passing.variables.ask === (kind === "ask")}>
        {name}
      </Button>
      <Popover className="popover byHandPopover" placement="bottom start" offset={6}>
        <Autocomplete inputValue={typed} onInputChange={type} filter={contains}>
          <TextField className="byHandField" aria-label={asked} autoFocus>
            <Input className="input" placeholder={asked} autoComplete="off" maxLength={40} />
          </TextField>
          <Menu
            className="menu byHand"
            aria-label={name}
            renderEmptyState={() => (
              <p className="caption byHandNobody">
                <Trans>Nobody is called so.</Trans>
              </p>
            )}
            onAction={(key) => passing.mutate({ key: key === NUMBER_ITEM ? `number ${number ?? ""}` : String(key), ask: kind === "ask" })}
          >
            {number && (
              <MenuItem id={NUMBER_ITEM} textValue={typed}>
                <Phone size={16} aria-hidden />
                <span className="clip figures">{number}</span>
                <span className="caption">
                  <Trans>Number outside</Trans>
                </span>
              </MenuItem>
            )}
            <Queues />
            <Colleagues />
          </Menu>
        </Autocomplete>
      </Popover>
    </MenuTrigger>
  );
  return (
    <>
      {!adding && menu("transfer", PhoneForwarded, t`Transfer`)}
      {adding ? menu("ask", UserPlus, t`Add one more`) : menu("ask", MessagesSquare, t`Ask first`)}
      <Refusal error={passing.error} />
    </>
  );
}

function Queues() {
  const queues = useLive((state) => state.queues) ?? [];
  return (
    <MenuSection>
      <Header>
        <Trans>Queues</Trans>
      </Header>
      {queues.map((queue) => (
        <MenuItem key={queue.id} id={`queue ${queue.id}`} textValue={queue.name}>
          <span className="clip">{queue.name}</span>
          <span className="caption figures">
            <Trans>Waiting</Trans> {queue.waiting} · <Trans>Agents ready</Trans> {queue.agents_ready}
          </span>
        </MenuItem>
      ))}
    </MenuSection>
  );
}

function Colleagues() {
  const words = useWords();
  const reasons = useLive(statusWords) ?? [];
  // Asked for anew when the feed says that somebody does something else.
  const changed = useLive((state) => state.agents_changed_at) ?? null;
  const { data } = useQuery({ queryKey: ["colleagues", changed], queryFn: colleagues, placeholderData: keepPreviousData, gcTime: 0 });
  if (!data?.agents.length) return null;
  return (
    <MenuSection>
      <Header>
        <Trans>Agents</Trans>
      </Header>
      {data.agents.map((agent) => (
        <MenuItem key={agent.id} id={`agent ${agent.id}`} textValue={agent.name}>
          <span className="clip">{agent.name}</span>
          <Tag tone={agentTone[agent.state]} dotted>
            {words.status(agent.state, agent.reason, reasons)}
          </Tag>
          {agent.forward.to !== "nowhere" && (
            <Suspense>
              <ForwardTag forward={agent.forward} />
            </Suspense>
          )}
        </MenuItem>
      ))}
    </MenuSection>
  );
}

export function MoreTime({ contact }: { contact: DeskContact }) {
  const asking = useMutation({ mutationFn: () => call("POST", `/api/desk/contacts/${contact.id}/wrap-up/extend`, {}) });
  return (
    <>
      {contact.wrap_up_extends && (
        <Button kind="bare" icon={Timer} className="moreTime" isPending={asking.isPending} onPress={() => asking.mutate()}>
          <Trans>More time</Trans>
        </Button>
      )}
      <Refusal error={asking.error} />
    </>
  );
}
