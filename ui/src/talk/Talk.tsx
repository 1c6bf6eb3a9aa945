/** The talk script in the middle of the desk: answers are kept as they are given. */
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { ApiError } from "@/api/client";
import { worthAgain } from "@/api/queryClient";
import { keepAnswers, talkQuery, type Given, type TalkScript } from "@/api/talk";
import type { DeskContact } from "@/api/types";
import { Refusal } from "@/design/Refusal";
import { refusedAt } from "@/talk/way";
import { type Refused, Way } from "@/talk/Way";
import "@/talk/talk.css";

export function Talk({ contact }: { contact: DeskContact }) {
  const { data, error } = useQuery(talkQuery(contact.id, contact.talk_script ?? ""));
  if (error) return <Refusal error={error} />;
  return data ? <Script contact={contact.id} talk={data} /> : null;
}

function Script({ contact, talk }: { contact: string; talk: TalkScript }) {
  const [given, setGiven] = useState(talk.answers);
  const [refused, setRefused] = useState<Refused | null>(null);
  const saving = useMutation({
    mutationFn: (answers: Given[]) => keepAnswers(contact, talk, answers),
    retry: (failures, error) => failures < 5 && worthAgain(error),
    scope: { id: `talk ${contact}` },
    // What the server does not take is answered anew; what came after it led on from there.
    onError: (error, answers) => {
      const at = error instanceof ApiError ? refusedAt(error.field) : null;
      const one = at === null ? undefined : answers[at];
      if (at === null || !one) return;
      setGiven((now) => (now[at]?.step === one.step && now[at].value === one.value ? now.slice(0, at) : now));
      setRefused({ at, step: one.step, value: one.value ?? "", message: error.message });
    },
  });
  const keep = (answers: Given[]) => {
    setRefused(null);
    setGiven(answers);
    saving.mutate(answers);
  };
  return (
    <section className="talk" aria-labelledby="talk-title">
      <div className="talkTop">
        <h2 id="talk-title" className="heading">
          {talk.title}
        </h2>
        <span className="caption" aria-live="polite">
          {saving.isError ? <Trans>Not saved yet</Trans> : saving.isSuccess ? <Trans>Saved</Trans> : null}
        </span>
      </div>
      <Way steps={talk.steps} given={given} known={talk.known} refused={refused} keep={keep} />
      {!refused && <Refusal error={saving.error} />}
    </section>
  );
}
