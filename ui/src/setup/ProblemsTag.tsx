/** How many problems a line of a list has, and whether one of them keeps it from being published. */
import { useLingui } from "@lingui/react/macro";

import { Tag } from "@/design/Tag";

export function ProblemsTag({ problems }: { problems: readonly { warning: boolean }[] }) {
  const { t } = useLingui();
  return problems.length > 0 && <Tag tone={problems.some(({ warning }) => !warning) ? "bad" : "warn"}>{t`Problems: ${problems.length}`}</Tag>;
}
