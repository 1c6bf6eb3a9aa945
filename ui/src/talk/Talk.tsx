/** The talk script in the middle of the desk: answers are kept as they are given. */
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { keepAnswers, talkQuery, type Given, type TalkScript } from "@/api/talk";
import type { DeskContact } from "@/api/types";
import { Refusal } from "@/design/Refusal";
import { Way } from "@/talk/Way";
import "@/talk/talk.css";

export function Talk({ contact }: { contact: DeskContact }) {
  const { data, error } = useQuery(talkQuery(contact.id, contact.talk_script ?? ""));
  if (error) return <Refusal error={error} />;
  return data ? <Script contact={contact.id} talk={data} /> : null;
}

function Script({ contact, talk }: { contact: string; talk: TalkScript }) {
  const [given, setGiven] = useState(talk.answers);
  const saving = useMutation({ mutationFn: (answers: Given[]) => keepAnswers(contact, talk, answers), retry: 5, scope: { id: `talk ${contact}` } });
  const keep = (answers: Given[]) => {
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
      <Way steps={talk.steps} given={given} known={talk.known} keep={keep} />
      <Refusal error={saving.error} />
    </section>
  );
}
