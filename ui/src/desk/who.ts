/** What a contact is called where there is no card: by its number, or by what was written of whoever it is. */
import { type DeskContact, onLine } from "@/api/types";
import { phone } from "@/i18n/format";
import { useWords } from "@/i18n/words";

/** The number or the mail; of a request without either, who is said to have made it. */
export function useReached() {
  const words = useWords();
  return (contact: Pick<DeskContact, "channel" | "ani" | "letters">) => {
    if (contact.ani) return phone(contact.ani);
    const sender = contact.letters[0]?.sender;
    return (!onLine(contact) && (sender?.["name"] ?? sender?.["mail"])) || words.unknown(contact.channel);
  };
}
