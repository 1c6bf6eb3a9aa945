/** An entry point and its table of rules as they are edited. What the form does not know stays in them, untouched. Pure. */
import type { Weekday } from "@/hours/calendar";
import type { Destination } from "@/queues/queue";

export interface Conditions {
  caller?: string[];
  caller_prefix?: string[];
  caller_list?: string[];
  open?: string | null;
  closed?: string | null;
  days?: Weekday[];
  hours?: string[];
  incident?: boolean | null;
  [other: string]: unknown;
}

export interface Rule {
  id: string;
  when: Conditions;
  to: Destination;
}

export interface EntryPoint {
  id: string;
  name: string;
  number: string;
  scenario: string;
  time_zone: string;
  division?: string | null;
  rules: Rule[];
  [other: string]: unknown;
}

/** The number itself is still to be typed. */
export const emptyEntryPoint = (id: string, name: string, scenario: string, time_zone: string): EntryPoint => ({ id, name, number: "", scenario, time_zone, rules: [] });

/** The file may ask for both: while one calendar is open and another closed. The form then shows and changes what is to be open. */
export const asksBoth = ({ open, closed }: Conditions): boolean => Boolean(open && closed);

/** "open:office", "closed:office", or nothing. */
export const hoursOf = ({ open, closed }: Conditions): string => (open ? `open:${open}` : closed ? `closed:${closed}` : "");

export function withHours(when: Conditions, chosen: string): Conditions {
  const at = chosen.indexOf(":");
  const calendar = chosen.slice(at + 1);
  const open = chosen.startsWith("open:") ? calendar : null;
  if (asksBoth(when)) return { ...when, open };
  return { ...when, open, closed: chosen.startsWith("closed:") ? calendar : null };
}

const SHOWN = new Set(["caller", "caller_prefix", "caller_list", "open", "closed", "days", "hours", "incident"]);

/** The conditions that the form does not show, as the file calls them. */
export const beside = (when: Conditions): string[] =>
  Object.entries(when)
    .filter(([name, value]) => (!SHOWN.has(name) || (name === "closed" && asksBoth(when))) && value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([name]) => name);
