/** Where the contacts of the last day went in this code, step by step, and where they are now: from the log, as it grows. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { handlerCourseQuery } from "@/api/handlers";
import { Refusal } from "@/design/Refusal";
import { Figures, share } from "@/flows/Figures";

export function Course({ handler }: { handler: string }) {
  const { t, i18n } = useLingui();
  const { data, error } = useQuery(handlerCourseQuery(handler));
  return (
    <section className="card handlerCourse" aria-label={t`Course`}>
      <h2 className="heading">
        <Trans>Course</Trans>
      </h2>
      <Refusal error={error} />
      {data?.contacts === 0 && <p className="muted">{t`No contact has come to it in the last 24 hours.`}</p>}
      {data && data.contacts > 0 && (
        <>
          <Figures course={data} />
          <table className="table flowCourse" aria-label={t`Steps`}>
            <thead>
              <tr>
                <th scope="col">{t`Step`}</th>
                <th scope="col" className="end">{t`Came`}</th>
                <th scope="col" className="end">{t`Now`}</th>
                <th scope="col" className="end">{t`Hung up`}</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(data.steps).map(([name, step]) => (
                <tr key={name}>
                  <td>{name}</td>
                  <td className="figures end">{step.came}</td>
                  <td className="figures end">{step.now || "–"}</td>
                  <td className="figures end">{share(step.left, step.came, i18n.locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="caption">
            <Trans>By the names of the steps, of all versions of the code.</Trans>
          </p>
        </>
      )}
    </section>
  );
}
