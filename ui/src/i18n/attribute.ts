/** A value that a scenario has found out, as people of the language read it. */
import type { Attribute } from "@/api/types";
import { fullDate, fullMoment, number, phone } from "@/i18n/format";

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d/;
/** Whole figures without a form are numbers of orders and contracts: their digits stay together. */
const FRACTION = /^-?\d{1,15}\.\d{1,6}$/;
const FIGURE = /^-?\d{1,15}(\.\d{1,6})?$/;

export function attribute({ form, value }: Pick<Attribute, "form" | "value">): string {
  if (form === "text") return value;
  if (form === "phone") return phone(value);
  if (form === "number") return FIGURE.test(value) ? number(Number(value)) : value;
  if (DAY.test(value)) return fullDate(value);
  const moment = value.replace(" ", "T");
  if (MOMENT.test(value) && !Number.isNaN(Date.parse(moment))) return fullMoment(moment);
  if (form === "date") return value;
  if (FRACTION.test(value)) return number(Number(value));
  if (value === "true") return "✓";
  if (value === "false") return "✗";
  return value;
}
