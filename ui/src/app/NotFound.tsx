import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import "@/app/outside.css";
import { Mark } from "@/design/Mark";

export function NotFound() {
  return (
    <main className="outside">
      <Mark size={40} />
      <h1>
        <Trans>There is no such page</Trans>
      </h1>
      <p className="muted">
        <Trans>The address may be mistyped, or the page has moved.</Trans>
      </p>
      <Link to="/" className="button primary">
        <Trans>To the start page</Trans>
      </Link>
    </main>
  );
}
