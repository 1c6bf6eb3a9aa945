/** Signing out: the session ends, and nothing of what it showed stays in this page. */
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { queryClient } from "@/api/queryClient";
import { sessionQuery, signOut } from "@/api/session";

/** Was this browser ever asked to tell its person anything? */
const pushedHere = () => "serviceWorker" in navigator && navigator.serviceWorker.controller !== null;

export function useSignOut() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      // What comes after is not for whoever sits here then; where it cannot be said, signing out goes on.
      if (pushedHere()) await import("@/api/push").then((push) => push.forget()).catch(() => undefined);
      await signOut();
    },
    onSuccess: async () => {
      queryClient.setQueryData(sessionQuery.queryKey, null);
      await navigate({ to: "/sign-in", search: {}, replace: true });
      queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
  });
}
