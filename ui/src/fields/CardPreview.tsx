/** The card's own fields as an agent fills them in. Nothing is kept. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import type { FieldValue } from "@/api/customers";
import "@/customers/customers.css";
import { OwnField } from "@/customers/OwnField";
import { drawn, entries, type CardSetUp } from "@/fields/card";
import { spoken } from "@/i18n/language";

export function CardPreview({ card }: { card: CardSetUp }) {
  const { t } = useLingui();
  const [said, setSaid] = useState<Record<string, FieldValue>>({});
  if (card.customer_fields.length === 0) {
    return (
      <p className="muted">
        <Trans>The card has no fields of your own yet.</Trans>
      </p>
    );
  }
  return (
    <div className="cardWhole" role="group" aria-label={t`As the agent sees it`}>
      {groups(card).map(({ id, fields }) => {
        const heading = card.field_groups.find((each) => each.id === id);
        return (
          <fieldset key={id ?? ""} className="cardFields" aria-label={heading ? undefined : t`More about the customer`}>
            {heading && <legend className="heading">{heading[spoken()] || heading.id}</legend>}
            {fields.map((field) => (
              <OwnField key={`${field.id} ${field.kind}`} field={{ ...drawn(field, card), [spoken()]: field[spoken()] || field.id }} value={said[field.id] ?? null} fault={undefined} change={(value) => setSaid({ ...said, [field.id]: value })} />
            ))}
          </fieldset>
        );
      })}
    </div>
  );
}

/** Headings without a field are not drawn. */
function groups(card: CardSetUp) {
  const found: { id: string | null; fields: CardSetUp["customer_fields"] }[] = [{ id: null, fields: [] }];
  for (const { of, id } of entries(card)) {
    if (of === "group") found.push({ id, fields: [] });
    else found.at(-1)?.fields.push(...card.customer_fields.filter((each) => each.id === id));
  }
  return found.filter(({ fields }) => fields.length > 0);
}
