/** What the scenario of a contact has found out: the order, its state, what was keyed in. */
import { Plural } from "@lingui/react/macro";

import type { Attribute } from "@/api/types";
import "@/desk/found.css";
import { attribute } from "@/i18n/attribute";
import { spoken } from "@/i18n/language";

/** `most`: how many there is room for. */
export function Found({ found, most = 100 }: { found: readonly Attribute[]; most?: number }) {
  const more = found.length - most;
  if (found.length === 0) return null;
  return (
    <div className="found">
      <dl>
        {found.slice(0, most).map((one) => (
          <div key={one.name}>
            <dt>{one[spoken()]}</dt>
            <dd dir="auto">{attribute(one)}</dd>
          </div>
        ))}
      </dl>
      {more > 0 && (
        <p className="caption">
          <Plural value={more} one="and # more" other="and # more" />
        </p>
      )}
    </div>
  );
}
