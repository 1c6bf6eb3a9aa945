/** Signing out: the session ends, and nothing of what it showed stays in this page. */
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { queryClient } from "@/api/queryClient";
import { sessionQuery, signOut } from "@/api/session";

/** Was this browser ever asked to tell its person anything? A page that was loaded past the worker has no controller, but a worker. */
const pushedHere = async () => "serviceWorker" in navigator && (await navigator.serviceWorker.getRegistration()) !== undefined;

async function tellNothingMore(): Promise<void> {
  if (await pushedHere()) await (await import("@/api/push")).forget();
}

export function useSignOut() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      // What comes after is not for whoever sits here then; where it cannot be said, signing out goes on.
      await tellNothingMore().catch(() => undefined);
      await signOut();
    },
    onSuccess: async () => {
      queryClient.setQueryData(sessionQuery.queryKey, null);
      await navigate({ to: "/sign-in", search: {}, replace: true });
      queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
  });
}
