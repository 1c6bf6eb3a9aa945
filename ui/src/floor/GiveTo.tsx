/** A supervisor gives a contact that waits to an agent, whatever the agent's skills. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";

import type { FloorAgent } from "@/api/types";
import { Button } from "@/design/Button";
import { Tag } from "@/design/Tag";
import { agentTone, statusWords, useWords } from "@/i18n/words";
import { useLive } from "@/live/useLive";

/** Who has nothing in hand, those who are ready first. */
const free = (agents: readonly FloorAgent[]) =>
  agents
    .filter((agent) => agent.state === "ready" || agent.state === "not_ready")
    .sort((a, b) => Number(b.state === "ready") - Number(a.state === "ready") || a.name.localeCompare(b.name));

export function GiveTo({ agents, give }: { agents: FloorAgent[]; give: (agent: string) => void }) {
  const { t } = useLingui();
  const words = useWords();
  const reasons = useLive(statusWords) ?? [];
  const shown = free(agents);
  return (
    <MenuTrigger>
      <Button kind="bare" className="giveTo" isDisabled={shown.length === 0}>
        <Trans>Give to…</Trans>
      </Button>
      <Popover className="popover" placement="bottom end" offset={6}>
        <Menu className="menu giveToMenu" aria-label={t`Give to…`} onAction={(key) => give(String(key))}>
          {shown.map((agent) => (
            <MenuItem key={agent.id} id={agent.id} textValue={agent.name}>
              <span className="clip">{agent.name}</span>
              <Tag tone={agentTone[agent.state]} dotted>
                {words.status(agent.state, agent.reason, reasons)}
              </Tag>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
