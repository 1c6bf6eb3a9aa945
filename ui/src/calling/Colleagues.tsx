/** Whom one may call inside: found by name or internal number, who is free first, the rest with what they do. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { callColleague, phoneBookQuery } from "@/api/calls";
import type { BookEntry } from "@/api/floor";
import { ornament } from "@/design/ornament";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { withWords } from "@/i18n/language";
import { agentTone, statusWords, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";

const ForwardTag = ornament(() => withWords(import("@/forwarding/ForwardTag")).then((module) => module.ForwardTag));

const SHOWN = 8;

/** Whose name or number begins so: a part of the name does, too. */
export const matching = (book: readonly BookEntry[], typed: string): BookEntry[] => {
  const asked = typed.trim().toLocaleLowerCase();
  return book.filter((one) => !asked || one.number.startsWith(asked) || one.name.toLocaleLowerCase().split(/\s+/).some((part) => part.startsWith(asked)) || one.name.toLocaleLowerCase().startsWith(asked));
};

/** `typed` narrows the list. */
export function Colleagues({ typed, done }: { typed: string; done: () => void }) {
  const { t } = useLingui();
  const words = useWords();
  const reasons = useLive(statusWords) ?? [];
  const { data: book } = useQuery(phoneBookQuery);
  const calling = useMutation({ mutationFn: callColleague, onSuccess: done });
  if (!book?.length) return null;
  const found = matching(book, typed);
  return (
    <section className="dialRecent dialColleagues" aria-label={t`Colleagues`}>
      <h3 className="caption">
        <Trans>Colleagues</Trans>
      </h3>
      <ul>
        {found.slice(0, SHOWN).map((one) => (
          <li key={one.id}>
            <button type="button" disabled={calling.isPending} onClick={() => calling.mutate(one.id)}>
              <bdi className="clip">{one.name}</bdi>
              <span className="caption figures">{one.number}</span>
              <Tag tone={agentTone[one.state]} dotted>
                {words.status(one.state, one.reason, reasons)}
              </Tag>
              {one.forward.to !== "nowhere" && (
                <Suspense>
                  <ForwardTag forward={one.forward} />
                </Suspense>
              )}
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p className="caption">
          <Trans>No colleague is called so.</Trans>
        </p>
      )}
      {found.length > SHOWN && (
        <p className="caption">
          <Trans>Type a name or an internal number to find the rest.</Trans>
        </p>
      )}
      <Refusal error={calling.error} />
    </section>
  );
}
