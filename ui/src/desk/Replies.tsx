/** The canned replies under the note: opened by a slash, found by shortcut or by text, put in by Enter. Loaded when somebody types a slash. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";

import { type Reply, repliesQuery } from "@/api/talk";
import type { DeskContact, Language } from "@/api/types";
import { fit } from "@/app/match";
import { Refusal } from "@/design/Refusal";
import "@/desk/replies.css";
import type { Slash } from "@/desk/slash";
import { spoken } from "@/i18n/language";

const MOST_SHOWN = 30;

/** The customer's language first, then the page's. */
function sorted(replies: readonly Reply[], sought: string, first: Language): Reply[] {
  return replies
    .flatMap((reply) => {
      const rank = sought ? fit(sought, [reply.shortcut, reply.text]) : 0;
      return rank === null ? [] : [{ reply, rank: rank + (reply.language === first ? 0 : 0.5) }];
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_SHOWN)
    .map(({ reply }) => reply);
}

interface Props {
  contact: DeskContact;
  slash: Slash;
  field: React.RefObject<HTMLTextAreaElement | null>;
  list: string;
  put: (text: string) => void;
  close: () => void;
}

export function Replies({ contact, slash, field, list, put, close }: Props) {
  const { t } = useLingui();
  const { data, error } = useQuery(repliesQuery(contact.id));
  const [at, setAt] = useState({ sought: slash.sought, chosen: 0 });
  const language = contact.customer?.language;
  const shown = sorted(data?.replies ?? [], slash.sought, language === "ru" || language === "en" ? language : spoken());
  const chosen = at.sought === slash.sought ? Math.min(at.chosen, Math.max(0, shown.length - 1)) : 0;
  const choose = (index: number) => setAt({ sought: slash.sought, chosen: index });
  const id = (index: number) => `${list}-${index}`;

  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const reply = shown[chosen];
    if (event.key === "Escape") close();
    else if (step && shown.length) choose((chosen + step + shown.length) % shown.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && reply) put(reply.text);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  useEffect(() => {
    const at = field.current;
    at?.addEventListener("keydown", pressed);
    return () => at?.removeEventListener("keydown", pressed);
  }, [field]);
  const active = shown.length ? id(chosen) : null;
  useEffect(() => {
    const at = field.current;
    at?.setAttribute("aria-controls", list);
    if (active) at?.setAttribute("aria-activedescendant", active);
    document.getElementById(active ?? "")?.scrollIntoView({ block: "nearest" });
    return () => {
      at?.removeAttribute("aria-controls");
      at?.removeAttribute("aria-activedescendant");
    };
  }, [field, list, active]);

  return (
    <div className="replies">
      <ul id={list} role="listbox" aria-label={t`Canned replies`} tabIndex={0}>
        {shown.map((reply, index) => (
          <li
            key={`${reply.shortcut} ${reply.language}`}
            id={id(index)}
            role="option"
            aria-selected={index === chosen}
            // The field keeps the focus: what is put in stands where the caret was.
            onPointerDown={(event) => event.preventDefault()}
            onPointerMove={() => index !== chosen && choose(index)}
            onClick={() => put(reply.text)}
          >
            <span className="repliesTop">
              <strong className="clip">/{reply.shortcut}</strong>
              <span className="caption">{reply.language.toUpperCase()}</span>
            </span>
            <span className="repliesText" dir="auto">
              {reply.text}
            </span>
          </li>
        ))}
      </ul>
      <p className={shown.length ? "unseen" : "repliesNone caption"} role="status">
        {data && shown.length === 0 && (data.replies.length ? <Trans>No reply is called so.</Trans> : <Trans>There are no canned replies yet. An administrator writes them in the set-up.</Trans>)}
      </p>
      <Refusal error={error} />
    </div>
  );
}
