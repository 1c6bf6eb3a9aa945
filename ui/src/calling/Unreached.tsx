/** The agent's last call came to nothing: why, and once more. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { PhoneMissed, RotateCcw, X } from "lucide-react";
import { useState } from "react";

import { callColleague, placeCall } from "@/api/calls";
import type { Unreached as Call } from "@/api/floor";
import "@/calling/calling.css";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { clock, phone } from "@/i18n/format";
import { useWords } from "@/i18n/words";

const KEPT = "otklik.unreached.dismissed";

export function Unreached({ call }: { call: Call }) {
  const { t } = useLingui();
  const words = useWords();
  const [dismissed, setDismissed] = useState(() => sessionStorage.getItem(KEPT) === call.id);
  const again = useMutation({
    mutationFn: () => (call.colleague ? callColleague(call.colleague.id) : placeCall({ number: call.number ?? "", queue: call.queue ?? undefined, entry_point: call.entry_point })),
  });
  if (dismissed) return null;
  const dismiss = () => {
    sessionStorage.setItem(KEPT, call.id);
    setDismissed(true);
  };
  const number = call.colleague?.name ?? (call.number ? phone(call.number) : words.withheld);
  return (
    <section className="unreached card" aria-label={t`Not reached`}>
      <PhoneMissed size={20} aria-hidden />
      <p role="status">
        <strong>{words.cause(call.failure)}</strong>
        <span className="muted">
          <bdi className="figures">{number}</bdi> · {clock(call.at)}
        </span>
      </p>
      <Button icon={RotateCcw} isPending={again.isPending} onPress={() => again.mutate()}>
        <Trans>Call again</Trans>
      </Button>
      <IconButton icon={X} name={t`Close`} onPress={dismiss} />
      <Refusal error={again.error} />
    </section>
  );
}
