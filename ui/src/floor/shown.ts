/** Which rows the address asks for, and in which order. Pure. */
import type { FloorNotice } from "@/api/notices";
import type { AgentState, FloorAgent, FloorContact, FloorQueue, QueueToday } from "@/api/types";
import type { FloorSearch } from "@/app/router";
import { byName } from "@/i18n/format";

export const BUSY: readonly AgentState[] = ["dialling", "talking", "held", "rejoining"];
const ORDER: AgentState[] = ["offered", "dialling", "talking", "held", "rejoining", "wrap_up", "ready", "not_ready", "offline"];

const plain = (text: string) => text.toLocaleLowerCase().replaceAll("ё", "е");
const digits = (text: string) => text.replace(/\D/g, "");

/** Does a name hold the words, or a number the digits? */
function found(asked: string | undefined, name: string, number: string | null | undefined): boolean {
  if (!asked) return true;
  return plain(name).includes(plain(asked)) || (digits(asked) !== "" && digits(number ?? "").includes(digits(asked)));
}

export function shownAgents(agents: readonly FloorAgent[], queues: readonly FloorQueue[], search: FloorSearch): FloorAgent[] {
  const queue = queues.find((one) => one.id === search.queue)?.name;
  const shown = agents.filter(
    (agent) =>
      found(search.q, agent.name, agent.contact?.ani) &&
      (search.queue === undefined || (queue !== undefined && agent.queues.includes(queue))) &&
      (search.state === undefined || (search.state === "busy" ? BUSY.includes(agent.state) : agent.state === search.state)),
  );
  const byTime = (a: FloorAgent, b: FloorAgent) => Number(a.state === "offline") - Number(b.state === "offline") || a.since.localeCompare(b.since);
  const byState = (a: FloorAgent, b: FloorAgent) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state);
  const first = search.sort === "time" ? byTime : search.sort === "name" ? () => 0 : byState;
  return shown.sort((a, b) => first(a, b) || byName(a, b));
}

export const shownContacts = (contacts: readonly FloorContact[], search: FloorSearch): FloorContact[] =>
  contacts.filter((contact) => {
    const queue = typeof contact.queue === "string" ? contact.queue : contact.queue?.id;
    return found(search.q, "", contact.ani) && (search.queue === undefined || queue === search.queue);
  });

/** Who is at work, is to see a message and has not put it away. */
export function stillToSee(notice: FloorNotice, agents: readonly FloorAgent[]): FloorAgent[] {
  const seen = new Set(notice.seen.map((one) => one.id));
  const everybody = notice.queues.length + notice.agents.length === 0;
  const isFor = (agent: FloorAgent) => everybody || notice.agents.includes(agent.id) || notice.queues.some((queue) => queue in agent.levels);
  return agents.filter((agent) => agent.state !== "offline" && !seen.has(agent.id) && isFor(agent));
}

/** The names of queues and agents whom a message is for; empty: everybody. */
export const addressed = (notice: FloorNotice, agents: readonly FloorAgent[], queues: readonly FloorQueue[]): string[] => [
  ...notice.queues.map((id) => queues.find((one) => one.id === id)?.name ?? id),
  ...notice.agents.map((id) => agents.find((one) => one.id === id)?.name ?? id),
];

export type Mark = "wait_alarm" | "waiting_alarm" | "level_alarm" | "wait_warning" | "waiting_warning" | "level_warning";

export interface Served {
  offered: number;
  answered: number;
  abandoned: number;
  longest_seconds: number;
  /** Percent answered in time, rounded down; null where there was nobody yet. */
  level: number | null;
}

/** How these queues have been served today; `now`: the server's clock. */
export function servedToday(queues: readonly FloorQueue[], now: number): Served {
  const days = queues.flatMap(({ today }) => (today && Date.parse(today.ends_at) > now ? [today] : []));
  const sum = (pick: (day: QueueToday) => number) => days.reduce((total, day) => total + pick(day), 0);
  const answered = sum((day) => day.answered);
  const abandoned = sum((day) => day.abandoned);
  const offered = answered + abandoned;
  return {
    offered,
    answered,
    abandoned,
    longest_seconds: Math.max(0, ...days.map((day) => day.longest_seconds)),
    level: offered > 0 ? Math.floor((sum((day) => day.in_time) * 100) / offered) : null,
  };
}

/** With fewer contacts a share tells nothing yet. */
const ENOUGH = 10;

/** What is worst about a queue now, by the tenant's thresholds. */
export function markOf(queue: FloorQueue, waitSeconds: number, now = 0): Mark | null {
  const { thresholds: at, waiting } = queue;
  const { level, offered } = servedToday([queue], now);
  const under = (limit: number) => level !== null && offered >= ENOUGH && level < limit;
  const over = (value: number, limit: number) => limit > 0 && value >= limit;
  if (over(waitSeconds, at.wait_alarm_seconds)) return "wait_alarm";
  if (over(waiting, at.waiting_alarm)) return "waiting_alarm";
  if (under(at.level_alarm)) return "level_alarm";
  if (over(waitSeconds, at.wait_warning_seconds)) return "wait_warning";
  if (over(waiting, at.waiting_warning)) return "waiting_warning";
  return under(at.level_warning) ? "level_warning" : null;
}
