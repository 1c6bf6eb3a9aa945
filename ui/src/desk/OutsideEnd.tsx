import { Trans } from "@lingui/react/macro";

import type { DeskContact } from "@/api/types";
import { useWords } from "@/i18n/words";

/** Why whoever was called outside about this customer was not talked to, or that they have hung up. */
export function OutsideEnd({ contact }: { contact: DeskContact | null }) {
  const words = useWords();
  if (!contact?.outside_end) return null;
  const why = words.cause(contact.outside_end);
  return (
    <p className="contactAsked" role="status">
      {contact.state === "held" ? <Trans>Number outside: {why}. The customer is on hold: press Resume.</Trans> : <Trans>Came back from a number outside: {why}.</Trans>}
    </p>
  );
}
