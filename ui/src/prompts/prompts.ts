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
