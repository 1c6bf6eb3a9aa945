import { Trans } from "@lingui/react/macro";
import { CircleAlert } from "lucide-react";

import { ApiError } from "@/api/client";

/** Why something could not be done, in the words of the server; beside what was tried. */
export function Refusal({ error }: { error: Error | null }) {
  if (!error) return null;
  return (
    <div className="refusal" role="alert">
      <CircleAlert size={16} aria-hidden />
      <span>
        {error instanceof ApiError && error.message ? (
          error.message
        ) : (
          <Trans>The server cannot be reached. Check the network and try again.</Trans>
        )}
      </span>
    </div>
  );
}
