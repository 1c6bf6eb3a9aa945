/** Who waits in the agent's queues; one press takes any of them. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { PhoneIncoming, Voicemail } from "lucide-react";

import { pull } from "@/api/desk";
import type { Pickable } from "@/api/types";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Since } from "@/design/Timer";
import "@/desk/consulting.css";
import { phone } from "@/i18n/format";
import { useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";

export function Waiting() {
  const { t } = useLingui();
  const words = useWords();
  const waiting = useLive((state) => state.waiting) ?? [];
  const taking = useMutation({ mutationFn: (contact: Pickable) => pull(contact.id) });
  if (waiting.length === 0) return null;
  return (
    <section className="pickable" aria-label={t`Waiting in my queues`}>
      <h2 className="heading">
        <Trans>Waiting in my queues</Trans>
      </h2>
      <ul className="card">
        {waiting.map((contact) => {
          const who = contact.name ?? (contact.ani ? phone(contact.ani) : words.unknown(contact.channel));
          return (
            <li key={contact.id}>
              <span className="clip">{who}</span>
              <span className="clip muted">{contact.queue.name}</span>
              <Since at={contact.since} className="figures" />
              <Button icon={contact.channel === "voicemail" ? Voicemail : PhoneIncoming} aria-label={t`Take: ${who}`} isPending={taking.isPending && taking.variables.id === contact.id} onPress={() => taking.mutate(contact)}>
                <Trans>Take</Trans>
              </Button>
            </li>
          );
        })}
      </ul>
      <Refusal error={taking.error} />
    </section>
  );
}
