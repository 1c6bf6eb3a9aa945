/** The parts of the set-up, above each of them, by what they are for. */
import { useLingui } from "@lingui/react/macro";
import { Link, useLocation, type LinkProps } from "@tanstack/react-router";
import { useEffect, useId, useRef, type ReactNode } from "react";

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
      <Group name={t`Answering`}>
        <Part to="/configuration/entry">{t`Numbers and rules`}</Part>
        <Part to="/configuration/hours">{t`Opening hours`}</Part>
        <Part to="/configuration/queues">{t`Queues`}</Part>
        <Part to="/configuration/flows">{t`Flows`}</Part>
        <Part to="/configuration/handlers">{t`Python`}</Part>
        <Part to="/configuration/prompts">{t`Prompts`}</Part>
      </Group>
      <Group name={t`Desk`}>
        <Part to="/configuration/results">{t`Results`}</Part>
        <Part to="/configuration/fields">{t`Card fields`}</Part>
        <Part to="/configuration/scripts">{t`Talk scripts`}</Part>
        <Part to="/configuration/knowledge">{t`Knowledge base`}</Part>
      </Group>
      <Group name={t`Other`}>
        <Part to="/configuration/alerts">{t`Alerts`}</Part>
        <Part to="/configuration/telephones">{t`Telephones`}</Part>
        <Part to="/configuration/wallboards">{t`Wallboards`}</Part>
        <Part to="/configuration">{t`As a file`}</Part>
      </Group>
    </nav>
  );
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <span id={id} className="setupGroup">
        {name}
      </span>
      {children}
    </div>
  );
}

function Part({ to, children }: { to: NonNullable<LinkProps["to"]>; children: string }) {
  return (
    <Link to={to} activeOptions={{ exact: true, includeSearch: false }}>
      {children}
    </Link>
  );
}
