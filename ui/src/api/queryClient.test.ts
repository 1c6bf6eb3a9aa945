import { notifyManager, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";

import { queryClient } from "@/api/queryClient";

test("what React hears of a query it hears without any timer: the page shows what it knows", async () => {
  vi.useFakeTimers();
  const seen: unknown[] = [];
  const told = notifyManager.batchCalls(() => void seen.push(queryClient.getQueryData(["followed"]))); // as `useQuery` listens
  const stop = new QueryObserver(queryClient, { queryKey: ["followed"], enabled: false }).subscribe(told);
  queryClient.setQueryData(["followed"], "held");
  await Promise.resolve();
  expect(seen).toEqual(["held"]);
  stop();
  vi.useRealTimers();
});
