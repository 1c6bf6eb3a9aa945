/** Who is signed in. `null` is an answer: nobody. */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";

import { useState } from "react";

import { ApiError, call } from "@/api/client";
import { queryClient } from "@/api/queryClient";
import type { Language, Me, Permission, Theme } from "@/api/types";
import { forgetKept } from "@/app/kept";
import { speak } from "@/i18n/language";
import { wear } from "@/design/theme";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await call<Me>("GET", "/api/session");
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
  gcTime: Infinity,
});

/** The person signed in; only inside the signed-in part of the page, which is shown for a moment longer than the session. */
export function useMe(): Me {
  const { data } = useSuspenseQuery(sessionQuery);
  const [first] = useState(data);
  const me = data ?? first;
  if (!me) throw new ApiError("not_signed_in", 401, "");
  return me;
}

export const can = (me: Me, permission: Permission): boolean => me.permissions.includes(permission);

export async function welcome(me: Me): Promise<void> {
  forgetKept(me.person.id);
  wear(me.person.theme);
  await speak(me.person.language);
  queryClient.setQueryData(sessionQuery.queryKey, me);
}

export async function signIn(login: string, password: string): Promise<Me> {
  const me = await call<Me>("POST", "/api/session", { login, password });
  queryClient.clear();
  await welcome(me);
  return me;
}

export async function signOut(): Promise<void> {
  await call("DELETE", "/api/session");
  forgetKept();
}

/** Applied at once; kept on the server for the next sign-in. */
export async function prefer(preference: { language?: Language; theme?: Theme; keys?: Record<string, string>; single_keys?: boolean }): Promise<void> {
  if (preference.theme) wear(preference.theme);
  if (preference.language) await speak(preference.language);
  if (queryClient.getQueryData(sessionQuery.queryKey)) {
    queryClient.setQueryData(sessionQuery.queryKey, await call<Me>("PATCH", "/api/session/preferences", preference));
  }
}
