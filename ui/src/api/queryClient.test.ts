import { QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";

import { queryClient } from "@/api/queryClient";

test("who follows a query hears of it without any timer: the page shows what it knows", async () => {
  vi.useFakeTimers();
  const seen: unknown[] = [];
  const stop = new QueryObserver(queryClient, { queryKey: ["followed"], enabled: false }).subscribe(({ data }) => seen.push(data));
  queryClient.setQueryData(["followed"], "held");
  await Promise.resolve();
  expect(seen).toEqual(["held"]);
  stop();
  vi.useRealTimers();
});
