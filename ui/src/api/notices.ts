/** Messages of supervisors to agents. Who sees what comes with the live state; the words are asked for. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { call } from "@/api/client";

/** A message of a supervisor on an agent's desk; the words are asked for. */
export interface DeskNotice {
  id: string;
  urgent: boolean;
  at: string;
  expires_at: string;
}

/** A message to the agents of these queues and to these agents, or to everybody; who has put it away. */
export interface FloorNotice extends DeskNotice {
  withdrawn_at: string | null;
  queues: string[];
  agents: string[];
  seen: { id: string; name: string; at: string }[];
}

export interface WrittenNotice {
  id: string;
  text: string;
  by: string;
}

export interface NewNotice {
  text: string;
  queues: string[];
  agents: string[];
  urgent: boolean;
  lasts_seconds: number;
}

const PATH = "/api/notices";

export const writtenQuery = (ids: string[]) =>
  queryOptions({
    queryKey: ["notices", ...ids],
    queryFn: () => call<WrittenNotice[]>("GET", `${PATH}?${new URLSearchParams(ids.map((id) => ["ids", id])).toString()}`),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
    enabled: ids.length > 0,
  });

export const postNotice = (notice: NewNotice) => call<WrittenNotice>("POST", PATH, notice);
export const seeNotice = (id: string) => call("POST", `${PATH}/${id}/seen`, {});
export const withdrawNotice = (id: string) => call("DELETE", `${PATH}/${id}`);
