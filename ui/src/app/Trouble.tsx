import { Trans } from "@lingui/react/macro";

import { ApiError } from "@/api/client";
import "@/app/outside.css";
import { Button } from "@/design/Button";
import { Mark } from "@/design/Mark";

/** When a page cannot be shown at all: what happened, and one way out. */
export function Trouble({ error }: { error: unknown }) {
  const unreachable = error instanceof ApiError;
  return (
    <main className="outside">
      <Mark size={40} />
      <h1>{unreachable ? <Trans>The server is not answering</Trans> : <Trans>The page has failed</Trans>}</h1>
      <p className="muted">
        {unreachable ? (
          <Trans>It may be restarting. Calls in progress go on.</Trans>
        ) : (
          <Trans>Reload it: a call in progress is not lost, the desk comes back into it.</Trans>
        )}
      </p>
      <Button kind="primary" onPress={() => location.reload()}>
        <Trans>Reload</Trans>
      </Button>
      {!unreachable && <code className="caption">{error instanceof Error ? error.message : null}</code>}
    </main>
  );
}
