/** Every action and every screen in one list, found by a few letters; each with the key that does the same. */
import { type I18n, type MessageDescriptor, type Messages, setupI18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { callColleague, phoneBookQuery } from "@/api/calls";
import { chooseStatus } from "@/api/desk";
import { prefer } from "@/api/session";
import type { LiveState, Me, Worded } from "@/api/types";
import { type ActionId, does, KEYED, type Keyed, UNKEYED } from "@/app/actions";
import { ACTION_WORDS } from "@/app/actionWords";
import { useKeyOf } from "@/app/keys";
import { fit } from "@/app/match";
import "@/app/palette.css";
import { usePlaces } from "@/app/places";
import { useSignOut } from "@/app/useSignOut";
import { useMayCallInside } from "@/calling/mayCall";
import { Refusal } from "@/design/Refusal";
import { chosenReasons } from "@/desk/StatusMenu";
import { spoken } from "@/i18n/language";
import { statusWords, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";

type Kind = "now" | "places" | "status" | "colleagues" | "own" | "later";

interface Item {
  id: string;
  kind: Kind;
  /** In the language of the page, then in the other one. */
  names: string[];
  key?: string | undefined;
  /** Absent: it cannot be done now. */
  run?: (() => void) | undefined;
  /** In place of the kind. */
  caption?: string;
  /** Whom it calls: the list stays open until the call has begun, and says why it has not. */
  calls?: string;
}

const ORDER: readonly Kind[] = ["now", "places", "status", "own", "colleagues", "later"];

/** The words of the language that is not spoken: read once, there at once when the list is opened again. */
let words: I18n | null = null;

function useOtherWords(): I18n | null {
  const locale = spoken() === "ru" ? "en" : "ru";
  const [other, setOther] = useState(words?.locale === locale ? words : null);
  useEffect(() => {
    if (words?.locale === locale) return;
    const catalogue: Promise<{ messages: Messages }> = locale === "ru" ? import("@/locales/ru/messages.po") : import("@/locales/en/messages.po");
    catalogue.then(({ messages }) => setOther((words = setupI18n({ locale, messages: { [locale]: messages } }))), () => undefined);
  }, [locale]);
  return other;
}

function useItems(me: Me, other: I18n | null): Item[] {
  const { i18n } = useLingui();
  const keyOf = useKeyOf();
  const navigate = useNavigate();
  const leave = useSignOut();
  const places = usePlaces(me);
  const live = useLive((state) => state) ?? null;
  const both = (name: MessageDescriptor) => [i18n._(name), ...(other ? [other._(name)] : [])];
  const action = (id: ActionId): Item => {
    const run = does(id);
    return { id, kind: run ? (id === "shortcuts" ? "own" : "now") : "later", names: both(ACTION_WORDS[id]), key: (KEYED as readonly string[]).includes(id) ? keyOf(id as Keyed) : undefined, run };
  };
  const actions = [...KEYED.filter((id) => id !== "palette"), ...UNKEYED].map(action);
  const own: [string, MessageDescriptor, () => void][] = [
    ["light", msg`Theme: light`, () => void prefer({ theme: "light" })],
    ["dark", msg`Theme: dark`, () => void prefer({ theme: "dark" })],
    ["system", msg`Theme: as in the system`, () => void prefer({ theme: "system" })],
    ["ru", msg`Language: Russian`, () => void prefer({ language: "ru" })],
    ["en", msg`Language: English`, () => void prefer({ language: "en" })],
  ];
  // Signing out takes the line away: whoever is on it would be left alone.
  const free = (live?.contacts.length ?? 0) === 0;
  return [
    ...(me.agent_id ? actions : actions.filter((one) => one.run)),
    ...places.map(({ to, name }): Item => ({ id: to, kind: "places", names: both(name), run: () => void navigate({ to }) })),
    ...statuses(live, both),
    ...own.map(([id, name, run]): Item => ({ id, kind: "own", names: both(name), run })),
    { id: "leave", kind: free ? "own" : "later", names: both(msg`Sign out`), run: free ? () => leave.mutate() : undefined },
  ];
}

/** Only where something was typed: a list of all colleagues would bury the rest. */
function useColleagues(typed: string): Item[] {
  const may = useMayCallInside();
  const words = useWords();
  const reasons = useLive(statusWords) ?? [];
  const { data: book } = useQuery({ ...phoneBookQuery, enabled: may });
  if (!may || !book || !typed.trim()) return [];
  return book.map((one) => ({
    id: `colleague ${one.id}`,
    kind: "colleagues" as const,
    names: [one.name, ...(one.number ? [one.number] : [])],
    caption: words.status(one.state, one.reason, reasons),
    calls: one.id,
    run: () => undefined,
  }));
}

function statuses(live: LiveState | null, both: (name: MessageDescriptor) => string[]): Item[] {
  if (!live?.agent || live.agent.state === "offline") return [];
  const of = (one: Worded) => (spoken() === "ru" ? [one.ru, one.en] : [one.en, one.ru]);
  const item = (id: string, names: string[], status: "ready" | "not_ready", reason: string | null): Item => ({
    id: `status ${id}`,
    kind: "status",
    names,
    run: () => void chooseStatus({ status, reason }),
  });
  return [
    item("ready", both(msg`Ready`), "ready", null),
    ...live.statuses.map((one) => item(one.id, of(one), "ready", one.id)),
    ...chosenReasons(live.reasons).map((one) => item(one.id, of(one), "not_ready", one.id)),
  ];
}

function found(items: Item[], typed: string): Item[] {
  if (!typed.trim()) return [...items].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  return items
    .flatMap((item) => {
      const rank = fit(typed, item.names);
      return rank === null ? [] : [{ item, rank: rank + (item.run ? 0 : 100) }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** After the palette is gone and the focus is back where it was. */
const afterwards = (run: () => void) => requestAnimationFrame(() => requestAnimationFrame(run));

export function Palette({ me, close }: { me: Me; close: () => void }) {
  const { t } = useLingui();
  const list = useId();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState<number | null>(null);
  const other = useOtherWords();
  const items = found([...useItems(me, other), ...useColleagues(typed)], typed);
  const calling = useMutation({ mutationFn: callColleague, onSuccess: close });
  // With nothing typed nothing is chosen: Enter alone does nothing.
  const chosen = at ?? (typed.trim() ? 0 : -1);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // Newer browsers return a promise here, which is no way to clean up.
    row.current?.scrollIntoView({ block: "nearest" });
  }, [chosen, typed]);
  const take = (item: Item | undefined) => {
    if (!item?.run) return;
    if (item.calls) {
      calling.mutate(item.calls);
      return;
    }
    close();
    afterwards(item.run);
  };
  // Whoever types faster than the other language's words arrive is not made to press Enter twice.
  const entered = useRef(false);
  useEffect(() => {
    if (!entered.current || !other) return;
    entered.current = false;
    take(items[chosen]);
  });
  const pressed = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt(items.length ? (chosen + step + items.length) % items.length : null);
    else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      if (items[chosen] || other) take(items[chosen]);
      else entered.current = typed.trim() !== "";
    } else return;
    event.preventDefault();
  };
  const kinds: Record<Kind, string> = { now: t`Now`, places: t`Screens`, status: t`Status`, own: t`Settings`, colleagues: t`Call a colleague`, later: t`Not now` };

  return (
    <ModalOverlay className="veil high" isOpen onOpenChange={close} isDismissable>
      <Modal className="sheet palette">
        <Dialog aria-label={t`Find an action or a screen`}>
          <div className="paletteAsk">
            <Search size={18} aria-hidden />
            <input
              role="combobox"
              aria-label={t`Action or screen`}
              aria-expanded
              aria-controls={list}
              aria-autocomplete="list"
              aria-activedescendant={items[chosen] ? `${list} ${items[chosen].id}`.replaceAll(" ", "-") : undefined}
              placeholder={t`A few letters, in any layout`}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              maxLength={100}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                setAt(null);
                entered.current = false;
              }}
              onKeyDown={pressed}
            />
          </div>
          <ul id={list} role="listbox" aria-label={t`Actions and screens`} className="paletteList" tabIndex={-1}>
            {items.map((item, index) => (
              <li
                key={item.id}
                ref={index === chosen ? row : undefined}
                id={`${list} ${item.id}`.replaceAll(" ", "-")}
                role="option"
                aria-selected={index === chosen}
                aria-disabled={!item.run}
                onPointerMove={() => index !== chosen && setAt(index)}
                onClick={() => take(item)}
              >
                <span className="clip">{item.names[0]}</span>
                <span className="caption">
                  {item.caption && `${item.caption} · `}
                  {item.run ? kinds[item.kind] : kinds.later}
                </span>
                {item.key && <kbd className="kbd">{item.key}</kbd>}
              </li>
            ))}
          </ul>
          <Refusal error={calling.error} />
          <p className={items.length ? "unseen" : "paletteNone muted"} role="status">
            {items.length === 0 && <Trans>Nothing is called so. Try fewer letters.</Trans>}
          </p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
