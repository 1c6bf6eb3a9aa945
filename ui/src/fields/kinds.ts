/** What a field is, in words. */
import { useLingui } from "@lingui/react/macro";

import type { CardField } from "@/fields/card";

export function useKinds(): Record<CardField["kind"], string> {
  const { t } = useLingui();
  return {
    text: t`A line of text`,
    long_text: t`A longer text`,
    number: t`A number`,
    date: t`A date`,
    choice: t`One of several`,
    choices: t`Some of several`,
    yes_no: t`Yes or no`,
    phone: t`A telephone number`,
    mail: t`A mail address`,
    link: t`A link`,
  };
}
