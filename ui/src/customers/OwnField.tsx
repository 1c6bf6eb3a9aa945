/** One field of the tenant's form, drawn by its kind. */
import { useLingui } from "@lingui/react/macro";
import { useId } from "react";

import type { FieldValue, FormField } from "@/api/customers";
import { spoken } from "@/i18n/language";

interface Props {
  field: FormField;
  value: FieldValue;
  fault: string | undefined;
  change: (value: FieldValue) => void;
}

const TYPES: Partial<Record<FormField["kind"], string>> = { date: "date", phone: "tel", mail: "email", link: "url" };

export function OwnField({ field, value, fault, change }: Props) {
  const id = useId();
  const help = spoken() === "ru" ? field.help_ru : field.help_en;
  const described = [help && `${id}help`, fault && `${id}fault`].filter(Boolean).join(" ") || undefined;
  const shared = { id, "aria-describedby": described, "aria-invalid": fault ? true : undefined, "aria-required": field.required || undefined } as const;
  const several = field.kind === "choices";
  const name = (
    <>
      {field[spoken()]}
      {field.required && <span aria-hidden> *</span>}
    </>
  );
  const told = (
    <>
      {help && (
        <p id={`${id}help`} className="caption">
          {help}
        </p>
      )}
      {fault && (
        <p id={`${id}fault`} className="fieldFault">
          {fault}
        </p>
      )}
    </>
  );
  if (several) {
    return (
      <fieldset className="field" aria-describedby={described}>
        <legend className="label">{name}</legend>
        <Several field={field} value={Array.isArray(value) ? value : []} change={change} />
        {told}
      </fieldset>
    );
  }
  return (
    <div className={`field ${field.kind === "long_text" ? "wide" : ""}`}>
      <label htmlFor={id}>{name}</label>
      <Control field={field} value={value} change={change} shared={shared} />
      {told}
    </div>
  );
}

function Control({ field, value, change, shared }: Pick<Props, "field" | "value" | "change"> & { shared: object }) {
  const { t } = useLingui();
  const text = value === null ? "" : String(value);
  switch (field.kind) {
    case "long_text":
      return <textarea {...shared} className="input" dir="auto" rows={3} maxLength={field.longest} value={text} onChange={(event) => change(event.target.value)} />;
    case "yes_no":
      return (
        <select {...shared} className="input" value={text} onChange={(event) => change(event.target.value === "" ? null : event.target.value === "true")}>
          <option value="">{t`Not asked`}</option>
          <option value="true">{t`Yes`}</option>
          <option value="false">{t`No`}</option>
        </select>
      );
    case "choice":
      return (
        <select {...shared} className="input" value={text} onChange={(event) => change(event.target.value || null)}>
          <option value="">–</option>
          {text && !field.choices.some((one) => one.id === text) && <option value={text}>{text}</option>}
          {field.choices.map((one) => (
            <option key={one.id} value={one.id}>
              {one[spoken()]}
            </option>
          ))}
        </select>
      );
    default:
      return (
        <input
          {...shared}
          className="input"
          dir={field.kind === "text" ? "auto" : undefined}
          type={TYPES[field.kind] ?? "text"}
          inputMode={field.kind === "number" ? "decimal" : undefined}
          maxLength={field.longest || 2000}
          value={text}
          onChange={(event) => change(event.target.value)}
        />
      );
  }
}

function Several({ field, value, change }: { field: FormField; value: string[]; change: Props["change"] }) {
  return (
    <div className="fieldChoices">
      {field.choices.map((one) => (
        <label key={one.id}>
          <input
            type="checkbox"
            checked={value.includes(one.id)}
            onChange={(event) => change(event.target.checked ? [...value, one.id] : value.filter((each) => each !== one.id))}
          />
          {one[spoken()]}
        </label>
      ))}
    </div>
  );
}
