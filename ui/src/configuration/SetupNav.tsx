/** The parts of the set-up, above each of them. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import "@/configuration/setupNav.css";

export function SetupNav() {
  const { t } = useLingui();
  return (
    <nav className="setupNav" aria-label={t`Parts of the set-up`}>
      <Link to="/configuration" activeOptions={{ exact: true }}>
        <Trans>As a file</Trans>
      </Link>
      <Link to="/configuration/flows">
        <Trans>Flows</Trans>
      </Link>
      <Link to="/configuration/handlers">
        <Trans>Python</Trans>
      </Link>
      <Link to="/configuration/scripts">
        <Trans>Talk scripts</Trans>
      </Link>
      <Link to="/configuration/prompts">
        <Trans>Prompts</Trans>
      </Link>
      <Link to="/configuration/knowledge">
        <Trans>Knowledge base</Trans>
      </Link>
      <Link to="/configuration/telephones">
        <Trans>Telephones</Trans>
      </Link>
      <Link to="/configuration/wallboards">
        <Trans>Wallboards</Trans>
      </Link>
    </nav>
  );
}
