/** How many came, how many are in it now, how many it served without an agent: of a flow as of a scenario in Python. */
import { useLingui } from "@lingui/react/macro";

import type { CourseOfFlow } from "@/api/flows";
import "@/flows/figures.css";

export const share = (part: number, whole: number, locale: string) => (whole > 0 ? new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(part / whole) : "–");

export function Figures({ course }: { course: CourseOfFlow }) {
  const { t, i18n } = useLingui();
  const of = (part: number, whole: number) => share(part, whole, i18n.locale);
  return (
    <dl className="flowFigures">
      <div>
        <dt>{t`Contacts in 24 hours`}</dt>
        <dd className="figures">{course.contacts}</dd>
      </div>
      <div>
        <dt>{t`In the flow now`}</dt>
        <dd className="figures">{course.now}</dd>
      </div>
      <div>
        <dt>{t`Served without an agent`}</dt>
        <dd className="figures">{of(course.served, course.served + course.queued)}</dd>
      </div>
      <div>
        <dt>{t`Hung up in the flow`}</dt>
        <dd className="figures">{of(course.left, course.contacts)}</dd>
      </div>
    </dl>
  );
}
