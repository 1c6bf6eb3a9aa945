/** What scenarios failed of, with the traceback of the code; each contact is in its default queue. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import type { ScenarioFault } from "@/api/handlers";
import { fullMoment } from "@/i18n/format";

/** `named`: of several scenarios. */
export function Faults({ faults, named }: { faults: ScenarioFault[]; named?: boolean }) {
  const { t } = useLingui();
  return (
    <section className="card handlerFaults">
      <h2 className="heading">
        <Trans>Faults</Trans>
      </h2>
      {faults.length === 0 ? (
        <p className="muted">
          <Trans>None. Where a scenario fails, its contact goes to the default queue, and the reason stands here.</Trans>
        </p>
      ) : (
        <ul aria-label={t`Faults`}>
          {faults.map(({ at, contact, scenario, block, reason, traceback }) => (
            <li key={`${at}${contact}`}>
              <p className="handlerFaultTop">
                <span className="figures muted">{fullMoment(at)}</span>
                {named && <strong>{scenario}</strong>}
                {block && <span>“{block}”</span>}
                <Link to="/contacts" search={{ contact }}>
                  <Trans>Contact</Trans>
                </Link>
              </p>
              <p className="handlerReason">{reason}</p>
              {traceback && (
                <details>
                  <summary>
                    <Trans>Traceback</Trans>
                  </summary>
                  <pre tabIndex={0} aria-label={t`Traceback`}>
                    {traceback}
                  </pre>
                </details>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
