/** The parts of the set-up, above each of them. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

import "@/configuration/setupNav.css";

export function SetupNav() {
  const { t } = useLingui();
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // On a narrow screen the line is longer than the screen: where one is must be seen.
  useEffect(() => {
    const show = () => {
      nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ inline: "center", block: "nearest" });
    };
    show();
    window.addEventListener("resize", show);
    return () => window.removeEventListener("resize", show);
  }, [pathname]);
  return (
    <nav ref={nav} className="setupNav" aria-label={t`Parts of the set-up`}>
      <Link to="/configuration" activeOptions={{ exact: true }}>
        <Trans>As a file</Trans>
      </Link>
      <Link to="/configuration/queues">
        <Trans>Queues</Trans>
      </Link>
      <Link to="/configuration/hours">
        <Trans>Opening hours</Trans>
      </Link>
      <Link to="/configuration/entry">
        <Trans>Numbers and rules</Trans>
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
      <Link to="/configuration/results">
        <Trans>Results</Trans>
      </Link>
      <Link to="/configuration/fields">
        <Trans>Card fields</Trans>
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
