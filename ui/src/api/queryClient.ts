import { QueryClient } from "@tanstack/react-query";

import { ApiError } from "@/api/client";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      staleTime: 15_000,
      // A refusal is an answer; only an unreachable or stumbling server is asked again.
      retry: (failures, error) => failures < 3 && !(error instanceof ApiError && error.status > 0 && error.status < 500),
    },
  },
});
