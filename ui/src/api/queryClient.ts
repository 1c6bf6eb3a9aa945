import { notifyManager, QueryClient } from "@tanstack/react-query";

import { ApiError } from "@/api/client";

// By default React is told by a timer. Until it runs, the page knows what it does not show, and a key pressed by what is seen means
// what is known.
notifyManager.setScheduler(queueMicrotask);

/** A refusal is an answer; only an unreachable or stumbling server is asked again. */
export const worthAgain = (error: Error) => !(error instanceof ApiError && error.status > 0 && error.status < 500);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      staleTime: 15_000,
      retry: (failures, error) => failures < 3 && worthAgain(error),
    },
  },
});
