/** Where the contacts of the last day went in this flow, and where they are now: from the log, as it grows. */
import { Trans, useLingui } from "@lingui/react/macro";

import type { CourseOfFlow } from "@/api/flows";
import { Button } from "@/design/Button";
import { labelOf, type Flow } from "@/flows/flow";
import { Figures, share } from "@/flows/Figures";
import { order } from "@/flows/layout";

export function Course({ flow, course, choose }: { flow: Flow; course: CourseOfFlow | undefined; choose: (id: string) => void }) {
  const { t, i18n } = useLingui();
  if (!course) return null;
  if (course.contacts === 0) return <p className="flowPanel muted">{t`No contact has come to this flow in the last 24 hours.`}</p>;
  const of = (part: number, whole: number) => share(part, whole, i18n.locale);
  const rows = order(flow).flatMap((block) => {
    const step = course.steps[block.id];
    return step ? [{ block, step }] : [];
  });
  return (
    <div className="flowPanel">
      <Figures course={course} />
      <table className="table flowCourse" aria-label={t`Blocks`}>
        <thead>
          <tr>
            <th scope="col">{t`Block`}</th>
            <th scope="col" className="end">{t`Came`}</th>
            <th scope="col" className="end">{t`Now`}</th>
            <th scope="col" className="end">{t`Hung up`}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ block, step }) => (
            <tr key={block.id}>
              <td>
                <Button kind="bare" className="flowJump" onPress={() => choose(block.id)}>
                  {labelOf(block)}
                </Button>
              </td>
              <td className="figures end">{step.came}</td>
              <td className="figures end">{step.now || "–"}</td>
              <td className="figures end">{of(step.left, step.came)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted flowHelp">
        <Trans>Of the published version, as far as the log tells: behind a condition a contact may be further than it says.</Trans>
      </p>
    </div>
  );
}
