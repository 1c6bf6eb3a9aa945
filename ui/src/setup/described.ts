import type { ReactNode } from "react";

import type { Problem } from "@/api/parts";

/** Of a field with a `Beneath` of the same id. */
export const described = (id: string, help: ReactNode, problems: readonly Problem[]) => ({
  "aria-describedby": [problems.length > 0 && `${id}told`, help && `${id}help`].filter(Boolean).join(" ") || undefined,
  "aria-invalid": problems.some(({ warning }) => !warning) || undefined,
});
