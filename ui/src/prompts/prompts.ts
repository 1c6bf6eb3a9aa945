/** All texts that the machine says, and which of them are recorded. */
import { queryOptions } from "@tanstack/react-query";

import { call } from "@/api/client";

export interface Prompt {
  id: string;
  language: string;
  text: string;
  places: string[];
  varies: boolean;
  recording: string | null;
  seconds: number | null;
}

export const PROMPTS = ["prompts"];

export const promptsQuery = queryOptions({
  queryKey: PROMPTS,
  queryFn: async () => (await call<{ prompts: Prompt[] }>("GET", "/api/prompts")).prompts,
});

/** Music that was handed in lately, or that a queue plays. `queues`: their names. `cleared_at`: from when it is gone, since nothing uses it. */
export interface HandedIn {
  recording: string;
  name: string;
  seconds: number;
  queues: string[];
  cleared_at: string | null;
}

export const MUSIC = ["music"];

export const musicQuery = queryOptions({
  queryKey: MUSIC,
  queryFn: async () => (await call<{ music: HandedIn[] }>("GET", "/api/prompts/music")).music,
  staleTime: 0,
});
