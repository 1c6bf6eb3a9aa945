/** What was written, and what an agent does with it: to put it aside while the customer is silent. Loaded when there is some. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Archive, ArchiveRestore, Check, Clock, MessageCircleReply } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Header } from "react-aria-components/Header";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";

import { park, resume } from "@/api/desk";
import type { DeskContact, Letter, ParkedContact } from "@/api/types";
import { useActions } from "@/app/actions";
import { useKeyOf } from "@/app/keys";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Transfer } from "@/desk/ByHand";
import "@/desk/written.css";
import { moment, phone, worded } from "@/i18n/format";
import { spoken, withWords } from "@/i18n/language";
import { useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";

const MINUTE_MS = 60_000;
const MORNING_HOUR = 9;
const AFTER_MINUTES = [15, 60, 240];

const Delivery = lazy(() => withWords(import("@/writing/Delivery")).then((module) => ({ default: module.Delivery })));

/** `contact`: the one in hand, whose answers may be sent again. */
export function Letters({ letters, contact }: { letters: readonly Letter[]; contact?: string }) {
  const { t } = useLingui();
  const ways = { paper: t`On paper`, person: t`In person`, mail: t`By mail`, other: t`Otherwise` };
  return (
    <section className="card letters" aria-label={t`What the customer wrote`}>
      <ol>
        {letters.map((letter, index) => (
          <li key={index}>
            <p className="caption figures">
              {moment(letter.at)} {letter.by !== null && <bdi>{letter.by}</bdi>}
            </p>
            <p className="letterText" dir="auto">
              {letter.text}
            </p>
            {letter.by !== null && (
              <Suspense>
                <Delivery letter={letter} contact={contact} to={letter.sender["mail"] ?? letters[0]?.sender["mail"]} />
              </Suspense>
            )}
            <Given values={{ ...named(letter.sender, { name: t`Name`, phone: t`Phone`, mail: t`Mail`, subject: t`Subject`, way: t`How it came` }, ways), ...letter.fields }} />
          </li>
        ))}
      </ol>
    </section>
  );
}

const named = (sender: Record<string, string>, names: Record<string, string>, ways: Record<string, string>) =>
  Object.fromEntries(Object.entries(sender).map(([key, value]) => [names[key] ?? key, key === "way" ? (ways[value] ?? value) : value]));

function Given({ values }: { values: Record<string, string> }) {
  const given = Object.entries(values);
  if (given.length === 0) return null;
  return (
    <dl className="pairs">
      {given.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function WrittenControls({ contact }: { contact: DeskContact }) {
  const { t } = useLingui();
  return (
    <div className="controls" role="group" aria-label={t`Contact controls`}>
      {contact.asked === null && contact.consultation === null && (
        <>
          <Park contact={contact} />
          <Transfer contact={contact} />
        </>
      )}
    </div>
  );
}

const tomorrow = () => {
  const at = new Date();
  at.setDate(at.getDate() + 1);
  at.setHours(MORNING_HOUR, 0, 0, 0);
  return at;
};

function Park({ contact }: { contact: DeskContact }) {
  const { t } = useLingui();
  const reasons = useLive((state) => state.park_reasons) ?? [];
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<string | null>(null);
  const parking = useMutation({ mutationFn: (at: Date | null) => park(contact.id, reason, at?.toISOString() ?? null) });
  const after: Record<number, string> = { 15: t`In 15 minutes`, 60: t`In an hour`, 240: t`In 4 hours` };
  useActions({ park: () => setOpen(true) });
  const keyOf = useKeyOf();
  return (
    <>
      <MenuTrigger isOpen={open} onOpenChange={setOpen}>
        <Button icon={Archive} keys={keyOf("park")} isPending={parking.isPending}>
          <Trans>Park</Trans>
        </Button>
        <Popover className="popover" placement="bottom start" offset={6}>
          <Menu className="menu" aria-label={t`Park`}>
            {reasons.length > 0 && (
              <MenuSection
                selectionMode="single"
                shouldCloseOnSelect={false}
                selectedKeys={reason ? [reason] : []}
                onSelectionChange={(keys) => setReason(keys === "all" ? null : (([...keys][0] as string | undefined) ?? null))}
              >
                <Header>
                  <Trans>Why</Trans>
                </Header>
                {reasons.map((each) => (
                  <MenuItem key={each.id} id={each.id} textValue={each[spoken()]}>
                    <span className="clip">{each[spoken()]}</span>
                    {reason === each.id && <Check size={16} className="mark" aria-hidden />}
                  </MenuItem>
                ))}
              </MenuSection>
            )}
            <MenuSection>
              <Header>
                <Trans>Comes back</Trans>
              </Header>
              <MenuItem id="written" textValue={t`When the customer writes`} onAction={() => parking.mutate(null)}>
                <MessageCircleReply size={16} aria-hidden />
                <Trans>When the customer writes</Trans>
              </MenuItem>
              {AFTER_MINUTES.map((minutes) => (
                <MenuItem
                  key={minutes}
                  id={String(minutes)}
                  textValue={after[minutes] ?? ""}
                  onAction={() => parking.mutate(new Date(Date.now() + minutes * MINUTE_MS))}
                >
                  <Clock size={16} aria-hidden />
                  {after[minutes]}
                </MenuItem>
              ))}
              <MenuItem id="tomorrow" textValue={t`Tomorrow at 9`} onAction={() => parking.mutate(tomorrow())}>
                <Clock size={16} aria-hidden />
                <Trans>Tomorrow at 9</Trans>
              </MenuItem>
            </MenuSection>
          </Menu>
        </Popover>
      </MenuTrigger>
      <Refusal error={parking.error} />
    </>
  );
}

export function ParkedList({ parked }: { parked: readonly ParkedContact[] }) {
  const { t } = useLingui();
  const words = useWords();
  const reasons = useLive((state) => state.park_reasons) ?? [];
  const taking = useMutation({ mutationFn: (contact: ParkedContact) => resume(contact.id) });
  return (
    <section aria-label={t`Parked`} className="parkedList">
      <h2 className="deskListTitle">
        <Trans>Parked</Trans>
        <span className="figures">{parked.length}</span>
      </h2>
      <ul>
        {parked.map((contact) => {
          const who = contact.name ?? (contact.ani ? phone(contact.ani) : words.unknown(contact.channel));
          return (
            <li key={contact.id} className="parkedRow">
              <span className="clip">{who}</span>
              <span className="clip caption">
                {[worded(reasons, contact.parked.reason), contact.parked.until_written ? t`until they write` : t`until ${moment(contact.parked.returns_at)}`].filter(Boolean).join(" · ")}
              </span>
              <IconButton icon={ArchiveRestore} name={t`Take back: ${who}`} isPending={taking.isPending && taking.variables.id === contact.id} onPress={() => taking.mutate(contact)} />
            </li>
          );
        })}
      </ul>
      <Refusal error={taking.error} />
    </section>
  );
}
